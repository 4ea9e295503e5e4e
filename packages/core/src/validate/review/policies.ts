import { pointer } from "../../pointer.ts";
import { isRecord, type Value } from "../../value.ts";
import type { Finding, Review, Reviewed } from "./model.ts";
import {
  allows,
  type Element,
  type Policy,
  type PolicyKind,
  policiesOf,
  policyTypes,
  type Statement,
  textsOf,
} from "./statements.ts";

export const publicPrincipal: Review = {
  id: "policy.public-principal",
  severity: "warning",
  title: "A policy allows everybody",
  about:
    'The principal of a statement is "*" and nothing narrows it: anybody with an AWS account, or anybody at all, may do what it allows. A Condition narrows it, and so does a statement that denies under one. For a website that is read from a bucket directly it is meant; prefer CloudFront with origin access control.',
  remedy: "Name the accounts, roles or services that need it, or add a Condition such as aws:PrincipalOrgID.",
  resource: {
    types: [...policyTypes, "AWS::Lambda::Permission"],
    look: (resource) => [...publicStatements(resource), ...publicPermission(resource)],
  },
};

export const fullAccess: Review = {
  id: "policy.full-access",
  severity: "warning",
  title: "A policy allows every action on everything",
  about:
    'A statement of a role, user or group allows "*" on "*". Whoever gets hold of its credentials owns the account, and nobody can tell from the policy what it needs.',
  remedy: "List the actions that are needed and the resources that they are needed on.",
  resource: {
    types: policyTypes,
    look: (resource) => [...ofKind(resource, "identity").flatMap(fullAccessIn), ...administrator(resource)],
  },
};

export const passRole: Review = {
  id: "policy.pass-any-role",
  severity: "warning",
  title: "A policy allows passing any role",
  about:
    "Who has iam:PassRole on every resource can give any role of the account to a service that he controls, an administrator's role included: that is the usual way from few rights to all of them.",
  remedy: "Name the roles as the resource, or add a Condition on iam:PassedToService.",
  resource: {
    types: policyTypes,
    look: (resource) => ofKind(resource, "identity").flatMap(({ statements }) => statements.flatMap(passesAnyRole)),
  },
};

export const duplicateSid: Review = {
  id: "policy.duplicate-sid",
  severity: "error",
  title: "Two statements of a policy have the same Sid",
  about: "The ids of the statements in one policy of IAM must differ; IAM refuses the policy otherwise.",
  remedy: "Give one of the statements another Sid, or none.",
  resource: {
    types: policyTypes,
    look: (resource) =>
      [...ofKind(resource, "identity"), ...ofKind(resource, "trust")].flatMap((policy) => duplicates(resource, policy)),
  },
};

function ofKind(resource: Reviewed, kind: PolicyKind): Policy[] {
  return policiesOf(resource).filter((policy) => policy.kind === kind);
}

function publicStatements(resource: Reviewed): Finding[] {
  // A domain inside a network is reached by who is let into that.
  if ("VPCOptions" in resource.properties) return [];
  return policiesOf(resource).flatMap(({ kind, statements }) => {
    if ((kind !== "resource" && kind !== "trust") || statements.some(narrows)) return [];
    return statements.flatMap((each) => {
      if (!allows(each) || "Condition" in each.statement || !isEverybody(each.statement.Principal)) return [];
      const message =
        kind === "trust"
          ? "This lets everybody take on the role."
          : "This statement allows everybody, without a condition.";
      return [{ message, at: each.at + pointer("Principal") }];
    });
  });
}

/** Whoever is not denied is let in then, which is as good as a condition. */
function narrows({ statement }: Statement): boolean {
  return statement.Effect === "Deny" && ("Condition" in statement || "NotPrincipal" in statement);
}

function isEverybody(principal: Value | undefined): boolean {
  if (principal === "*") return true;
  if (!isRecord(principal)) return false;
  const { AWS } = principal;
  return AWS === "*" || (Array.isArray(AWS) && AWS.includes("*"));
}

function publicPermission({ type, properties }: Reviewed): Finding[] {
  const { Principal, SourceAccount, SourceArn, PrincipalOrgID, FunctionUrlAuthType } = properties;
  if (type !== "AWS::Lambda::Permission" || Principal !== "*") return [];
  if ([SourceAccount, SourceArn, PrincipalOrgID, FunctionUrlAuthType].some((each) => each !== undefined)) return [];
  return [{ message: "This lets everybody call the function.", at: pointer("Principal") }];
}

function fullAccessIn({ statements }: Policy): Finding[] {
  return statements.flatMap((each) => {
    const action = allows(each) ? find(each, "Action", (text) => text === "*" || text === "*:*") : undefined;
    if (!action || "Condition" in each.statement || !find(each, "Resource", (text) => text === "*")) return [];
    return [{ message: "This statement allows every action on every resource.", at: action.at }];
  });
}

function administrator({ type, properties }: Reviewed): Finding[] {
  const { ManagedPolicyArns: arns } = properties;
  if (!type.startsWith("AWS::IAM::") || !Array.isArray(arns)) return [];
  return arns.flatMap((arn, index) =>
    typeof arn === "string" && /:iam::aws:policy\/AdministratorAccess$/.test(arn)
      ? {
          message: "AdministratorAccess allows every action on every resource.",
          at: pointer("ManagedPolicyArns", index),
        }
      : [],
  );
}

function passesAnyRole(each: Statement): Finding[] {
  if (!allows(each) || "Condition" in each.statement) return [];
  const action = find(each, "Action", (text) => /^iam:(\*|pass\*|passrole)$/i.test(text));
  if (!action || !find(each, "Resource", (text) => text === "*")) return [];
  return [{ message: `${action.text} on every resource allows passing any role of the account.`, at: action.at }];
}

function find(statement: Statement, name: string, wanted: (text: string) => boolean): Element | undefined {
  return textsOf(statement, name).find(({ text }) => wanted(text));
}

function duplicates(resource: Reviewed, { statements }: Policy): Finding[] {
  const first = new Map<string, Statement>();
  return statements.flatMap((each) => {
    const { Sid } = each.statement;
    if (typeof Sid !== "string" || Sid === "") return [];
    const other = first.get(Sid);
    first.set(Sid, other ?? each);
    if (!other) return [];
    const place = resource.evaluated.placeOf(other.at + pointer("Sid"));
    return [
      {
        message: `The Sid "${Sid}" is that of another statement as well.`,
        at: each.at + pointer("Sid"),
        related: [{ message: "The other statement.", place }],
      },
    ];
  });
}
