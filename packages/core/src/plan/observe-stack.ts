import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud, Observed, ResourceType } from "../resource/model.ts";
import type { Stack } from "../stack/model.ts";
import { activeResources } from "../template/index.ts";
import { mayBeLeftOut } from "../template/left-out.ts";
import type { Environment } from "../template/model.ts";
import { checkProperties, dependencyOrder, impliedReferences } from "../validate/index.ts";
import { baseEnvironment, findUnindexed, referencesOf } from "./base.ts";
import { concernedTypes, parentsOf, sharedSlotsOf, typeName } from "./concerned-types.ts";
import { desire } from "./desire.ts";
import { diagnosed } from "./diagnosed.ts";
import { environmentOf } from "./environment.ts";
import { confirmOwned, naming, readTagged, typeNamed } from "./find.ts";
import { withForeign } from "./foreign.ts";
import { findFormerChildren, turnedOff } from "./former-children.ts";
import { labelOf } from "./label.ts";
import type { ForeignReference, StackInstance } from "./model.ts";
import { movedHere, ownedElsewhere } from "./moves.ts";
import type { List } from "./neighbour.ts";
import type { ObserveOptions, Owned, StackWorld } from "./observe.ts";
import { blinded, unreadAttributes } from "./open-stack.ts";
import { renamedBase, renamedCarriers, renamesOf, withoutExisting } from "./renames.ts";
import { resolveAll } from "./resolve.ts";
import { settleAll, unique } from "./settle.ts";
import { type Live, liveOrUnknown, ownedKey } from "./world.ts";

export interface Observation<C extends Cloud> {
  options: ObserveOptions<C>;
  base: StackInstance<C> | undefined;
  /** Base as its file has it. */
  asWritten: Stack | undefined;
  expired: StackWorld<C>["expired"];
  found: List<C>;
  live: Live;
  /** Resolves when what the stack imports was looked at. */
  before(): Promise<unknown>;
}

/** Reads one stack, and finds how what lives belongs to what is declared. */
export function observeStack<C extends Cloud>(
  instance: StackInstance<C>,
  observation: Observation<C>,
): Promise<StackWorld<C>> {
  return diagnosed(instance.cloud, observeInstance(instance, observation));
}

