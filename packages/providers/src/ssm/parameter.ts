import type { ParameterMetadata } from "@aws-sdk/client-ssm";
import { absent, createOnly, generatedName, json, type Tags, tagMap } from "@reconcile/core";
import { z } from "zod";
import { loader } from "../aws/batch.ts";
import type { Aws } from "../aws/context.ts";
import { ifFound } from "../aws/errors.ts";
import { listing } from "../aws/listing.ts";
import { pages } from "../aws/pages.ts";
import { taggedResources, tagList, tagMap as toTags, writeTags } from "../aws/tags.ts";
import { defineResource } from "../define.ts";

/** What SSM takes for "no policies" when a parameter had some. */
const noPolicies = "[{}]";

export const Parameter = defineResource({
  type: "AWS::SSM::Parameter",
  properties: z.strictObject({
    Name: createOnly(generatedName({ max: 1011, characters: "a-zA-Z0-9_./-" })),
    Type: createOnly(z.enum(["String", "StringList", "SecureString"])),
    Value: z.string().min(1),
    Description: absent(z.string().max(1024)),
    AllowedPattern: absent(z.string().max(1024)),
    DataType: createOnly(z.enum(["text", "aws:ec2:image"]).default("text")),
    Tier: z.enum(["Standard", "Advanced", "Intelligent-Tiering"]).default("Standard"),
    Policies: absent(json()),
    Tags: tagMap(),
  }),
  identifier: "Name",
  attributes: {
    Arn: {
      predict: ({ Name }, { partition, region, account }) =>
        `arn:${partition}:ssm:${region}:${account}:parameter/${`${Name}`.replace(/^\//, "")}`,
    },
    Type: {},
    Value: { sensitive: ({ Type }) => Type === "SecureString" },
  },
  secrets: ({ Type }) => (Type === "SecureString" ? ["/Value"] : []),
  absence: "read-by-name",
  scope: "region",
  async holdsData(_aws, { properties }) {
    return properties.Type === "SecureString";
  },
  actions: {
    read: ["ssm:DescribeParameters", "ssm:GetParameters", "ssm:ListTagsForResource", "tag:GetResources"],
    write: ["ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:PutParameter", "ssm:RemoveTagsFromResource"],
  },
  departures: {
    "/Type":
      "SSM does not change the type of a parameter, and it can be SecureString, which CloudFormation cannot create",
    "/DataType": "SSM does not change the data type of a parameter",
  },
}).implement({
  // Absence is proven by reading the name, so the list need only lead to what is ours and no longer declared.
  async *list(aws) {
    for (const [arn, tags] of await tagIndex.all(aws)) {
      for (const name of namesIn(arn)) yield { identifier: name, tags };
    }
  },

  async read(aws, name) {
    const [metadata, tagged] = await Promise.all([describe(aws)(name), tagIndex.current(aws)]);
    if (!metadata) return undefined;
    // Asked only of what is there: who may read what has our tags is denied a name that nothing has.
    const value = await decrypted(aws)(name);
    if (value === undefined) return undefined;
    const arn = `arn:${aws.partition}:ssm:${aws.region}:${aws.account}:parameter/${name.replace(/^\//, "")}`;
    const tags = tagged?.get(arn) ?? (tagged ? {} : await tagsOf(aws, name));
    // It has gone since it was described, and is not one without tags.
    if (!tags) return undefined;
    const { Type, Description, AllowedPattern, DataType, Tier, Version, Policies = [] } = metadata;
    const type = Type ?? "String";
    return {
      identifier: name,
      properties: {
        Name: name,
        Type: type,
        Value: value,
        Description: Description || undefined,
        AllowedPattern: AllowedPattern || undefined,
        DataType: DataType === "aws:ec2:image" ? DataType : "text",
        Tier: Tier ?? "Standard",
        Policies: Policies.length > 0 ? Policies.map(({ PolicyText }) => JSON.parse(PolicyText ?? "null")) : undefined,
      },
      attributes: { Arn: arn, Type: type, Value: value },
      ...(Version !== undefined && { version: String(Version) }),
      tags,
      ...(tagged && { tagsFromIndex: true }),
    };
  },

  async create(aws, { properties, tags }) {
    await aws.ssm.putParameter({ ...requestOf(properties), Overwrite: false, Tags: tagList(tags) });
    return properties.Name ?? "";
  },

  async update(aws, observed, { properties }) {
    const { Description = "", AllowedPattern = "" } = properties;
    const hadPolicies = observed.properties.Policies !== undefined && properties.Policies === undefined;
    const cleared = { Description, AllowedPattern, ...(hadPolicies && { Policies: noPolicies }) };
    // Without a word of its key a secret would be encrypted anew with the account's default one.
    const { KeyId } = (properties.Type === "SecureString" && (await describe(aws)(observed.identifier))) || {};
    await aws.ssm.putParameter({ ...requestOf(properties), ...cleared, ...(KeyId && { KeyId }), Overwrite: true });
  },

  async delete(aws, { identifier }) {
    await ifFound(aws.ssm.deleteParameter({ Name: identifier }), "ParameterNotFound");
  },

  tags: (aws, { identifier }) => tagsOf(aws, identifier),

  async tag(aws, { identifier }, set, remove) {
    const resource = { ResourceType: "Parameter", ResourceId: identifier } as const;
    await writeTags(
      set,
      remove,
      (Tags) => aws.ssm.addTagsToResource({ ...resource, Tags }),
      (TagKeys) => aws.ssm.removeTagsFromResource({ ...resource, TagKeys }),
    );
  },

  canonical(properties) {
    // With Intelligent-Tiering SSM chooses, and shows what it chose.
    if (properties.Tier !== "Intelligent-Tiering") return properties;
    const { Tier: _, ...rest } = properties;
    return rest as typeof properties;
  },

  mustReplace({ properties: { Tier } }, wished) {
    return Tier === "Advanced" && wished.Tier === "Standard" ? ["/Tier"] : [];
  },
});

