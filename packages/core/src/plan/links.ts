import { type Diagnostic, DiagnosticError, errorsIn } from "../diagnostic.ts";
import type { Cloud } from "../resource/model.ts";
import { ownerOf } from "../resource/owner.ts";
import { type Linkable, linkStacks, mayExport, mayImport } from "../stack/exports.ts";
import { inputsOf, resolveParameters } from "../stack/index.ts";
import { inputKey } from "../stack/input-key.ts";
import { readLate } from "../stack/late.ts";
import type { Stack } from "../stack/model.ts";
import { recording } from "../stack/recording.ts";
import { evaluateOutput, evaluateResource } from "../template/evaluate.ts";
import type { InputRequest, Known } from "../template/model.ts";
import { offlineEnvironment } from "../validate/offline.ts";
import { unknownsIn } from "../value.ts";
import { environmentOf } from "./environment.ts";
import { knownIn } from "./known-in.ts";
import type { StackInstance } from "./model.ts";
import { type List, openNeighbour } from "./neighbour.ts";
import type { ObserveOptions } from "./observe.ts";
import { askCloud, isOfStack, unreadAttributes } from "./open-stack.ts";
import { settleAll } from "./settle.ts";
import { type Live, liveOrUnknown } from "./world.ts";

/** A stack of the project as links see it: one of the run, or a neighbour, which is opened when something of it is needed. */
interface Party<C extends Cloud> extends Linkable {
  instance?: StackInstance<C>;
  requests: readonly InputRequest[];
}

export interface LinkContext<C extends Cloud> {
  options: ObserveOptions<C>;
  found: List<C>;
  live: Live;
}

/**
 * Finds what the stacks of a run import: outputs of one another, of the project's other stacks, or of CloudFormation's. Rejects with a DiagnosticError for what nobody gives
 * and for stacks that wait for one another. Gives the refusals: exports that would go while a stack which is not part of the run uses them.
 */
export async function linkInstances<C extends Cloud>(
  instances: readonly StackInstance<C>[],
  bases: readonly (StackInstance<C> | undefined)[],
  context: LinkContext<C>,
): Promise<Diagnostic[]> {
  const present = bases.filter((base) => base !== undefined);
  const [first] = instances;
  if (!first || ![...instances, ...present].some(({ stack }) => mayImport(stack) || mayExport(stack))) return [];
  const { neighbours = [], destroy } = context.options;
  const parties = instances.map(partyOf);
  const others = neighbours.map((stack) => neighbourOf<C>(stack, first));
  const all = [...parties, ...others];
  const links = linkStacks(all, all);
  const errors = errorsIn(links.diagnostics);
  if (errors.length > 0) throw new DiagnosticError(errors);
  const opened = new Map<string, Promise<StackInstance<C>>>();
  await settleAll(instances.map(connect));

  /** Every stack's imports are known before its resources are looked at: nothing waits for itself, as there are no cycles. */
  async function connect(instance: StackInstance<C>): Promise<void> {
    // Which links a neighbour needs is known once it is opened: only what is wanted of it counts.
    const needed = new Set(requestsOf(instance).map(inputKey));
    const isOf = (each: { by: Party<C>; request: InputRequest }) =>
      each.by.stack.name === instance.stack.name && needed.has(inputKey(each.request));
    await settleAll([
      ...links.found.filter(isOf).map(async ({ from, request, output }) => {
        const source = from.instance ?? (await openFor(from, output));
        setIn(instance.imports, inputKey(request), { instance: source, output });
        if (!from.instance && !destroy) refuseAbsent(source, output, request, context);
      }),
      ...links.missing.filter(isOf).map(async ({ request, ...more }) => {
        const known = await fromOutside(request, instance);
        if (known) setIn(instance.inputs, inputKey(request), known);
        else if (!destroy) throw new DiagnosticError(undefinedImport(request, more));
      }),
    ]);
  }

  function openFor(party: Party<C>, output: string): Promise<StackInstance<C>> {
    const { options, found, live } = context;
    const wanted = { stack: party.stack, resources: [], outputs: [output], offline: party.environment };
    const key = JSON.stringify([party.stack.name, output]);
    const instance = opened.get(key) ?? openNeighbour(wanted, options, found, live, connect);
    opened.set(key, instance);
    return instance;
  }

  const before = present.map(partyOf);
  for (const [index, { imports }] of instances.entries()) {
    const base = bases[index];
    if (base) for (const [key, source] of imports) setIn(base.imports, key, source);
  }
  for (const { by, request, from, output } of linkStacks(before, before).found)
    setIn(by.instance.imports, inputKey(request), { instance: from.instance, output });
  return usedElsewhere(before, destroy ? [] : parties, others, context);
}

