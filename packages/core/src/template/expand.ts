import type { NestedStack, OutputDeclaration, ResourceDeclaration, Template } from "./model.ts";

/** A template with some of its resources, which are nested stacks, expanded in place: what they declare stands among its own resources and outputs, as `Nested/Child`. */
export function expand(template: Template, nested: ReadonlyMap<string, NestedStack>): Template {
  if (nested.size === 0) return template;
  const resources = new Map<string, ResourceDeclaration>();
  for (const [name, declaration] of template.resources) {
    const stack = nested.get(name);
    if (!stack) resources.set(name, declaration);
    for (const inner of stack?.template.resources.values() ?? []) {
      resources.set(`${name}/${inner.logicalId}`, insideOf(declaration, inner));
    }
  }
  // What waits for a nested stack waits for all that is in it.
  for (const [name, declaration] of resources) {
    if (!declaration.dependsOn.some((each) => nested.has(each.logicalId))) continue;
    const dependsOn = declaration.dependsOn.flatMap(({ logicalId, place }) => {
      const inner = nested.get(logicalId)?.template.resources;
      // Of one that cannot be read it is known that it is there.
      return inner?.size
        ? [...inner.keys()].map((each) => ({ logicalId: `${logicalId}/${each}`, place }))
        : { logicalId, place };
    });
    resources.set(name, { ...declaration, dependsOn });
  }
  const outputs = new Map(template.outputs);
  for (const [name, { template: inner }] of nested) {
    for (const output of inner.outputs.values()) {
      const outer: OutputDeclaration = {
        ...output,
        name: `${name}/${output.name}`,
        within: [name, ...(output.within ?? [])],
      };
      outputs.set(outer.name, outer);
    }
  }
  return { ...template, resources, outputs, nested };
}

function insideOf(stack: ResourceDeclaration, inner: ResourceDeclaration): ResourceDeclaration {
  const { logicalId: name, dependsOn, deletionPolicy, reconcile } = stack;
  const isKept = deletionPolicy !== undefined && deletionPolicy !== "Delete";
  return {
    ...inner,
    logicalId: `${name}/${inner.logicalId}`,
    within: [name, ...(inner.within ?? [])],
    dependsOn: [...inner.dependsOn.map((each) => ({ ...each, logicalId: `${name}/${each.logicalId}` })), ...dependsOn],
    ...(isKept && { deletionPolicy }),
    reconcile: { ...(reconcile.protect !== undefined && { protect: reconcile.protect }), ...inner.reconcile },
  };
}
