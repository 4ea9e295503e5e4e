import { type Diagnostic, DiagnosticError } from "../diagnostic.ts";
import type { Cloud, Found, Observed, ResourceType } from "../resource/model.ts";
import {
  generateName,
  nameGenerations,
  ownerInTags,
  ownerOf,
  ownerTag,
  parseResourceTag,
  resourceOf,
  resourceTag,
} from "../resource/owner.ts";
import type { Registry } from "../resource/registry.ts";
import { generatedNameOf } from "../resource/shape.ts";
import { inputsOf, resolveParameters } from "../stack/index.ts";
import { inputKey } from "../stack/input-key.ts";
import type { Stack } from "../stack/model.ts";
import { activeResources, evaluateResource } from "../template/index.ts";
import type { Environment, Known, Reference } from "../template/model.ts";
import { checkProperties, dependencyOrder } from "../validate/index.ts";
import type { Specification } from "../validate/specification.ts";
import { type Properties, Unknown } from "../value.ts";
import { confirmTags } from "./confirm-tags.ts";
import { type Circumstances, closest, decide } from "./decide.ts";
import { desire } from "./desire.ts";
import { environmentOf, liveAttribute } from "./environment.ts";
import type { Desired, StackInstance, Unowned } from "./model.ts";

/** Something live that carries our tags. */
export interface Owned<C extends Cloud = Cloud> {
  logicalId: string;
  type: ResourceType<C>;
  observed: Observed;
}

/** What is live of one stack, and how it belongs to what is declared. All reading is done when this exists. */
export interface StackWorld<C extends Cloud = Cloud> {
  instance: StackInstance<C>;
  /** Logical ids of the resources whose conditions hold: dependencies first, else as in the template. */
  order: readonly string[];
  references: ReadonlyMap<string, readonly Reference[]>;
  /** By logical id. */
  types: ReadonlyMap<string, ResourceType<C>>;
  /** By name: the types in which resources of this stack can be children. */
  parentTypes: ReadonlyMap<string, ResourceType<C>>;
  /** By logical id: the one that is kept. */
  live: ReadonlyMap<string, Observed>;
  /** Taken over in this run: live, and not ours yet. */
  adopting: ReadonlySet<string>;
  /** A second one with the same tags: what a crash between "create new" and "delete old" leaves. */
  leftOvers: readonly Owned<C>[];
  /** Ours by tag, and no longer declared. */
  undeclared: readonly Owned<C>[];
  /** Children that base declares and head does not, found by their natural key. */
  removedChildren: readonly Owned<C>[];
  unowned: readonly Unowned[];
  /** The generated name of a resource that does not declare one: the live one's, else the first that is free. */
  nameOf(logicalId: string, properties: Properties, generation: "current" | "next"): string | undefined;
  /** The same stack as git base declares it, with this run's inputs; for a stack that is being destroyed, the stack itself. */
  base?: StackInstance<C>;
  /** What base's resources refer to: orders the deletion of what left the template. */
  baseReferences?: ReadonlyMap<string, readonly Reference[]>;
  /** The stack with every outside value unknown: tells which properties depend on one. */
  blind: StackInstance<C>;
  diagnostics: readonly Diagnostic[];
}

export interface ObserveOptions<C extends Cloud> {
  registry: Registry<C>;
  specification?: Specification;
  /** Opens the cloud that a stack lives in; rejects with a DiagnosticError when it cannot, or when the account is another one. Stacks of one place may share it. */
  connect(stack: Stack): Promise<C>;
  /** Values for `{ env: NAME }`. */
  environment: Readonly<Record<string, string | undefined>>;
  /** By stack name: the stack as git base declares it. */
  base?: ReadonlyMap<string, Stack>;
  /** Stacks that are about to be destroyed: nothing of them counts as declared. */
  destroy?: boolean;
}

/** Reads everything that planning needs, and nothing twice. Rejects with a DiagnosticError when any list or read fails: a failed read never means absent. */
export async function observe<C extends Cloud>(
  stacks: readonly Stack[],
  options: ObserveOptions<C>,
): Promise<StackWorld<C>[]> {
  const lists = new Map<C, Map<string, Promise<Found[]>>>();
  const found = (cloud: C, type: ResourceType<C>): Promise<Found[]> => {
    const ofCloud = lists.get(cloud) ?? new Map<string, Promise<Found[]>>();
    lists.set(cloud, ofCloud);
    const existing = ofCloud.get(type.type) ?? collect(type.handlers.list(cloud));
    ofCloud.set(type.type, existing);
    return existing;
  };
  return settleAll(stacks.map((stack) => observeStack(stack, options, found)));
}

