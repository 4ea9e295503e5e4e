import { type Condition, type Grant, purposes } from "./grant.ts";

export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: readonly Statement[];
}

export interface Statement {
  Sid: string;
  Effect: "Allow";
  Action: readonly string[];
  Resource: readonly string[];
  Condition?: Condition;
}

/** Characters that IAM takes in a managed policy, spaces aside: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const longestPolicy = 6144;

/** Policies that allow exactly these grants: as few statements as say it, in as few documents as hold them. */
export function documentsOf(grants: readonly Grant[]): PolicyDocument[] {
  const documents: Statement[][] = [];
  for (const statement of named(statementsOf(grants))) {
    const roomy = documents.find((each) => sizeOf([...each, statement]) <= longestPolicy);
    if (roomy) roomy.push(statement);
    else documents.push([statement]);
  }
  return documents.map((statements) => ({ Version: "2012-10-17", Statement: statements }));
}

/** As IAM counts: without the white space between the parts. */
function sizeOf(statements: readonly Statement[]): number {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements }).length;
}

type Part = Omit<Statement, "Sid" | "Effect"> & Pick<Grant, "purpose">;

/** Grants of one purpose and condition: first the things of each action, then the actions of the same things. */
function statementsOf(grants: readonly Grant[]): Part[] {
  const byAction = groupBy(grants, (grant) => [grant.purpose, grant.condition, grant.action]);
  const onThings = byAction.map((same) => ({
    ...(same[0] as Grant),
    resources: [...new Set(same.map((grant) => grant.resource))].sort(),
  }));
  const byThings = groupBy(onThings, (each) => [each.purpose, each.condition, each.resources]);
  return byThings.flatMap((same): Part[] => {
    const [{ purpose, condition, resources }] = same as [(typeof same)[number]];
    const Action = [...new Set(same.map((each) => each.action))].sort();
    // So many things that they alone would be too long are told one part at a time.
    return inParts(resources).map((Resource) => ({
      purpose,
      Action,
      Resource,
      ...(Object.keys(condition).length > 0 && { Condition: condition }),
    }));
  });
}

function inParts(resources: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  let length = 0;
  for (const resource of resources) {
    length += resource.length + 3;
    if (length > longestPolicy / 2) {
      parts.push([]);
      length = resource.length;
    }
    parts.at(-1)?.push(resource);
  }
  return parts;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => unknown): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

function named(parts: readonly Part[]): Statement[] {
  return purposes.flatMap((purpose) => {
    const own = parts.filter((part) => part.purpose === purpose);
    return own.map(({ purpose: _, ...part }, index) => ({
      Sid: own.length === 1 ? purpose : `${purpose}${index + 1}`,
      Effect: "Allow" as const,
      ...part,
    }));
  });
}
