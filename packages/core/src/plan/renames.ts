import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud } from "../resource/model.ts";
import { resourceOf } from "../resource/owner.ts";
import type { Registry } from "../resource/registry.ts";
import { resourceLabel } from "../template/label.ts";
import { mayBeLeftOut } from "../template/left-out.ts";
import type { ResourceDeclaration } from "../template/model.ts";
import { stableText } from "../value.ts";
import { canonicalProperties } from "./canonical.ts";
import { desire } from "./desire.ts";
import { environmentOf } from "./environment.ts";
import { typeNamed } from "./find.ts";
import { knownIn } from "./known-in.ts";
import type { StackInstance } from "./model.ts";
import type { Owned } from "./observe.ts";
import { unreadAttributes } from "./open-stack.ts";
import { withResources } from "./with-resources.ts";

/** By logical id: the one that the same resource had before. */
export type Renames = ReadonlyMap<string, string>;

/**
 * What was renamed: by `renamed-from`, or where base → head removes exactly one resource of a type and adds exactly one whose properties are the same.
 */
export function renamesOf<C extends Cloud>(
  instance: StackInstance<C>,
  base: StackInstance<C> | undefined,
  active: ReadonlySet<string>,
  registry: Registry<C>,
): { renames: Renames; diagnostics: Diagnostic[] } {
  const { resources } = instance.stack.template;
  const renames = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const id of active) {
    const declaration = knownIn(resources, id);
    const { renamedFrom } = declaration.reconcile;
    if (renamedFrom === undefined) continue;
    if (active.has(renamedFrom)) diagnostics.push(stillDeclared(declaration, renamedFrom));
    else renames.set(id, renamedFrom);
  }
  const before = base?.stack.template.resources;
  if (!base || !before) return { renames, diagnostics };
  const taken = new Set(renames.values());
  const added = byType(
    [...active].filter((id) => !before.has(id) && !renames.has(id)),
    resources,
  );
  const { leftOut } = instance.stack.template;
  const removed = byType(
    [...before.keys()].filter((id) => !active.has(id) && !taken.has(id) && !mayBeLeftOut(leftOut, id)),
    before,
  );
  for (const [type, [id, ...more]] of added) {
    const [former, ...others] = removed.get(type) ?? [];
    if (id === undefined || former === undefined || more.length + others.length > 0) continue;
    if (declaredAs(base, former, registry) === declaredAs(instance, id, registry)) renames.set(id, former);
  }
  return { renames, diagnostics };
}

function byType(ids: readonly string[], resources: ReadonlyMap<string, ResourceDeclaration>): Map<string, string[]> {
  const types = new Map<string, string[]>();
  for (const id of ids) {
    const { type } = knownIn(resources, id);
    const ofType = types.get(type);
    if (ofType) ofType.push(id);
    else types.set(type, [id]);
  }
  return types;
}

function stillDeclared(declaration: ResourceDeclaration, renamedFrom: string): Diagnostic {
  return {
    code: "rename.still-declared",
    severity: "error",
    message: `${declaration.logicalId} cannot be ${renamedFrom} under a new name: that is still declared.`,
    remedy: `remove renamed-from, or ${renamedFrom}`,
    resource: resourceLabel(declaration),
    place: declaration.place,
  };
}

/** A declaration as text, without what is only known live. */
function declaredAs<C extends Cloud>(instance: StackInstance<C>, id: string, registry: Registry<C>): string {
  const type = typeNamed(registry, knownIn(instance.stack.template.resources, id).type);
  const { desired } = desire(instance, type, id, environmentOf(instance, unreadAttributes), () => undefined);
  return stableText(canonicalProperties(type, desired.properties));
}

/** Base, with the names that its resources have at head. */
export function renamedBase<C extends Cloud>(base: StackInstance<C>, renames: Renames): StackInstance<C> {
  const resources = new Map(base.stack.template.resources);
  for (const [logicalId, former] of renames) {
    const declaration = resources.get(former);
    if (!declaration || resources.has(logicalId)) continue;
    // Under its former name too: base's other resources refer to that.
    resources.set(logicalId, { ...declaration, logicalId });
  }
  return { ...base, stack: withResources(base.stack, resources) };
}

/** Base without what was never ours to change or to remove. Its other resources may refer to that. */
export function withoutExisting<C extends Cloud>(base: StackInstance<C>): StackInstance<C> {
  const { resources } = base.stack.template;
  const own = [...resources].filter(([, { reconcile }]) => reconcile.existing === undefined);
  return { ...base, stack: withResources(base.stack, own) };
}

/** What carries our tags under an earlier name, under the one that it has now; where something carries that already, both stay what they are. */
export function renamedCarriers<C extends Cloud>(
  owned: readonly Owned<C>[],
  { renames, instance }: { renames: Renames; instance: StackInstance<C> },
): Owned<C>[] {
  if (renames.size === 0) return [...owned];
  const now = new Map([...renames].map(([id, former]) => [former, id]));
  const taken = new Set(owned.map((each) => resourceOf(each.logicalId, each.type.type)));
  return owned.map((each) => {
    const logicalId = now.get(each.logicalId);
    const declared = logicalId === undefined ? undefined : instance.stack.template.resources.get(logicalId)?.type;
    if (logicalId === undefined || declared !== each.type.type || taken.has(resourceOf(logicalId, declared)))
      return each;
    return { ...each, logicalId };
  });
}