/** Like Promise.all, but waits for all, so that nothing still reads when the first failure is reported; the diagnostics of all failures are kept. */
async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  const failures = settled.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
  const expected = failures.filter((each): each is DiagnosticError => each instanceof DiagnosticError);
  if (failures.length > expected.length) throw failures.find((each) => !(each instanceof DiagnosticError));
  if (expected.length > 0) throw new DiagnosticError(unique(expected.flatMap((each) => each.diagnostics)));
  return settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
}

function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((each) => [JSON.stringify(each), each])).values()];
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function observeStack<C extends Cloud>(
  stack: Stack,
  options: ObserveOptions<C>,
  found: (cloud: C, type: ResourceType<C>) => Promise<Found[]>,
): Promise<StackWorld<C>> {
  const { registry } = options;
  const instance = await openStack(stack, options);
  const { cloud, owner } = instance;
  const base = rebased(instance, options.destroy ? stack : options.base?.get(stack.name));
  const offline = environmentOf(instance, (id, attribute) => ({
    value: new Unknown([attribute ? `${id}.${attribute}` : id], "unread"),
  }));
  const active = options.destroy
    ? []
    : activeResources(stack.template, offline).filter((id) => registry.has(typeName(stack, id)));
  const typeOf = (id: string): ResourceType<C> => typeNamed(registry, typeName(stack, id));
  const first = new Map(active.map((id) => [id, desire(instance, typeOf(id), id, offline, () => undefined).desired]));
  const references = new Map([...first].map(([id, desired]) => [id, desired.evaluated.references]));
  const { order } = dependencyOrder(active, references);

  const types = await concernedTypes(instance, registry, active, base?.stack);
  const lists = new Map(await settleAll(types.map(async (type) => [type.type, await found(cloud, type)] as const)));
  const tagged = await readTagged(instance, registry, lists);

  const live = new Map<string, Observed>();
  const adopting = new Set<string>();
  const leftOvers: Owned<C>[] = [];
  const unowned: Unowned[] = [];
  const diagnostics: Diagnostic[] = [];
  const attribute = (id: string, name: string | undefined): Known => {
    const observed = live.get(id);
    const known = observed && liveAttribute(typeOf(id), observed, name);
    return known ?? { value: new Unknown([name ? `${id}.${name}` : id], "changes") };
  };
  const environment = environmentOf(instance, attribute);
  const nameOf = naming(instance, typeOf, lists, live);

  // Dependencies first, and what does not depend on one another side by side: a natural key may hold the identifier of another resource.
  const resolved = new Map<string, Promise<void>>();
  for (const id of order) {
    const before = (references.get(id) ?? [])
      .map((reference) => resolved.get(reference.logicalId))
      .filter((each) => each !== undefined);
    resolved.set(
      id,
      settleAll(before).then(() => resolveResource(id)),
    );
  }
  await settleAll([...resolved.values()]);

  async function resolveResource(id: string): Promise<void> {
    const type = typeOf(id);
    const candidates = tagged
      .filter((each) => each.logicalId === id && each.type.type === type.type)
      .map((each) => each.observed);
    const { desired } = desire(instance, type, id, environment, (properties) => nameOf(id, properties, "current"));
    const kept = candidates.length > 1 ? closest(desired, candidates, plainCircumstances(owner)) : candidates[0];
    if (kept) {
      const differs =
        kept.tagsFromIndex &&
        decide(desired, kept, plainCircumstances(owner)).differences.some((each) => each.path.startsWith("/Tags/"));
      live.set(id, differs ? await confirmTags(type, cloud, kept) : kept);
      for (const other of candidates) if (other !== kept) leftOvers.push({ logicalId: id, type, observed: other });
      return;
    }
    const inTheWay = await findByKey(instance, type, desired, lists.get(type.type) ?? []);
    const earlier = await findAtBase(id, type);
    if (earlier && !inTheWay) live.set(id, earlier);
    else if (earlier && earlier.identifier !== inTheWay?.identifier)
      leftOvers.push({ logicalId: id, type, observed: earlier });
    if (!inTheWay) return;
    const claim = claimOf(instance, desired, inTheWay, active);
    if (claim.kind === "ours" || claim.kind === "adopt") live.set(id, inTheWay);
    if (claim.kind === "adopt") adopting.add(id);
    if (claim.kind === "refused") {
      unowned.push({
        logicalId: id,
        type: type.type,
        identifier: inTheWay.identifier,
        ...(claim.owner !== undefined && { owner: claim.owner }),
      });
      diagnostics.push(claim.diagnostic);
    }
  }

  /** What cannot be tagged is where base had it, when head wants it elsewhere. */
  async function findAtBase(id: string, type: ResourceType<C>): Promise<Observed | undefined> {
    if (type.handlers.tag || base?.stack.template.resources.get(id)?.type !== type.type) return undefined;
    const { desired } = desire(base, type, id, baseEnvironment(base, environment, tagged), () => undefined);
    return findByKey(base, type, desired, lists.get(type.type) ?? []);
  }

  const undeclared = await confirmOwned(
    instance,
    tagged.filter((each) => !active.includes(each.logicalId) || typeName(stack, each.logicalId) !== each.type.type),
  );
  for (const id of order) {
    const { desired, diagnostics: problems } = desire(instance, typeOf(id), id, environment, (properties) =>
      nameOf(id, properties, "current"),
    );
    diagnostics.push(
      ...problems,
      ...checkProperties(desired.type, desired.properties, desired.evaluated, options.specification),
    );
  }
  const removedChildren = base ? await findRemovedChildren(base, registry, active, environment, lists, undeclared) : [];
  return {
    instance,
    order,
    references,
    types: new Map(active.map((id) => [id, typeOf(id)])),
    parentTypes: parentsOf(registry),
    live,
    adopting,
    leftOvers: await confirmOwned(instance, leftOvers),
    undeclared,
    removedChildren,
    unowned,
    nameOf,
    ...(base && { base, baseReferences: referencesOf(base, registry) }),
    blind: blinded(instance),
    diagnostics: unique(diagnostics),
  };
}