/** Stacks that import from one another can only be joined once all of them are there. */
function setIn<V>(map: ReadonlyMap<string, V>, key: string, value: V): void {
  (map as Map<string, V>).set(key, value);
}

function partyOf<C extends Cloud>(instance: StackInstance<C>): Party<C> & { instance: StackInstance<C> } {
  const { stack, location } = instance;
  const environment = environmentOf(instance, unreadAttributes);
  const requests = requestsOf(instance);
  return { instance, stack, environment, requests, account: location.account, region: location.region };
}

/** The values of other stacks that a stack asks for. */
function requestsOf({ stack, location, inputs }: StackInstance): InputRequest[] {
  if (!mayImport(stack)) return [];
  const { account, region, partition } = location;
  const pseudo = { "AWS::AccountId": account, "AWS::Region": region, "AWS::Partition": partition };
  return inputsOf(stack, pseudo, inputs).filter(isOfStack);
}

/** A neighbour as far as it is known without contacting anything; where it does not say where it is, it is where the first stack of the run is. */
function neighbourOf<C extends Cloud>(stack: Stack, { location }: StackInstance): Party<C> {
  const { account = location.account, region = location.region } = stack;
  const { parameters } = resolveParameters(stack, new Map());
  const environment = offlineEnvironment({ ...stack, account, region }, parameters, new Map(), {});
  const requests = mayImport(stack) ? inputsOf(stack, environment.pseudo).filter(isOfStack) : [];
  return { stack, environment, requests, account, region, isNeighbour: true };
}

/** The project's other stacks, as far as their files and what they import from those of the run say. Nothing is read of them. */
export function viewNeighbours<C extends Cloud>(
  neighbours: readonly Stack[],
  instances: readonly StackInstance<C>[],
): StackInstance<C>[] {
  const [first] = instances;
  if (!first) return [];
  const views = new Map(neighbours.map((stack) => [stack, viewOf(neighbourOf<C>(stack, first), first)]));
  for (const { by, request, from, output } of importsOfNeighbours(neighbours, instances))
    setIn(knownIn(views, by).imports, inputKey(request), { instance: from, output });
  return [...views.values()];
}

/** What the project's other stacks import from those of the run. */
export function importsOfNeighbours<C extends Cloud>(
  neighbours: readonly Stack[],
  instances: readonly StackInstance<C>[],
): { by: Stack; request: InputRequest; from: StackInstance<C>; output: string }[] {
  const [first] = instances;
  if (!first) return [];
  const parties = neighbours.filter(mayImport).map((stack) => neighbourOf<C>(stack, first));
  const given = new Map<Party<C>, StackInstance<C>>(instances.map((instance) => [partyOf(instance), instance]));
  return linkStacks(parties, [...given.keys()]).found.map(({ by, from, ...link }) => {
    return { ...link, by: by.stack, from: knownIn(given, from) };
  });
}

