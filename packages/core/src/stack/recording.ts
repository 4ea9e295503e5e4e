import type { Environment } from "../template/model.ts";
import { inputKey } from "./input-key.ts";

/** Runs an evaluation, and gives with its result the keys of the outside values that it asked for. */
export function recording<T>(
  environment: Environment,
  evaluate: (environment: Environment) => T,
): { result: T; keys: ReadonlySet<string> } {
  const keys = new Set<string>();
  const result = evaluate({
    ...environment,
    input: (request) => {
      keys.add(inputKey(request));
      return environment.input(request);
    },
  });
  return { result, keys };
}
