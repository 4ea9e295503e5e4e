import { type Pointer, pointer } from "../../pointer.ts";
import { didYouMean, nearest } from "../../template/nearest.ts";
import { isRecord, Unknown } from "../../value.ts";
import type { Finding, Review } from "./model.ts";
import {
  notPolicies,
  type Policy,
  type PolicyKind,
  policiesOf,
  policyTypes,
  type Statement,
  textsOf,
} from "./statements.ts";

export const policyForm: Review = {
  id: "policy.form",
  severity: "error",
  title: "A policy has a form that IAM refuses",
  about:
    "The Version is none that there is. The document, a statement, its principal or its condition has an element that there is not, or lacks one that it needs; its Effect is neither Allow nor Deny; the policy of a role, user or group names a principal, or that of a resource names none. AWS refuses such a policy as malformed.",
  remedy: "See the grammar of policies in the documentation of IAM.",
  resource: {
    types: policyTypes,
    look: (resource) => [
      ...notPolicies(resource).map((at) => ({
        at,
        message: "A policy is an object, or its JSON text; this is neither.",
      })),
      ...policiesOf(resource).flatMap((policy) => [
        ...checkDocument(policy),
        ...policy.statements.flatMap((each) => checkStatement(policy.kind, each)),
      ]),
    ],
  },
};

export const managedPolicyVersion: Review = {
  id: "policy.no-version",
  severity: "warning",
  title: "A managed policy has no Version",
  about:
    'IAM takes a document without a Version for one of 2008-10-17, in which policy variables are plain text. It refuses that of a managed policy: "Policy document must be version 2012-10-17 or greater".',
  remedy: 'Add Version: "2012-10-17".',
  resource: {
    types: ["AWS::IAM::ManagedPolicy"],
    look: (resource) =>
      policiesOf(resource)
        .filter(({ version }) => version === undefined || version === "2008-10-17")
        .map(({ at }) => ({ at, message: "The document of a managed policy needs the Version 2012-10-17." })),
  },
};

/** The dates of the policy language; a place for the date of one's own policy it is not. */
const versions: readonly unknown[] = ["2008-10-17", "2012-10-17"];

const members = ["Id", "Statement", "Version"];

function checkDocument({ document, version, at }: Policy): Finding[] {
  const unknown = Object.keys(document).filter((name) => !members.includes(name));
  // What is a statement by itself has its elements here.
  const findings = Object.hasOwn(document, "Effect")
    ? []
    : unknownNames("The document of a policy", unknown, members, at);
  if (version === undefined || version instanceof Unknown || versions.includes(version)) return findings;
  const message = "The Version of a policy is that of the language it is written in: 2012-10-17, or 2008-10-17.";
  return [...findings, { at: at + pointer("Version"), message, remedy: 'Write Version: "2012-10-17".' }];
}

function unknownNames(where: string, names: readonly string[], known: readonly string[], at: Pointer): Finding[] {
  return names.map((name) => ({
    at: at + pointer(name),
    onKey: true,
    message: `${where} has no "${name}".`,
    remedy: didYouMean(name, known, `It can have ${known.join(", ")}.`),
  }));
}

const elements = [
  "Action",
  "Condition",
  "Effect",
  "NotAction",
  "NotPrincipal",
  "NotResource",
  "Principal",
  "Resource",
  "Sid",
];

/** IAM refuses it: Resource x must be in ARN format or "*". */
function checkResources(statement: Statement): Finding[] {
  return ["Resource", "NotResource"].flatMap((name) =>
    textsOf(statement, name)
      .filter(({ text }) => text !== "*" && !text.startsWith("arn:"))
      .map(({ text, at }) => ({
        at,
        message: `"${text}" is no resource of a policy: it is neither an ARN nor "*".`,
        remedy: "Write the ARN: arn:aws:service:region:account:resource, wildcards included.",
      })),
  );
}

const principals = ["AWS", "CanonicalUser", "Federated", "Service"];

function checkPrincipal({ statement, at }: Statement, element: "Principal" | "NotPrincipal"): Finding[] {
  const value = statement[element];
  if (typeof value === "string" && value !== "*") {
    const message = `A ${element} is "*", or says what kind it is of; "${value}" does not.`;
    return [
      { at: at + pointer(element), message, remedy: "Write { Service: name }, { AWS: arn } or { Federated: name }." },
    ];
  }
  if (!isRecord(value)) return [];
  const unknown = Object.keys(value).filter((name) => !principals.includes(name));
  return unknownNames(`A ${element}`, unknown, principals, at + pointer(element));
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators = [
  ...["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike"],
  ...["StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"],
  ...["NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan"],
  ...["DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress"],
  ...["NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null"],
];
const operatorNames = new Set(operators.map((name) => name.toLowerCase()));

function checkOperators({ statement, at }: Statement): Finding[] {
  const { Condition } = statement;
  if (!isRecord(Condition)) return [];
  return Object.keys(Condition).flatMap((written) => {
    const [, before = "", name = "", after = ""] = /^(For(?:All|Any)Values?:)?(.*?)(IfExists)?$/i.exec(written) ?? [];
    if (operatorNames.has(name.toLowerCase())) return [];
    const near = nearest(name, operators);
    const remedy = near === undefined ? "See the operators of conditions in the documentation of IAM." : undefined;
    return [
      {
        at: at + pointer("Condition", written),
        onKey: true as const,
        message: `There is no operator "${written}" for conditions.`,
        remedy: remedy ?? `Did you mean "${before}${near}${after}"?`,
      },
    ];
  });
}

function checkStatement(kind: PolicyKind, each: Statement): Finding[] {
  const { statement, at } = each;
  const unknown = Object.keys(statement).filter((name) => !elements.includes(name));
  // What is misspelt is not missing as well.
  const present = new Set([...Object.keys(statement), ...unknown.map((name) => nearest(name, elements))]);
  const has = (...names: readonly string[]) => names.some((name) => present.has(name));
  const findings = [
    ...unknownNames("A statement", unknown, elements, at),
    // Of an identity any is refused, below.
    ...(kind === "identity" ? [] : [...checkPrincipal(each, "Principal"), ...checkPrincipal(each, "NotPrincipal")]),
    ...checkOperators(each),
  ];
  const { Effect } = statement;
  if (Effect !== undefined && !(Effect instanceof Unknown) && Effect !== "Allow" && Effect !== "Deny")
    findings.push({ at: at + pointer("Effect"), message: "The Effect of a statement is Allow or Deny, written so." });
  const missing = (what: string) =>
    findings.push({ at, message: `This statement needs ${what}.`, remedy: `Add ${what}.` });
  if (kind === "identity") findings.push(...checkResources(each));
  if (!has("Effect")) missing("an Effect");
  if (!has("Action", "NotAction")) missing("an Action");
  if (kind === "identity" && !has("Resource", "NotResource")) missing("a Resource");
  if ((kind === "trust" || kind === "resource") && !has("Principal", "NotPrincipal")) missing("a Principal");
  const [refused] = kind === "identity" ? ["Principal", "NotPrincipal"].filter((name) => has(name)) : [];
  if (refused !== undefined) {
    const message = "The policy of a role, user or group has no principal: it is whom it is attached to.";
    findings.push({ at: at + pointer(refused), message, remedy: `Remove ${refused}.` });
  }
  return findings;
}
