import { generatedNameOf, generateName, type OfflineResource, type ResourceType, Unknown } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { arnFormats } from "./action-facts.ts";

/** Where things are, as far as it is known: "*" stands for what is not. */
export interface Site {
  partition: string;
  region: string;
  account: string;
}

const otherKinds: Readonly<Record<string, string | undefined>> = {
  "AWS::EC2::EIP": "ec2:elastic-ip",
  "AWS::EC2::EIPAssociation": undefined,
  "AWS::EC2::SecurityGroupEgress": "ec2:security-group-rule",
  "AWS::EC2::SecurityGroupIngress": "ec2:security-group-rule",
  "AWS::IAM::ManagedPolicy": "iam:policy",
  "AWS::IAM::OIDCProvider": "iam:oidc-provider",
  "AWS::IAM::RolePolicy": undefined,
};

/** What IAM calls the things that a type is: `ec2:security-group`. undefined: they have no ARN of their own. */
export function kindOf(type: Pick<ResourceType<Aws>, "type" | "actions">): string | undefined {
  if (Object.hasOwn(otherKinds, type.type)) return otherKinds[type.type];
  const [, , name = ""] = type.type.split("::");
  const [service] = (type.actions.write[0] ?? "").split(":");
  return `${service}:${name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase()}`;
}

/** The ARN of a thing, or the pattern of all of a kind. Without a format, everything. */
export function arnOf(kind: string, { partition, region, account }: Site, name = "*"): string {
  const format = arnFormats[kind];
  if (format === undefined) return "*";
  let left: string | undefined = name;
  return format.replace(/\$\{(\w+)\}/g, (_, part: string) => {
    const known = { Partition: partition, Region: region, Account: account }[part];
    if (known !== undefined) return known;
    // What comes after the name is AWS's to give.
    const given = left ?? "*";
    left = undefined;
    return given;
  });
}

type Properties = OfflineResource["properties"];

/** The property that names a thing, where ARNs call it otherwise; `in` makes of it what the ARN has. */
const names: Readonly<Record<string, { property: string; in?(name: string, properties: Properties): string }>> = {
  "ec2:key-pair": { property: "KeyName" },
  "iam:instance-profile": { property: "InstanceProfileName", in: withPath },
  "iam:oidc-provider": { property: "Url", in: (url) => url.replace(/^https:\/\//, "") },
  "iam:policy": { property: "ManagedPolicyName", in: withPath },
  "iam:role": { property: "RoleName", in: withPath },
  "ssm:parameter": { property: "Name", in: (name) => name.replace(/^\//, "") },
};

function withPath(name: string, { Path = "/" }: Properties): string {
  return Path instanceof Unknown ? `*${name}` : `${String(Path).slice(1)}${name}`;
}

/** The ARN of what a resource is or will be: exact where the name is declared, with a pattern for the end of a name that is made, else the pattern of all. */
export function arnOfResource(
  kind: string,
  { logicalId, type, properties }: OfflineResource<Aws>,
  site: Site,
  stack: { name: string; owner: string },
): string {
  const [, placeholder = ""] = /\$\{(?!Partition|Region|Account)(\w+)\}/.exec(arnFormats[kind] ?? "") ?? [];
  const known = names[kind] ?? { property: placeholder };
  const declared = properties[known.property];
  const generated = generatedNameOf(type.shape);
  const made =
    declared === undefined && generated?.property === known.property
      ? // Only its end tells one generation from the next.
        `${generateName({ stack: stack.name, owner: stack.owner, logicalId, n: 0, rules: generated.rules }).slice(0, -8)}*`
      : undefined;
  const name = typeof declared === "string" ? declared : made;
  return arnOf(kind, site, name === undefined ? "*" : (known.in?.(name, properties) ?? name));
}