function viewOf<C extends Cloud>({ stack, environment, ...at }: Party<C>, beside: StackInstance<C>): StackInstance<C> {
  const { account = beside.location.account, region = beside.location.region } = at;
  return {
    ...beside,
    stack: readLate(stack, environment).stack,
    location: { ...beside.location, account, region },
    owner: ownerOf(stack.project.name, stack.name, region),
    parameters: resolveParameters(stack, new Map()).parameters,
    inputs: new Map(),
    imports: new Map(),
  };
}

/** What no stack of the project gives may be CloudFormation's still; undefined: it is not. */
async function fromOutside(request: InputRequest, { cloud }: StackInstance): Promise<Known | undefined> {
  try {
    return await askCloud(request, cloud);
  } catch (error) {
    const isAbsent = (each: Diagnostic) => each.code === "import.undefined";
    if (error instanceof DiagnosticError && error.diagnostics.every(isAbsent)) return undefined;
    throw error;
  }
}

function undefinedImport(request: InputRequest, more: { remedy: string; related: Diagnostic["related"] }): Diagnostic {
  const { name, stack, place } = request;
  const what = stack ? `has the output "${name}" of a stack "${stack.name}"` : `exports "${name}"`;
  return {
    code: "import.undefined",
    severity: "error",
    message: `Nobody ${what}: no stack of the project, and none of CloudFormation's in this account and region.`,
    remedy: more.remedy,
    place,
    ...(more.related && { related: more.related }),
  };
}

/** What a neighbour gives must be there: nobody makes it in this run. */
function refuseAbsent<C extends Cloud>(
  instance: StackInstance<C>,
  output: string,
  request: InputRequest,
  { options, live }: LinkContext<C>,
): void {
  const { stack } = instance;
  const { known } = evaluateOutput(
    stack.template,
    output,
    environmentOf(instance, liveOrUnknown(live, options.registry)),
  );
  const unknowns = unknownsIn(known.value);
  if (unknowns.length === 0) return;
  throw new DiagnosticError({
    code: "import.not-live",
    severity: "error",
    message: `The stack "${stack.name}" gives this value, but ${unknowns.flatMap((each) => each.sources).join(", ")} is not there yet.`,
    remedy: "Apply that stack first, or both in one run.",
    place: request.place,
    related: [{ message: "The stack that gives it.", place: stack.place }],
  });
}

/** Exports of `before` that `after` does not have, and that a live resource of a neighbour uses. */
async function usedElsewhere<C extends Cloud>(
  before: readonly Party<C>[],
  after: readonly Party<C>[],
  neighbours: readonly Party<C>[],
  { options, found, live }: LinkContext<C>,
): Promise<Diagnostic[]> {
  const kept = new Set(linkStacks(neighbours, [...after, ...neighbours]).found.map((each) => each.request));
  const gone = linkStacks(neighbours, before).found.filter(
    ({ request }) => request.kind === "export" && !kept.has(request),
  );
  const refusals = gone.map(async ({ by, request, from }): Promise<Diagnostic[]> => {
    const { stack, environment } = by;
    const asks = (id: string): boolean =>
      recording(environment, (each) => evaluateResource(stack.template, id, each)).keys.has(inputKey(request));
    const resources = [...stack.template.resources.keys()].filter(asks);
    const wanted = { stack, resources, outputs: [], offline: environment };
    const instance = await openNeighbour(wanted, options, found, live, async () => {});
    const users = resources.filter((id) => live.get(instance.owner)?.has(id));
    return users.length === 0 ? [] : [inUse(request, from.stack, stack, users)];
  });
  return (await settleAll(refusals)).flat();
}

function inUse(request: InputRequest, from: Stack, by: Stack, users: readonly string[]): Diagnostic {
  return {
    code: "export.in-use",
    severity: "error",
    message: `"${request.name}", which "${from.name}" would no longer export, is used by ${users.join(", ")} of the stack "${by.name}", which is not part of this run.`,
    remedy: `First take the import out of "${by.name}" and apply that, or destroy it; or do both stacks in one run.`,
    place: request.place,
  };
}
