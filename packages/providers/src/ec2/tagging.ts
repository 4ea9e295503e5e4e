import type { ResourceType, TagSpecification } from "@aws-sdk/client-ec2";
import type { Tags } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { tagList, writeTags } from "../aws/tags.ts";

/** `TagSpecifications` of a create call: the tags of the one thing that it makes. */
export function tagSpecifications(resourceType: ResourceType, tags: Tags): TagSpecification[] {
  return [{ ResourceType: resourceType, Tags: tagList(tags) }];
}

/** Sets and removes tags of anything in EC2, by its id. */
export async function changeTags(aws: Aws, id: string, set: Tags, remove: readonly string[]): Promise<void> {
  const Resources = [id];
  await writeTags(
    set,
    remove,
    (Tags) => aws.ec2.createTags({ Resources, Tags }),
    (keys) => aws.ec2.deleteTags({ Resources, Tags: keys.map((Key) => ({ Key })) }),
  );
}
