import type { Cloud } from "../resource/model.ts";
import type { Registry } from "../resource/registry.ts";
import { type Linkable, linkStacks } from "../stack/exports.ts";
import { inputKey } from "../stack/input-key.ts";
import type { Stack } from "../stack/model.ts";
import { recording } from "../stack/recording.ts";
import { evaluateResource } from "../template/evaluate.ts";
import type { InputRequest } from "../template/model.ts";
import { partyOf } from "../validate/imports.ts";
import { needed, reducedTo } from "./neighbour.ts";

/** What stacks import from one another and from the project's others, as far as the files say. */
export interface OfflineLinks {
  /** What is read of the others: each with nothing but the resources that outputs which are imported are made of, or that use what the stacks export. */
  neighbours: readonly Stack[];
  /** Does a stack of the project give what a stack asks for? If not, it is CloudFormation's. */
  isGiven(by: Stack, request: InputRequest): boolean;
}

/** What these stacks give one another, and what they take from their neighbours, as far as files say. */
export function linksOffline<C extends Cloud>(
  stacks: readonly Stack[],
  neighbours: readonly Stack[],
  registry: Registry<C>,
): OfflineLinks {
  const own = stacks.map((stack) => partyOf(stack, {}));
  const others = neighbours.map((stack): Linkable => ({ ...partyOf(stack, {}), isNeighbour: true }));
  const { found } = linkStacks([...own, ...others], [...own, ...others]);
  const wanted = new Map<Linkable, { outputs: Set<string>; resources: Set<string> }>();
  const of = (party: Linkable) => {
    const known = wanted.get(party) ?? { outputs: new Set(), resources: new Set() };
    wanted.set(party, known);
    return known;
  };
  const reduced = ({ stack, environment }: Linkable, resources: readonly string[], outputs: readonly string[]): Stack =>
    reducedTo(stack, needed({ stack, resources, outputs, offline: environment }, registry), outputs);

  /** What is imported may be made of what is imported itself: only what is wanted of a neighbour counts. */
  function follow(by: Linkable, asked: Linkable): void {
    const keys = new Set(asked.requests.map(inputKey));
    for (const { from, output } of found.filter((link) => link.by === by && keys.has(inputKey(link.request)))) {
      if (own.includes(from) || of(from).outputs.has(output)) continue;
      of(from).outputs.add(output);
      follow(from, partyOf(reduced(from, [], [output]), {}));
    }
  }
  for (const party of own) follow(party, party);
  for (const { by, from, request } of found) {
    if (request.kind !== "export" || own.includes(by) || !own.includes(from)) continue;
    const { template } = by.stack;
    for (const id of template.resources.keys()) {
      const { keys } = recording(by.environment, (each) => evaluateResource(template, id, each));
      if (keys.has(inputKey(request))) of(by).resources.add(id);
    }
  }
  const given = new Set(found.map(({ by, request }) => `${by.stack.name} ${inputKey(request)}`));
  return {
    neighbours: [...wanted].map(([party, { resources, outputs }]) => reduced(party, [...resources], [...outputs])),
    isGiven: (by, request) => given.has(`${by.name} ${inputKey(request)}`),
  };
}