function parentsOf<C>(registry: Registry<C>): Map<string, ResourceType<C>> {
  const names = registry
    .all()
    .flatMap((type) => (type.within && registry.has(type.within.type) ? [type.within.type] : []));
  return new Map(names.map((name) => [name, typeNamed(registry, name)]));
}

function typeNamed<C>(registry: Registry<C>, name: string): ResourceType<C> {
  const type = registry.get(name);
  if (!type) throw new Error(`there is no type ${name}`);
  return type;
}

function typeName(stack: Stack, logicalId: string): string {
  return stack.template.resources.get(logicalId)?.type ?? "";
}

function plainCircumstances(owner: string): Circumstances {
  return { owner, children: new Map(), ignore: [], exclusive: [] };
}

async function openStack<C extends Cloud>(stack: Stack, options: ObserveOptions<C>): Promise<StackInstance<C>> {
  const cloud = await options.connect(stack);
  const requests = inputsOf(stack, {
    "AWS::AccountId": cloud.account,
    "AWS::Region": cloud.region,
    "AWS::Partition": cloud.partition,
  });
  const inputs = new Map(
    await settleAll(
      requests.map(async (request): Promise<[string, Known]> => {
        if (request.kind !== "env") return [inputKey(request), await cloud.input(request)];
        const value = options.environment[request.name];
        if (value === undefined) throw new DiagnosticError(missingVariable(request.name, request.place));
        return [inputKey(request), { value, sensitive: true }];
      }),
    ),
  );
  const { parameters, diagnostics } = resolveParameters(stack, inputs);
  const errors = diagnostics.filter((each) => each.severity === "error");
  if (errors.length > 0) throw new DiagnosticError(errors);
  const { account, region, partition } = cloud;
  return {
    stack,
    cloud,
    location: { account, region, partition },
    owner: ownerOf(stack.project.name, stack.name, region),
    parameters,
    inputs,
  };
}

