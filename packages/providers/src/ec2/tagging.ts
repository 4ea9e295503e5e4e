import type { ResourceType } from "@aws-sdk/client-ec2";
import type { Tags } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { tagList } from "../aws/tags.ts";

/** `TagSpecifications` of a create call: the tags of the one thing that it makes. */
export function tagSpecifications(resourceType: ResourceType, tags: Tags) {
  return [{ ResourceType: resourceType, Tags: tagList(tags) }];
}

/** Sets and removes tags of anything in EC2, by its id. */
export async function changeTags(aws: Aws, id: string, set: Tags, remove: readonly string[]): Promise<void> {
  const Resources = [id];
  if (Object.keys(set).length > 0) await aws.ec2.createTags({ Resources, Tags: tagList(set) });
  if (remove.length > 0) await aws.ec2.deleteTags({ Resources, Tags: remove.map((Key) => ({ Key })) });
}
