import type { Cloud, Observed, ResourceType } from "../resource/model.ts";

/** The same resource, with its tags from the service itself instead of an index. undefined: the service knows nothing of it any more. */
export async function confirmTags<C extends Cloud>(
  type: ResourceType<C>,
  cloud: C,
  observed: Observed,
): Promise<Observed | undefined> {
  if (!observed.tagsFromIndex) return observed;
  if (!type.handlers.tags)
    throw new Error(`${type.type} reads tags from an index: add the handler \`tags\`, which asks the service itself`);
  const { tagsFromIndex: _, ...rest } = observed;
  const tags = await type.handlers.tags(cloud, observed);
  return tags && { ...rest, tags };
}
