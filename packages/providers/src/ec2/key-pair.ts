import { createOnly, generatedName, ownerTag, pointer, resourceTag, type Tags, tags, writeOnly } from "@reconcile/core";
import { z } from "zod";
import type { Aws } from "../aws/context.ts";
import { hasCode, ifFound } from "../aws/errors.ts";
import { tagList, tagMap } from "../aws/tags.ts";
import { defineResource } from "../define.ts";
import { publicKey } from "./public-key.ts";
import { changeTags, tagSpecifications } from "./tagging.ts";

/**
 * On a key that EC2 made and whose private half is not in safety yet; its value is the format that was asked for. EC2 tells that half once: of a key on which a killed run
 * has left this tag, nobody has it, and it is made again.
 */
const unfinishedTag = "reconcile:unfinished";

const material = z
  .string()
  .refine((text) => !text.includes("PRIVATE KEY"), { error: "is a private key: give its public half, the .pub file" })
  .refine((text) => text.includes("PRIVATE KEY") || publicKey(text) !== undefined, {
    error: "is not an RSA or ED25519 public key: write it as in a .pub file, ssh-ed25519 AAAA…",
  });

export const KeyPair = defineResource({
  type: "AWS::EC2::KeyPair",
  properties: z.strictObject({
    KeyName: createOnly(generatedName({ max: 255, characters: " -~" })),
    // Undeclared, a key is what it is: whether EC2 made it or somebody imported it cannot be told for every type.
    PublicKeyMaterial: createOnly(material.optional()),
    KeyType: createOnly(z.enum(["rsa", "ed25519"]).optional()),
    // EC2 forgets it as soon as it has told the private half.
    KeyFormat: createOnly(writeOnly(z.enum(["pem", "ppk"]).default("pem"))),
    Tags: tags(),
  }),
  identifier: "KeyName",
  attributes: { KeyFingerprint: {}, KeyPairId: {} },
  absence: "read-by-name",
  scope: "region",
  async holdsData(aws, { attributes }) {
    // The private half may be nowhere else. Without the permission to look, it counts as there.
    const Names = [parameterName(attributes.KeyPairId)];
    const kept = await aws.ssm.getParameters({ Names }).catch((error: unknown) => {
      if (hasCode(error, "AccessDenied")) return undefined;
      throw error;
    });
    return !kept || (kept.Parameters ?? []).length > 0;
  },
  impact: (changed) => ({
    interrupts: false,
    steps: changed.paths.includes(pointer("Tags", unfinishedTag)) ? ["make-again"] : [],
  }),
  actions: {
    read: ["ec2:DescribeKeyPairs", "ssm:GetParameters"],
    write: [
      "ec2:CreateKeyPair",
      "ec2:CreateTags",
      "ec2:DeleteKeyPair",
      "ec2:DeleteTags",
      "ec2:ImportKeyPair",
      "ssm:AddTagsToResource",
      "ssm:DeleteParameter",
      "ssm:PutParameter",
    ],
  },
  departures: {
    "/KeyName": "a name is generated where none is declared",
  },
}).implement({
  async *list(aws) {
    for (const [identifier, pair] of await everyKeyPair(aws)) yield { identifier, tags: tagMap(pair.Tags) };
  },

  async read(aws, identifier) {
    const pair = (await everyKeyPair(aws)).get(identifier);
    if (!pair) return undefined;
    const { KeyPairId = "", KeyFingerprint = "", KeyType, PublicKey } = pair;
    return {
      identifier,
      properties: { KeyName: identifier, PublicKeyMaterial: PublicKey?.trim(), KeyType, KeyFormat: "pem" },
      attributes: { KeyFingerprint, KeyPairId },
      tags: tagMap(pair.Tags),
    };
  },

  async create(aws, { properties: { KeyName = "", PublicKeyMaterial, KeyType, KeyFormat }, tags: wished }) {
    if (PublicKeyMaterial === undefined) {
      await make(aws, { KeyName, KeyType, KeyFormat }, wished);
      return KeyName;
    }
    await aws.ec2.importKeyPair({
      KeyName,
      PublicKeyMaterial: new TextEncoder().encode(PublicKeyMaterial),
      TagSpecifications: tagSpecifications("key-pair", wished),
    });
    return KeyName;
  },

  async update() {
    // Everything but the tags is decided when a key is made.
  },

  delete: (aws, { attributes }) => remove(aws, attributes.KeyPairId),

  async tag(aws, { identifier: KeyName, attributes, properties, tags: live }, set, removed) {
    const KeyFormat = live?.[unfinishedTag];
    if (KeyFormat === undefined) return changeTags(aws, String(attributes.KeyPairId), set, removed);
    const kept = Object.entries({ ...live, ...set }).filter(
      ([key]) => !removed.includes(key) && !key.startsWith("aws:"),
    );
    await remove(aws, attributes.KeyPairId);
    await make(aws, { ...properties, KeyName, KeyFormat }, Object.fromEntries(kept));
  },

  canonical(properties) {
    const { PublicKeyMaterial, KeyType, ...rest } = properties;
    if (PublicKeyMaterial === undefined) return { ...rest, KeyType: KeyType ?? "rsa" };
    // "If the PublicKeyMaterial property is specified, the KeyType property is ignored"; of a key that is not known yet neither is its type.
    const key = typeof PublicKeyMaterial === "string" ? publicKey(PublicKeyMaterial) : undefined;
    return key ? { ...rest, PublicKeyMaterial: key.text, KeyType: key.type } : { ...rest, PublicKeyMaterial };
  },
});

function everyKeyPair(aws: Aws) {
  return aws.memo("ec2 key pairs", async () => {
    const { KeyPairs = [] } = await aws.ec2.describeKeyPairs({ IncludePublicKey: true });
    return new Map(KeyPairs.map((pair) => [pair.KeyName ?? "", pair]));
  });
}

/** Where CloudFormation keeps the private half of a key that EC2 made, and so do we. */
function parameterName(keyPairId: unknown): string {
  return `/ec2/keypair/${String(keyPairId)}`;
}

interface Wanted {
  KeyName: string;
  KeyType?: "rsa" | "ed25519" | undefined;
  KeyFormat: string;
}

async function make(aws: Aws, { KeyName, KeyType, KeyFormat }: Wanted, wished: Tags): Promise<void> {
  const { KeyPairId = "", KeyMaterial } = await aws.ec2.createKeyPair({
    KeyName,
    KeyType,
    KeyFormat: KeyFormat === "ppk" ? "ppk" : "pem",
    TagSpecifications: tagSpecifications("key-pair", { ...wished, [unfinishedTag]: KeyFormat }),
  });
  const own = Object.entries(wished).filter(([key]) => key === ownerTag || key === resourceTag);
  await aws.ssm.putParameter({
    Name: parameterName(KeyPairId),
    Type: "SecureString",
    Value: KeyMaterial,
    Tags: tagList(Object.fromEntries(own)),
  });
  await changeTags(aws, KeyPairId, {}, [unfinishedTag]);
}

/** The private half first: killed in between, the key leads to what is left. */
async function remove(aws: Aws, keyPairId: unknown): Promise<void> {
  await ifFound(aws.ssm.deleteParameter({ Name: parameterName(keyPairId) }), "ParameterNotFound");
  await ifFound(aws.ec2.deleteKeyPair({ KeyPairId: String(keyPairId) }), "InvalidKeyPair.NotFound");
}
