import { absent, createOnly, slot, tags, unordered } from "@reconcile/core";
import { z } from "zod";
import { ifFound } from "../aws/errors.ts";
import { tagList, tagMap, writeTags } from "../aws/tags.ts";
import { defineResource } from "../define.ts";
import { absentCode, taggedInIam } from "./account.ts";

export const OIDCProvider = defineResource({
  type: "AWS::IAM::OIDCProvider",
  properties: z.strictObject({
    Url: createOnly(
      z
        .string()
        .max(255)
        .regex(/^https:\/\/[^/?#\s]+(?:\/[^?#\s]*)?$/),
    ),
    // An account has one provider for a URL, and others may have added audiences of theirs to it.
    ClientIdList: slot("shared", absent(unordered(z.array(z.string().min(1).max(255)).max(100)))),
    // AWS finds them out where nobody declares them.
    ThumbprintList: unordered(
      z
        .array(z.string().regex(/^[0-9a-fA-F]{40}$/))
        .min(1)
        .max(5),
    ).optional(),
    Tags: tags(),
  }),
  identifier: "Arn",
  attributes: {
    Arn: {
      predict({ Url }, { partition, account }) {
        const name = withoutScheme(`${Url}`);
        // Nobody says what becomes of capitals in a host's name.
        return name === canonicalUrl(name) ? `arn:${partition}:iam::${account}:oidc-provider/${name}` : undefined;
      },
    },
  },
  naturalKey: ({ Url }) => (typeof Url === "string" ? canonicalUrl(Url) : undefined),
  absence: "index-and-list",
  scope: "partition",
  actions: {
    read: ["iam:GetOpenIDConnectProvider", "iam:ListOpenIDConnectProviders", "tag:GetResources"],
    write: [
      "iam:AddClientIDToOpenIDConnectProvider",
      "iam:CreateOpenIDConnectProvider",
      "iam:DeleteOpenIDConnectProvider",
      "iam:RemoveClientIDFromOpenIDConnectProvider",
      "iam:TagOpenIDConnectProvider",
      "iam:UntagOpenIDConnectProvider",
      "iam:UpdateOpenIDConnectProviderThumbprint",
    ],
  },
  departures: { "/Url": "IAM makes no provider without its URL" },
}).implement({
  async *list(aws) {
    const [{ OpenIDConnectProviderList = [] }, tagged] = await Promise.all([
      aws.iam.listOpenIDConnectProviders({}),
      taggedInIam(aws),
    ]);
    for (const { Arn = "" } of OpenIDConnectProviderList) {
      const known = tagged.get(Arn);
      yield { identifier: Arn, naturalKey: canonicalUrl(urlIn(Arn)), ...(known && { tags: known }) };
    }
  },

  async read(aws, OpenIDConnectProviderArn) {
    const provider = await ifFound(aws.iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn }), absentCode);
    if (!provider) return undefined;
    const { Url = urlIn(OpenIDConnectProviderArn), ClientIDList, ThumbprintList, Tags } = provider;
    return {
      identifier: OpenIDConnectProviderArn,
      properties: {
        // IAM answers without the scheme.
        Url: Url.startsWith("https://") ? Url : `https://${Url}`,
        ClientIdList: ClientIDList,
        ThumbprintList,
      },
      attributes: { Arn: OpenIDConnectProviderArn },
      tags: tagMap(Tags),
    };
  },

  async create(aws, { properties: { Url, ClientIdList, ThumbprintList }, tags: wished }) {
    const { OpenIDConnectProviderArn = "" } = await aws.iam.createOpenIDConnectProvider({
      Url,
      ClientIDList: ClientIdList,
      ThumbprintList,
      Tags: tagList(wished),
    });
    return OpenIDConnectProviderArn;
  },

  async update(aws, { identifier: OpenIDConnectProviderArn }, { properties: { ThumbprintList } }, changed) {
    for (const ClientID of changed.added("ClientIdList") as string[])
      await aws.iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID });
    for (const ClientID of changed.removed("ClientIdList") as string[])
      await aws.iam.removeClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID });
    if (changed.has("ThumbprintList"))
      await aws.iam.updateOpenIDConnectProviderThumbprint({ OpenIDConnectProviderArn, ThumbprintList });
  },

  async delete(aws, { identifier: OpenIDConnectProviderArn }) {
    await ifFound(aws.iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn }), absentCode);
  },

  tag: (aws, { identifier: OpenIDConnectProviderArn }, set, remove) =>
    writeTags(
      set,
      remove,
      (Tags) => aws.iam.tagOpenIDConnectProvider({ OpenIDConnectProviderArn, Tags }),
      (TagKeys) => aws.iam.untagOpenIDConnectProvider({ OpenIDConnectProviderArn, TagKeys }),
    ),

  canonical(properties) {
    const { Url, ThumbprintList } = properties;
    return {
      ...properties,
      Url: typeof Url === "string" ? canonicalUrl(Url) : Url,
      ...(Array.isArray(ThumbprintList) && { ThumbprintList: ThumbprintList.map(lowerCase) }),
    };
  },
});

function withoutScheme(url: string): string {
  return url.replace(/^https:\/\//i, "");
}

/** What makes two URLs the same provider: not the scheme, which IAM leaves out, nor the case of the host. */
function canonicalUrl(url: string): string {
  const [host = "", ...path] = withoutScheme(url).split("/");
  return [host.toLowerCase(), ...path].join("/");
}

function urlIn(arn: string): string {
  return arn.slice(arn.indexOf("/") + 1);
}

/** Hex digits; what is not known yet stays. */
function lowerCase<T>(thumbprint: T): T | string {
  return typeof thumbprint === "string" ? thumbprint.toLowerCase() : thumbprint;
}