/** The stack as base declares it, read with head's outside values; one that only base asks for is unknown. */
function rebased<C extends Cloud>(instance: StackInstance<C>, stack: Stack | undefined): StackInstance<C> | undefined {
  if (!stack) return undefined;
  const inputs = new Map(
    inputsOf(stack).map((request) => [
      inputKey(request),
      instance.inputs.get(inputKey(request)) ?? unread(inputKey(request)),
    ]),
  );
  return { ...instance, stack, inputs, parameters: resolveParameters(stack, inputs).parameters };
}

function referencesOf<C extends Cloud>(
  instance: StackInstance<C>,
  registry: Registry<C>,
): Map<string, readonly Reference[]> {
  const environment = environmentOf(instance, (id, attribute) => unread(attribute ? `${id}.${attribute}` : id));
  const ids = activeResources(instance.stack.template, environment).filter((id) =>
    registry.has(typeName(instance.stack, id)),
  );
  return new Map(ids.map((id) => [id, evaluateResource(instance.stack.template, id, environment).references]));
}

function blinded<C extends Cloud>(instance: StackInstance<C>): StackInstance<C> {
  const inputs = new Map([...instance.inputs.keys()].map((key) => [key, unread(key)]));
  return { ...instance, inputs, parameters: resolveParameters(instance.stack, inputs).parameters };
}

function unread(key: string): Known {
  return { value: new Unknown([key], "unread") };
}

/** A variable of the environment that a stack file asks for and that is not set: a note where nothing is contacted, an error where it is needed. */
export function missingVariable(
  name: string,
  place: Diagnostic["place"],
  severity: Diagnostic["severity"] = "error",
): Diagnostic {
  return {
    code: "input.env-missing",
    severity,
    message: `The environment variable ${name} is not set.`,
    remedy: `set it for this run; in GitHub Actions: env: { ${name}: \${{ secrets.${name} }} }`,
    ...(place && { place }),
  };
}

async function concernedTypes<C extends Cloud>(
  instance: StackInstance<C>,
  registry: Registry<C>,
  active: readonly string[],
  base: Stack | undefined,
): Promise<ResourceType<C>[]> {
  const { stack } = instance;
  const names = new Set(active.map((id) => typeName(stack, id)));
  for (const each of base?.template.resources.values() ?? []) names.add(each.type);
  for (const name of await instance.cloud.ownedTypes(instance.owner)) names.add(name);
  for (const type of registry.all()) if (type.alwaysListed) names.add(type.type);
  return [...names].filter((name) => registry.has(name)).map((name) => typeNamed(registry, name));
}

/** Reads everything whose listed tags say that it is ours, and believes only what the read says. */
async function readTagged<C extends Cloud>(
  instance: StackInstance<C>,
  registry: Registry<C>,
  lists: ReadonlyMap<string, readonly Found[]>,
): Promise<Owned<C>[]> {
  const candidates = [...lists].flatMap(([name, items]) =>
    items
      .filter((item) => ownerInTags(item.tags, item.identifier) === instance.owner)
      .map((item) => ({ type: typeNamed(registry, name), identifier: item.identifier })),
  );
  const read = await settleAll(
    candidates.map(async ({ type, identifier }): Promise<Owned<C>[]> => {
      const observed = await type.handlers.read(instance.cloud, identifier);
      if (!observed || type.handlers.gone?.(observed) || ownerInTags(observed.tags, identifier) !== instance.owner)
        return [];
      const resource = parseResourceTag(observed.tags?.[resourceTag]);
      return resource?.type === type.type ? [{ logicalId: resource.logicalId, type, observed }] : [];
    }),
  );
  return read.flat();
}

/** What is about to be deleted is ours by the service's own word, not by an index. */
async function confirmOwned<C extends Cloud>(
  instance: StackInstance<C>,
  owned: readonly Owned<C>[],
): Promise<Owned<C>[]> {
  const confirmed = await settleAll(
    owned.map(async (each) => ({ ...each, observed: await confirmTags(each.type, instance.cloud, each.observed) })),
  );
  return confirmed.filter(
    ({ observed }) => observed.tags === null || ownerInTags(observed.tags, observed.identifier) === instance.owner,
  );
}