async function observeInstance<C extends Cloud>(
  instance: StackInstance<C>,
  { base: atBase, asWritten, expired, options, found, live: liveByOwner, before }: Observation<C>,
): Promise<StackWorld<C>> {
  const { registry } = options;
  const { cloud, owner, stack } = instance;
  // What is destroyed goes with everything that is left out of it.
  const leftOut = options.destroy ? undefined : stack.template.leftOut;
  const offline = environmentOf(instance, unreadAttributes);
  const active = options.destroy
    ? []
    : activeResources(stack.template, offline).filter((id) => registry.has(typeName(stack, id)));
  const declared = new Set(active);
  const typeOf = (id: string): ResourceType<C> => typeNamed(registry, typeName(stack, id));
  const { order, references, foreign } = usesOf(instance, active, typeOf, offline);

  const { renames, diagnostics: misnamed } = renamesOf(instance, atBase, declared, registry);
  const wholeBase = atBase && renamedBase(atBase, renames);
  const base = wholeBase && withoutExisting(wholeBase);
  const off = turnedOff(instance, expired);
  const left = [
    ...[...off].map((id) => expired.get(id)?.type ?? typeName(stack, id)),
    ...(options.left?.get(stack.name) ?? []),
  ];
  const types = await concernedTypes(instance, registry, active, wholeBase?.stack, left);
  const lists = new Map(await settleAll(types.map(async (type) => [type.type, await found(cloud, type)] as const)));
  const carriers = await readTagged(instance, atBase ? [atBase.stack, stack] : [stack], registry, lists);
  const tagged = [
    ...renamedCarriers(carriers, { renames, instance }),
    ...(await movedHere(instance, declared, registry, lists)),
  ];

  const live = new Map<string, Observed>();
  liveByOwner.set(owner, live);
  const liveAttributes = liveOrUnknown(liveByOwner, registry);
  const environment = environmentOf(instance, liveAttributes);
  await before();
  const nameOf = naming(instance, typeOf, lists, live);
  const { adopting, leftOvers, retired, unowned, existing, disowned, displaced, ...resolved } = await resolveAll({
    instance,
    order,
    references,
    typeOf,
    lists,
    tagged,
    renames,
    live,
    environment,
    nameOf,
    ...(base && { base, baseEnvironment: baseEnvironment(base, environment, tagged, liveAttributes, renames) }),
  });
  const diagnostics = [...misnamed, ...resolved.diagnostics];
  const taken = new Set([...live].map(([id, each]) => ownedKey(typeOf(id), each)));
  const isLive = ({ type, observed }: Owned<C>): boolean => taken.has(ownedKey(type, observed));

  const stale = tagged.filter(
    (each) =>
      !mayBeLeftOut(leftOut, each.logicalId) &&
      (!declared.has(each.logicalId) || typeName(stack, each.logicalId) !== each.type.type),
  );
  const indexed = await confirmOwned(
    instance,
    [...stale, ...displaced].filter((each) => !isLive(each)),
  );
  const atBaseNow = base && baseEnvironment(base, environment, indexed, liveAttributes, renames);
  const unindexed = atBaseNow ? await findUnindexed(base, registry, declared, atBaseNow, lists, indexed) : [];
  const undeclared = [
    ...indexed,
    ...unindexed.filter((each) => !isLive(each) && !mayBeLeftOut(leftOut, each.logicalId)),
  ];
  for (const id of order) {
    const now = desire(instance, typeOf(id), id, environment, (properties) => nameOf(id, properties, "current"));
    diagnostics.push(...problemsOf(now, options.specification));
  }
  const ours = [...live].flatMap(([id, each]) => (existing.has(id) ? [] : ownedKey(typeOf(id), each)));
  const { removed, unclear } = await findFormerChildren({
    instance,
    registry,
    declared,
    expired,
    off,
    base: wholeBase,
    renames,
    ...(asWritten && wholeBase && !options.destroy && { asWritten: idsOf(asWritten, wholeBase.stack) }),
    environment,
    liveAttributes,
    lists,
    undeclared,
    ours: new Set([...ours, ...undeclared.map((each) => ownedKey(each.type, each.observed))]),
  });
  return {
    instance,
    order,
    references,
    types: new Map(active.map((id) => [id, typeOf(id)])),
    parentTypes: parentsOf(registry),
    sharedSlots: sharedSlotsOf(stack, registry),
    elsewhere: ownedElsewhere(instance, [...lists.values()].flat()),
    live,
    adopting,
    leftOvers: await confirmOwned(instance, leftOvers),
    retired,
    undeclared,
    removedChildren: removed.filter((each) => !mayBeLeftOut(leftOut, each.logicalId)),
    existing,
    disowned: await confirmOwned(instance, disowned),
    expired,
    today: options.today,
    unowned: [...unowned, ...unclear],
    nameOf,
    ...(base && { base, ...referencesOf(base, registry) }),
    foreign,
    liveAttributes,
    blind: blinded(instance),
    diagnostics: unique(diagnostics),
  };
}

/** What declared resources refer to, in their own stack and in others, and the order that follows from it; as far as it is known before anything is read. */
function usesOf<C extends Cloud>(
  instance: StackInstance<C>,
  active: readonly string[],
  typeOf: (id: string) => ResourceType<C>,
  offline: Environment,
): Pick<StackWorld<C>, "order" | "references" | "foreign"> {
  const foreign = new Map<string, readonly ForeignReference[]>();
  const evaluated = active.map((id) => {
    const evaluate = (environment: Environment) => desire(instance, typeOf(id), id, environment, () => undefined);
    const { result, foreign: others } = withForeign(instance, offline, evaluate);
    foreign.set(id, others);
    return result.desired;
  });
  const implied = impliedReferences(evaluated);
  const references = new Map(
    evaluated.map(({ logicalId, evaluated: { references: own } }) => [
      logicalId,
      [...own, ...(implied.get(logicalId) ?? [])],
    ]),
  );
  return { order: dependencyOrder(active, references).order, references, foreign };
}

function problemsOf<C extends Cloud>(
  { desired, diagnostics }: ReturnType<typeof desire<C>>,
  specification: ObserveOptions<C>["specification"],
): Diagnostic[] {
  const checked = checkProperties(desired.type, desired.properties, desired.evaluated, specification);
  return [...diagnostics, ...checked].map((each) => ({ resource: labelOf(desired), ...each }));
}

function idsOf(...stacks: readonly Stack[]): ReadonlySet<string> {
  return new Set(stacks.flatMap(({ template }) => [...template.resources.keys()]));
}
