import { pointer } from "../../pointer.ts";
import { didYouMean } from "../../template/nearest.ts";
import { Unknown } from "../../value.ts";
import type { Finding, Review } from "./model.ts";
import { type Policy, type PolicyKind, policiesOf, policyTypes, type Statement } from "./statements.ts";

export const policyForm: Review = {
  id: "policy.form",
  severity: "error",
  title: "A policy has a form that IAM refuses",
  about:
    "The Version is none that there is. A statement has an element that there is not, or lacks one that it needs; its Effect is neither Allow nor Deny; the policy of a role, user or group names a principal, or that of a resource names none. AWS refuses such a policy as malformed.",
  remedy: "See the grammar of policies in the documentation of IAM.",
  resource: {
    types: policyTypes,
    look: (resource) =>
      policiesOf(resource).flatMap((policy) => [
        ...checkVersion(policy),
        ...policy.statements.flatMap((each) => checkStatement(policy.kind, each)),
      ]),
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

function checkVersion({ version, at }: Policy): Finding[] {
  if (version === undefined || version instanceof Unknown || versions.includes(version)) return [];
  const message = "The Version of a policy is that of the language it is written in: 2012-10-17, or 2008-10-17.";
  return [{ at: at + pointer("Version"), message, remedy: 'Write Version: "2012-10-17".' }];
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

function checkStatement(kind: PolicyKind, { statement, at }: Statement): Finding[] {
  const has = (...names: readonly string[]) => names.some((name) => Object.hasOwn(statement, name));
  const findings: Finding[] = Object.keys(statement)
    .filter((name) => !elements.includes(name))
    .map((name) => ({
      at: at + pointer(name),
      onKey: true,
      message: `A statement has no "${name}".`,
      remedy: didYouMean(name, elements, `It can have ${elements.join(", ")}.`),
    }));
  const { Effect } = statement;
  if (Effect !== undefined && !(Effect instanceof Unknown) && Effect !== "Allow" && Effect !== "Deny")
    findings.push({ at: at + pointer("Effect"), message: "The Effect of a statement is Allow or Deny, written so." });
  const missing = (what: string) =>
    findings.push({ at, message: `This statement needs ${what}.`, remedy: `Add ${what}.` });
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
