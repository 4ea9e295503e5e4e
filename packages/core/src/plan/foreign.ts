import { recording } from "../stack/recording.ts";
import { evaluateOutput } from "../template/evaluate.ts";
import type { Environment } from "../template/model.ts";
import { environmentOf } from "./environment.ts";
import type { ForeignReference, ImportSource, StackInstance } from "./model.ts";
import { unreadAttributes } from "./open-stack.ts";

/** Runs an evaluation, and gives with its result the resources of other stacks from whose values it was made. */
export function withForeign<T>(
  instance: StackInstance,
  environment: Environment,
  evaluate: (environment: Environment) => T,
): { result: T; foreign: ForeignReference[] } {
  const { result, keys } = recording(environment, evaluate);
  return { result, foreign: [...keys].flatMap((key) => resourcesBehind(instance.imports.get(key))) };
}

/** The resources that an output of another stack is made of, and those behind what it imports itself. */
export function resourcesBehind(source: ImportSource | undefined): ForeignReference[] {
  if (!source) return [];
  const { instance, output } = source;
  const environment = environmentOf(instance, unreadAttributes);
  const { result, foreign } = withForeign(instance, environment, (recording) =>
    evaluateOutput(instance.stack.template, output, recording),
  );
  return [...result.references.map(({ logicalId }) => ({ stack: instance.stack.name, logicalId })), ...foreign];
}
