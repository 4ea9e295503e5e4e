import { pointer } from "../../pointer.ts";
import { didYouMean } from "../../template/nearest.ts";
import { Unknown } from "../../value.ts";
import type { Finding, Review } from "./model.ts";
import { type PolicyKind, policiesOf, policyTypes, type Statement } from "./statements.ts";

export const policyForm: Review = {
  id: "policy.form",
  severity: "error",
  title: "A policy has a form that IAM refuses",
  about:
    "A statement has an element that there is not, or lacks one that it needs; its Effect is neither Allow nor Deny; the policy of a role, user or group names a principal, or that of a resource names none. AWS refuses such a policy as malformed.",
  remedy: "See the grammar of policies in the documentation of IAM.",
  resource: {
    types: policyTypes,
    look: (resource) =>
      policiesOf(resource).flatMap(({ kind, statements }) => statements.flatMap((each) => checkStatement(kind, each))),
  },
};

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