/** Read whole with the list. After a write, one parameter's own tags are cheaper, and not late. */
const tagIndex = listing("ssm tags", (aws) => taggedResources(aws, "ssm:parameter"));

async function tagsOf(aws: Aws, name: string): Promise<Tags | undefined> {
  const asked = aws.ssm.listTagsForResource({ ResourceType: "Parameter", ResourceId: name });
  const answer = await ifFound(asked, "InvalidResourceId");
  return answer && toTags(answer.TagList);
}

interface Request {
  Name?: string | undefined;
  Type: "String" | "StringList" | "SecureString";
  Value: string;
  Description?: string | undefined;
  AllowedPattern?: string | undefined;
  DataType: "text" | "aws:ec2:image";
  Tier: "Standard" | "Advanced" | "Intelligent-Tiering";
  Policies?: unknown;
}

function requestOf({ Name, Type, Value, Description, AllowedPattern, DataType, Tier, Policies }: Request) {
  const policies = Policies === undefined ? {} : { Policies: JSON.stringify(Policies) };
  return { Name, Type, Value, Description, AllowedPattern, DataType, Tier, ...policies };
}

/** A name with a slash begins with one, and its ARN does not tell; a name without any has none. */
function namesIn(arn: string): string[] {
  const name = arn.slice(arn.indexOf(":parameter/") + ":parameter/".length);
  return name.includes("/") ? [`/${name}`] : [name, `/${name}`];
}

function describe(aws: Aws) {
  return loader(
    aws,
    "ssm:DescribeParameters",
    async (names) => {
      const filter = { Key: "Name", Option: "Equals", Values: [...names] };
      const list = pages(
        (NextToken) => aws.ssm.describeParameters({ ParameterFilters: [filter], MaxResults: 50, NextToken }),
        (page) => page.NextToken,
      );
      const found = new Map<string, ParameterMetadata>();
      for await (const { Parameters = [] } of list) for (const each of Parameters) found.set(each.Name ?? "", each);
      return found;
    },
    50,
  );
}

function decrypted(aws: Aws) {
  return loader(
    aws,
    "ssm:GetParameters",
    async (names) => {
      const { Parameters = [] } = await aws.ssm.getParameters({ Names: [...names], WithDecryption: true });
      return new Map(Parameters.map(({ Name = "", Value = "" }) => [Name, Value]));
    },
    10,
  );
}
