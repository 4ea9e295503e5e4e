import type { Row } from "./outcome.ts";

/** A row for one expression: what it gives as a property, or what is said of it. */
export interface Expression extends Omit<Row, "template" | "properties"> {
  write: string;
  gives?: unknown;
  /** Further sections of the template. */
  given?: string;
  /** With the transform AWS::LanguageExtensions. */
  extended?: boolean;
}

const parameters = `
Parameters:
  Stage: { Type: String, Default: test }
  Zones: { Type: CommaDelimitedList, Default: "eu-west-1a,eu-west-1b,eu-west-1c" }
  Count: { Type: Number, Default: 3 }
  Secret: { Type: String, NoEcho: true, Default: hunter2 }
  Later: { Type: String }
Mappings:
  MAPPED_LATE
  Sizes:
    test: { Class: small, Disks: [10, 20], Octal: 0755, Tags: [{ Key: k, Value: v }] }
    live: { Class: large }
  Regions:
    us-east-1: { Image: ami-1 }
  Names:
    a: { Stage: test, Parameter: Stage, Index: 1 }
Conditions:
  IsLive: !Equals [!Ref Stage, live]
  IsTest: !Not [!Condition IsLive]
  IsLater: !Equals [!Ref Later, x]
Resources:
  Queue: { Type: AWS::SQS::Queue }
  LiveOnly: { Type: AWS::SNS::Topic, Condition: IsLive }
  Subject:
    Type: AWS::Test::Subject
    Properties:
      P: `;

/** With the transform a mapping may hold functions, but for the one that asks mappings. */
const mappedLate = `Late: { a: { Text: !Ref Stage, List: [!Sub "\${Stage}-\${AWS::Region}", { Stage: { Ref: Stage } }, "1"], Self: !FindInMap [Late, a, Self] } }`;

function rowOf({ write, gives, given, extended, ...row }: Expression): Row {
  const transform = extended ? "Transform: AWS::LanguageExtensions" : "";
  const sections = parameters.replace("MAPPED_LATE", extended ? mappedLate : "");
  const template = `${transform}${sections}${write.replaceAll("\n", "\n      ")}\n${given ?? ""}`;
  const properties = gives === undefined ? {} : { P: gives };
  return { ...row, template, ...(row.says ? {} : { properties: { Subject: properties } }) };
}

/** The rows of one function, the shortest way they can be written. */
export function about(of: string, rows: readonly Omit<Expression, "of">[]): Row[] {
  return rows.map((row) => rowOf({ ...row, of }));
}

/** The availability zones of the region. */
export const zones = { inputs: { "zones:us-east-1": { value: ["us-east-1a", "us-east-1b", "us-east-1d"] } } };

/** The queue lives. */
export const queue = {
  attributes: {
    Queue: { value: "https://sqs/q" },
    "Queue.Arn": { value: "arn:aws:sqs:us-east-1:1:q" },
    "Queue.Endpoint.Address": { value: "q.internal" },
    "Queue.Blocks": { value: ["2001:db8::/56"] },
  },
};
