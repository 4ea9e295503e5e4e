import { isRecord, stableText, Unknown } from "../value.ts";

/**
 * The normal form of an IAM or resource policy: documents that IAM reads alike become equal. Follows the "Grammar of the IAM JSON policy language" and
 * "Principal" pages of the IAM user guide. Each rule names the difference it removes:
 *
 * - a scalar or a list of one; the order of statements, actions, resources, principals;
 * - the account's id or its root ARN; `Principal: "*"` or `{ AWS: "*" }`;
 * - numbers and booleans in conditions, which IAM stores as text; the case of actions and of `Effect`;
 * - no `Version` (IAM reads 2008-10-17) or that version; no `Sid` or an empty one; an empty text or an empty document.
 */
export function canonicalPolicy(document: unknown): unknown {
  if (document === "") return canonicalPolicy({});
  if (!isRecord(document)) return document;
  const { Version, Statement, Id, ...rest } = document;
  return {
    ...rest,
    ...(Id !== undefined && Id !== "" && { Id }),
    Version: Version ?? "2008-10-17",
    Statement: asSet(asList(Statement).map(canonicalStatement)),
  };
}

function canonicalStatement(statement: unknown): unknown {
  if (!isRecord(statement)) return statement;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(statement)) {
    if (key === "Sid" && value === "") continue;
    result[key] = canonicalElement(key, value);
  }
  return result;
}

function canonicalElement(key: string, value: unknown): unknown {
  switch (key) {
    case "Effect":
      return typeof value === "string" ? value.charAt(0).toUpperCase() + value.slice(1).toLowerCase() : value;
    case "Action":
    case "NotAction":
      return asSet(asList(value).map((action) => (typeof action === "string" ? action.toLowerCase() : action)));
    case "Resource":
    case "NotResource":
      return asSet(asList(value));
    case "Principal":
    case "NotPrincipal":
      return canonicalPrincipal(value);
    case "Condition":
      return canonicalCondition(value);
    default:
      return value;
  }
}

const rootArn = /^arn:[^:]+:iam::(\d{12}):root$/;

function canonicalPrincipal(value: unknown): unknown {
  if (value === "*") return { AWS: ["*"] };
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([kind, principals]) => [
    kind,
    asSet(
      asList(principals).map((principal) =>
        typeof principal === "string" && kind === "AWS" ? principal.replace(rootArn, "$1") : principal,
      ),
    ),
  ]);
  return Object.fromEntries(entries);
}

function canonicalCondition(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const operators = Object.entries(value).map(([operator, keys]) => {
    if (!isRecord(keys)) return [operator, keys];
    return [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, asSet(asList(values).map(asText))])),
    ];
  });
  return Object.fromEntries(operators);
}

function asText(value: unknown): unknown {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

/** Sorted, without repetition. An Unknown may stand for anything: it is kept where it stands at the end. */
function asSet(values: unknown[]): unknown[] {
  const unknowns = values.filter((value) => value instanceof Unknown);
  const known = new Map(
    values.filter((value) => !(value instanceof Unknown)).map((value) => [stableText(value), value]),
  );
  return [...[...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value), ...unknowns];
}
