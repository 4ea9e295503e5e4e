// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import type { Row } from "./outcome.ts";

/** A database with an attribute. */
function attribute(of: string, rule: string, written: string, more: Partial<Row> = {}): Row {
  const template = `
Parameters: { Stage: { Type: String, Default: live }, Secret: { Type: String, Default: Queue, NoEcho: true } }
Mappings: { Policies: { live: { Keep: Retain } } }
Conditions: { IsLive: !Equals [!Ref Stage, live], IsTest: !Not [!Condition IsLive] }
Resources:
  Queue: { Type: AWS::SQS::Queue }
  Database:
    Type: AWS::RDS::DBInstance
    ${written}
`;
  return { of, rule, template, ...more };
}

function extended(of: string, rule: string, written: string, more: Partial<Row> = {}): Row {
  const row = attribute(of, rule, written, more);
  return { ...row, template: `Transform: AWS::LanguageExtensions${row.template}` };
}

const deleted = (deletionPolicy: "Delete" | "Retain" | "RetainExceptOnCreate" | "Snapshot") => ({
  declares: { Database: { deletionPolicy } },
});
const replaced = (updateReplacePolicy: "Delete" | "Retain" | "Snapshot") => ({
  declares: { Database: { updateReplacePolicy } },
});
const wrong = (...says: string[]) => ({ says });

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-product-attribute-reference.html */
export const attributes: readonly Row[] = [
  { of: "Type", rule: "is needed", template: "Resources: { R: { Properties: {} } }", says: ["resource.no-type"] },
  { of: "Type", rule: "is text", template: "Resources: { R: { Type: !Ref AWS::Region } }", says: ["template.form"] },
  {
    of: "Type",
    rule: "of a custom resource",
    template: "Resources: { R: { Type: Custom::Thing, Version: '1.0' } }",
    says: ["unsupported.type"],
  },
  attribute("Properties", "are a map", "Properties: [a]", wrong("template.form")),
  attribute("Properties", "may be left out", "Description: small"),
  attribute("DependsOn", "one", "DependsOn: Queue"),
  attribute("DependsOn", "several", "DependsOn: [Queue]"),
  attribute("DependsOn", "of nothing", "DependsOn: []"),
  attribute("DependsOn", "a name that nothing has", "DependsOn: Topic", wrong("depends-on.undefined")),
  attribute("DependsOn", "not itself", "DependsOn: Database", wrong("depends-on.itself")),
  attribute("DependsOn", "a function needs the transform", "DependsOn: !Sub Queue", wrong("transform.missing")),
  extended("DependsOn", "a function", "DependsOn: [!Sub Queue]"),
  extended("DependsOn", "is text", "DependsOn: !If [IsLive, { a: b }, Queue]", wrong("function.form")),
  extended("DependsOn", "is no secret", "DependsOn: !Ref Secret", wrong("function.form")),
  extended(
    "DependsOn",
    "a function that gives several",
    'DependsOn: !Split [",", "Queue,Topic"]',
    wrong("depends-on.undefined"),
  ),
  attribute("Condition", "that holds", "Condition: IsLive", { resources: ["Queue", "Database"] }),
  attribute("Condition", "that does not", "Condition: IsTest", { resources: ["Queue"] }),
  attribute("Condition", "that there is none", "Condition: IsDead", wrong("condition.undefined")),
  attribute("Condition", "is a name", "Condition: !Equals [a, b]", wrong("transform.missing")),
  attribute("DeletionPolicy", "Delete", "DeletionPolicy: Delete", deleted("Delete")),
  attribute("DeletionPolicy", "Retain", "DeletionPolicy: Retain", deleted("Retain")),
  attribute(
    "DeletionPolicy",
    "RetainExceptOnCreate",
    "DeletionPolicy: RetainExceptOnCreate",
    deleted("RetainExceptOnCreate"),
  ),
  attribute("DeletionPolicy", "Snapshot", "DeletionPolicy: Snapshot", deleted("Snapshot")),
  attribute("DeletionPolicy", "anything else", "DeletionPolicy: Keep", wrong("resource.deletion-policy")),
  attribute("DeletionPolicy", "letter case counts", "DeletionPolicy: retain", wrong("resource.deletion-policy")),
  attribute(
    "DeletionPolicy",
    "a function needs the transform",
    "DeletionPolicy: !If [IsLive, Retain, Delete]",
    wrong("transform.missing"),
  ),
  extended("DeletionPolicy", "Fn::If", "DeletionPolicy: !If [IsLive, Retain, Delete]", deleted("Retain")),
  extended("DeletionPolicy", "AWS::NoValue is none", "DeletionPolicy: !If [IsLive, !Ref AWS::NoValue, Retain]", {
    declares: { Database: { deletionPolicy: undefined } },
  }),
  extended("DeletionPolicy", "Ref", "DeletionPolicy: !Ref Stage", {
    ...deleted("Snapshot"),
    values: { Stage: "Snapshot" },
  }),
  extended(
    "DeletionPolicy",
    "Fn::FindInMap",
    "DeletionPolicy: !FindInMap [Policies, !Ref Stage, Keep]",
    deleted("Retain"),
  ),
  extended(
    "DeletionPolicy",
    "what a function gives must be one",
    "DeletionPolicy: !Ref Stage",
    wrong("resource.deletion-policy"),
  ),
  {
    of: "DeletionPolicy",
    rule: "Snapshot of what has none",
    template: "Resources: { R: { Type: AWS::S3::Bucket, DeletionPolicy: Snapshot } }",
    says: ["resource.deletion-policy"],
  },
  attribute("UpdateReplacePolicy", "Delete", "UpdateReplacePolicy: Delete", replaced("Delete")),
  attribute("UpdateReplacePolicy", "Retain", "UpdateReplacePolicy: Retain", replaced("Retain")),
  attribute("UpdateReplacePolicy", "Snapshot", "UpdateReplacePolicy: Snapshot", replaced("Snapshot")),
  attribute(
    "UpdateReplacePolicy",
    "RetainExceptOnCreate is of the other",
    "UpdateReplacePolicy: RetainExceptOnCreate",
    wrong("resource.deletion-policy"),
  ),
  extended(
    "UpdateReplacePolicy",
    "Fn::If",
    "UpdateReplacePolicy: !If [IsTest, Delete, Snapshot]",
    replaced("Snapshot"),
  ),
  attribute(
    "Metadata",
    "is anybody's, with functions",
    'Metadata: { Mine: { A: !Sub "${AWS::Region}", B: [!Ref Stage] } }',
  ),
  attribute(
    "Metadata",
    "that cfn-init reads",
    "Metadata: { AWS::CloudFormation::Init: { config: {} } }",
    wrong("unsupported.metadata"),
  ),
  attribute("Metadata", "is a map", "Metadata: text", wrong("template.form")),
  attribute("Metadata", "is no list", "Metadata: [a]", wrong("template.form")),
  attribute("Metadata", "a name that nothing has", "Metadata: { Mine: [!Ref Stge] }", wrong("ref.undefined")),
  attribute("Metadata", "a name in a text", 'Metadata: { Mine: !Sub "${Queu.Arn}" }', wrong("ref.undefined")),
  attribute("Metadata", "a macro", "Metadata: { Fn::Transform: { Name: Mine } }", wrong("unsupported.function")),
  attribute(
    "Metadata",
    "of a resource that is not part of the stack",
    "Condition: IsTest\n    Metadata: { Mine: !Ref Stge }",
    wrong("ref.undefined"),
  ),
  attribute("Metadata", "of ours, by a parameter", "Metadata: { Reconcile: { adopt: !Ref Stage } }", {
    declares: { Database: { reconcile: { adopt: "live" } } },
  }),
  attribute("Metadata", "of ours, by a condition", "Metadata: { Reconcile: { protect: !If [IsLive, true, false] } }", {
    declares: { Database: { reconcile: { protect: true } } },
  }),
  attribute("Metadata", "of ours, a flag", "Metadata: { Reconcile: { existing: !If [IsTest, false, true] } }", {
    declares: { Database: { reconcile: { existing: true } } },
  }),
  attribute("Metadata", "of ours, no flag", "Metadata: { Reconcile: { existing: !If [IsLive, false, true] } }", {
    declares: { Database: { reconcile: {} } },
  }),
  attribute(
    "Metadata",
    "of ours, not there",
    "Metadata: { Reconcile: { adopt: !If [IsTest, a, !Ref AWS::NoValue] } }",
    {
      declares: { Database: { reconcile: {} } },
    },
  ),
  attribute(
    "Metadata",
    "of ours, a list",
    "Metadata: { Reconcile: { adopt: !Split [i, live] } }",
    wrong("function.form"),
  ),
  attribute("Metadata", "of ours, a secret", "Metadata: { Reconcile: { adopt: !Ref Secret } }", wrong("function.form")),
  attribute(
    "Metadata",
    "of ours, a resource",
    "Metadata: { Reconcile: { adopt: !Ref Queue } }",
    wrong("ref.undefined"),
  ),
  attribute("Metadata", "of ours, beside others", "Metadata: { Reconcile: { adopt: true }, A: !Ref A, B: }", {
    ...wrong("ref.undefined"),
    declares: { Database: { reconcile: { adopt: true } } },
  }),
  attribute(
    "CreationPolicy",
    "is the service's",
    "CreationPolicy: { ResourceSignal: { Count: 1, Timeout: PT5M } }",
    wrong("unsupported.attribute"),
  ),
  attribute(
    "UpdatePolicy",
    "is the service's",
    "UpdatePolicy: { AutoScalingRollingUpdate: { MinInstancesInService: !Ref Stage } }",
    wrong("unsupported.attribute"),
  ),
  attribute(
    "CreationPolicy",
    "a name that nothing has",
    "CreationPolicy: { ResourceSignal: { Count: !Ref Size } }",
    wrong("unsupported.attribute", "ref.undefined"),
  ),
  attribute(
    "UpdatePolicy",
    "a name that nothing has",
    "UpdatePolicy: { AutoScalingRollingUpdate: { MinInstancesInService: !Ref Size } }",
    wrong("unsupported.attribute", "ref.undefined"),
  ),
  attribute("Description", "is for people", "Description: A database"),
  attribute("Version", "is a custom resource's", 'Version: "1.0"'),
  attribute("an attribute", "that there is none", "Tags: []", wrong("resource.unknown-attribute")),
  {
    of: "a resource",
    rule: "letters and digits",
    template: "Resources: { My-Queue: { Type: AWS::SQS::Queue } }",
    says: ["name.form"],
  },
];