/** What lives under the natural key of something declared that no tag led to. */
async function findByKey<C extends Cloud>(
  instance: StackInstance<C>,
  type: ResourceType<C>,
  desired: Desired,
  list: readonly Found[],
): Promise<Observed | undefined> {
  const { cloud } = instance;
  const adopt = instance.stack.template.resources.get(desired.logicalId)?.reconcile.adopt;
  if (typeof adopt === "string") return present(type, cloud, type.handlers.read(cloud, adopt));
  const keys = keysOf(instance, type, desired);
  const listed = list.find((item) => naturalKeysOf(item).some((key) => keys.includes(key)));
  if (listed) return present(type, cloud, type.handlers.read(cloud, listed.identifier));
  const named = type.absence === "read-by-name" && type.identifier.every((part) => part in desired.properties);
  const [key] = keys;
  return named && key !== undefined ? present(type, cloud, type.handlers.read(cloud, key)) : undefined;
}

/** Whose it is decides what may be done with it: its tags are the service's own word. */
async function present<C extends Cloud>(
  type: ResourceType<C>,
  cloud: C,
  reading: Promise<Observed | undefined>,
): Promise<Observed | undefined> {
  const observed = await reading;
  return observed && !type.handlers.gone?.(observed) ? confirmTags(type, cloud, observed) : undefined;
}

function naturalKeysOf(item: Found): readonly string[] {
  return typeof item.naturalKey === "string" ? [item.naturalKey] : (item.naturalKey ?? [item.identifier]);
}

/** The natural keys under which a declared resource may live: its name's, or those of all its generated names. */
function keysOf(instance: StackInstance, type: ResourceType, desired: Desired): string[] {
  const generated = desired.generatedName;
  if (!generated) return [naturalKey(type, desired.properties)].filter((key) => key !== undefined);
  const names = Array.from({ length: nameGenerations }, (_, n) => generatedName(instance, type, desired.logicalId, n));
  return names
    .map((name) => naturalKey(type, { ...desired.properties, [generated.property]: name }))
    .filter((key) => key !== undefined);
}

/** undefined: the type has none, or it holds something that does not exist yet, so that nothing can live under it. */
function naturalKey(type: ResourceType, properties: Properties): string | undefined {
  const key = type.naturalKey?.(properties);
  return typeof key === "string" ? key : undefined;
}

function generatedName(instance: StackInstance, type: ResourceType, logicalId: string, n: number): string {
  const rules = generatedNameOf(type.shape)?.rules ?? { max: 64, characters: "a-z0-9-" };
  return generateName({ stack: instance.stack.name, owner: instance.owner, logicalId, n, rules });
}

function naming<C extends Cloud>(
  instance: StackInstance<C>,
  typeOf: (id: string) => ResourceType<C>,
  lists: ReadonlyMap<string, readonly Found[]>,
  live: ReadonlyMap<string, Observed>,
): StackWorld<C>["nameOf"] {
  return (logicalId, properties, generation) => {
    const type = typeOf(logicalId);
    const property = generatedNameOf(type.shape)?.property;
    if (!property) return undefined;
    const current = live.get(logicalId)?.properties[property];
    if (generation === "current" && typeof current === "string") return current;
    const taken = new Set((lists.get(type.type) ?? []).flatMap(naturalKeysOf));
    for (let n = 0; n < nameGenerations; n++) {
      const name = generatedName(instance, type, logicalId, n);
      const key = naturalKey(type, { ...properties, [property]: name });
      if (name !== current && (key === undefined || !taken.has(key))) return name;
    }
    return undefined;
  };
}

type Claim = { kind: "ours" } | { kind: "adopt" } | { kind: "refused"; owner?: string; diagnostic: Diagnostic };

