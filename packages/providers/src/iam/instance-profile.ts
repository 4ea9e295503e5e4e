import type { InstanceProfile as LiveProfile } from "@aws-sdk/client-iam";
import { createOnly, generatedName, refersTo, unordered } from "@reconcile/core";
import { z } from "zod";
import type { Aws } from "../aws/context.ts";
import { ifFound } from "../aws/errors.ts";
import { listing } from "../aws/listing.ts";
import { pages } from "../aws/pages.ts";
import { tagList, tagMap, writeTags } from "../aws/tags.ts";
import { defineResource } from "../define.ts";
import { absentCode, nextMarker, ownTags, taggedInIam } from "./account.ts";
import { nameCharacters, path } from "./names.ts";

export const InstanceProfile = defineResource({
  type: "AWS::IAM::InstanceProfile",
  properties: z.strictObject({
    InstanceProfileName: createOnly(generatedName({ max: 128, characters: nameCharacters })),
    Path: createOnly(path.default("/")),
    Roles: unordered(z.array(refersTo("AWS::IAM::Role", z.string())).max(1)),
  }),
  identifier: "InstanceProfileName",
  attributes: {
    Arn: {
      predict: ({ Path, InstanceProfileName }, { partition, account }) =>
        `arn:${partition}:iam::${account}:instance-profile${Path}${InstanceProfileName}`,
    },
  },
  absence: "read-by-name",
  scope: "partition",
  actions: {
    read: ["iam:GetInstanceProfile", "iam:ListInstanceProfileTags", "iam:ListInstanceProfiles", "tag:GetResources"],
    write: [
      "iam:AddRoleToInstanceProfile",
      "iam:CreateInstanceProfile",
      "iam:DeleteInstanceProfile",
      "iam:PassRole",
      "iam:RemoveRoleFromInstanceProfile",
      "iam:TagInstanceProfile",
      "iam:UntagInstanceProfile",
    ],
  },
}).implement({
  async *list(aws) {
    const [profiles, tagged] = await Promise.all([everyProfile.all(aws), taggedInIam(aws)]);
    for (const [identifier, { Arn = "" }] of profiles) {
      const known = tagged.get(Arn);
      yield { identifier, ...(known && { tags: known }) };
    }
  },

  async read(aws, name) {
    const listed = (await everyProfile.current(aws))?.get(name);
    // What the list does not know yet may be there all the same.
    const profile = listed ?? (await readProfile(aws, name));
    if (!profile) return undefined;
    const { Path = "/", Roles = [], Arn = "", Tags } = profile;
    return {
      identifier: name,
      properties: { InstanceProfileName: name, Path, Roles: Roles.map(({ RoleName = "" }) => RoleName) },
      attributes: { Arn },
      // A list of profiles never has tags, one profile always has.
      ...(listed ? { tags: (await taggedInIam(aws)).get(Arn) ?? {}, tagsFromIndex: true } : { tags: tagMap(Tags) }),
    };
  },

  async create(aws, { properties: { InstanceProfileName = "", Path }, tags }) {
    await aws.iam.createInstanceProfile({ InstanceProfileName, Path, Tags: tagList(tags) });
    return InstanceProfileName;
  },

  async update(aws, { identifier: InstanceProfileName }, _wish, changed) {
    // It holds one role: the other has to go first.
    await removeRoles(aws, InstanceProfileName, changed.removed("Roles") as string[]);
    for (const RoleName of changed.added("Roles") as string[])
      await aws.iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName });
  },

  async delete(aws, { identifier: InstanceProfileName }) {
    const profile = await readProfile(aws, InstanceProfileName);
    if (!profile) return;
    const roles = (profile.Roles ?? []).map(({ RoleName = "" }) => RoleName);
    await removeRoles(aws, InstanceProfileName, roles);
    await ifFound(aws.iam.deleteInstanceProfile({ InstanceProfileName }), absentCode);
  },

  tags: (aws, { identifier: InstanceProfileName }) =>
    ownTags((Marker) => aws.iam.listInstanceProfileTags({ InstanceProfileName, MaxItems: 1000, Marker })),

  tag: (aws, { identifier: InstanceProfileName }, set, remove) =>
    writeTags(
      set,
      remove,
      (Tags) => aws.iam.tagInstanceProfile({ InstanceProfileName, Tags }),
      (TagKeys) => aws.iam.untagInstanceProfile({ InstanceProfileName, TagKeys }),
    ),
});

const everyProfile = listing("iam instance profiles", async (aws): Promise<ReadonlyMap<string, LiveProfile>> => {
  const profiles = new Map<string, LiveProfile>();
  const list = pages((Marker) => aws.iam.listInstanceProfiles({ MaxItems: 1000, Marker }), nextMarker);
  for await (const { InstanceProfiles = [] } of list)
    for (const profile of InstanceProfiles) profiles.set(profile.InstanceProfileName ?? "", profile);
  return profiles;
});

async function readProfile(aws: Aws, InstanceProfileName: string): Promise<LiveProfile | undefined> {
  const answer = await ifFound(aws.iam.getInstanceProfile({ InstanceProfileName }), absentCode);
  return answer?.InstanceProfile;
}

async function removeRoles(aws: Aws, InstanceProfileName: string, roles: readonly string[]): Promise<void> {
  for (const RoleName of roles)
    await ifFound(aws.iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName }), absentCode);
}