/** Whose is what lives under a declared natural key? The table of owners in the architecture, from its second row on. */
function claimOf(instance: StackInstance, desired: Desired, observed: Observed, active: readonly string[]): Claim {
  const { logicalId, type } = desired;
  const declaration = instance.stack.template.resources.get(logicalId);
  const owner = ownerInTags(observed.tags, observed.identifier);
  const isChild = type.within !== undefined;
  if (owner === instance.owner) {
    const tag = observed.tags?.[resourceTag];
    const other = parseResourceTag(tag);
    // A slot changes hands inside a stack without a trace: from parent to child, or from one child to another that replaces it.
    if (tag === resourceOf(logicalId, type.type) || (isChild && !active.includes(other?.logicalId ?? "")))
      return { kind: "ours" };
    if (isChild && other?.type !== type.type) return { kind: "ours" };
    return refusal(
      desired,
      observed,
      owner,
      `It is ${other?.logicalId ?? "another resource"} of this stack.`,
      `give ${logicalId} a name of its own, or keep the logical id ${other?.logicalId ?? ""}`,
    );
  }
  if (owner !== undefined)
    return refusal(
      desired,
      observed,
      owner,
      `It belongs to ${owner}.`,
      "remove it there first, or give it another name here",
    );
  const stackName = observed.tags?.["aws:cloudformation:stack-name"];
  if (stackName !== undefined) {
    return refusal(
      desired,
      observed,
      undefined,
      `It belongs to the CloudFormation stack ${stackName}.`,
      "remove it from that stack with DeletionPolicy Retain first, then add Metadata: { Reconcile: { adopt: true } }",
    );
  }
  if (observed.tags?.[ownerTag] !== undefined) {
    return refusal(
      desired,
      observed,
      undefined,
      "It is a copy that carries another resource's tags.",
      `remove its tag ${ownerTag}, then adopt it, or give ${logicalId} another name`,
    );
  }
  if (declaration?.reconcile.adopt !== undefined) return { kind: "adopt" };
  // A child that cannot be told apart by a tag of its own is ours while we declare it. A generated name is proof enough for what cannot be tagged.
  if (isChild || (observed.tags === null && desired.generatedName)) return { kind: "ours" };
  return refusal(
    desired,
    observed,
    undefined,
    "Nothing says that it is ours.",
    "add Metadata: { Reconcile: { adopt: true } } to take it over, or give it another name",
  );
}

function refusal(
  desired: Desired,
  observed: Observed,
  owner: string | undefined,
  whose: string,
  remedy: string,
): Claim {
  const diagnostic: Diagnostic = {
    code: owner === undefined ? "exists.not-ours" : "exists.other-owner",
    severity: "error",
    message: `${observed.identifier} exists already. ${whose}`,
    remedy,
    resource: `${desired.logicalId} (${desired.type.type})`,
    place: desired.evaluated.placeOf(""),
  };
  return { kind: "refused", ...(owner !== undefined && { owner }), diagnostic };
}

/** What base's declarations refer to may have left the template, and still be there. */
function baseEnvironment<C extends Cloud>(
  base: StackInstance<C>,
  environment: Environment,
  owned: readonly Owned<C>[],
): Environment {
  return {
    ...environment,
    parameters: base.parameters,
    attribute(id, attribute) {
      const known = environment.attribute(id, attribute);
      const gone = known.value instanceof Unknown ? owned.find((each) => each.logicalId === id) : undefined;
      return (gone && liveAttribute(gone.type, gone.observed, attribute)) ?? known;
    },
  };
}

/** Children have no tags to be found by once they have left the template, but base says where they were. */
async function findRemovedChildren<C extends Cloud>(
  base: StackInstance<C>,
  registry: Registry<C>,
  active: readonly string[],
  environment: Environment,
  lists: ReadonlyMap<string, readonly Found[]>,
  undeclared: readonly Owned<C>[],
): Promise<Owned<C>[]> {
  const removed = [...base.stack.template.resources.values()].filter(
    (each) => !active.includes(each.logicalId) && registry.has(each.type) && typeNamed(registry, each.type).within,
  );
  const outer = baseEnvironment(base, environment, undeclared);
  const children = await settleAll(
    removed.map(async ({ logicalId, type: name }): Promise<Owned<C>[]> => {
      const type = typeNamed(registry, name);
      const { desired } = desire(base, type, logicalId, outer, () => undefined);
      const observed = await findByKey(base, type, desired, lists.get(name) ?? []);
      const known = undeclared.some(
        (each) => each.observed.identifier === observed?.identifier && each.type.type === name,
      );
      const owner = observed && ownerInTags(observed.tags, observed.identifier);
      return observed && !known && (owner === undefined || owner === base.owner) ? [{ logicalId, type, observed }] : [];
    }),
  );
  return children.flat();
}
