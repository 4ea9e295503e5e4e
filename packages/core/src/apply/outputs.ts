import { type AttributesOf, environmentOf } from "../plan/environment.ts";
import type { StackInstance } from "../plan/model.ts";
import { evaluateConditions, evaluateOutput } from "../template/evaluate.ts";
import type { Output } from "./model.ts";

/** The outputs of a stack, from live values. One whose condition does not hold is left out. */
export function outputsOf(instance: StackInstance, attributesOf: AttributesOf): Output[] {
  const environment = environmentOf(instance, attributesOf);
  const { template } = instance.stack;
  const own = [...evaluateConditions(template, environment).outputs].filter(
    (name) => !template.outputs.get(name)?.within,
  );
  return own.map((name): Output => {
    const { known } = evaluateOutput(template, name, environment);
    const description = template.outputs.get(name)?.description;
    return {
      name,
      value: known.value,
      sensitive: known.sensitive === true,
      ...(description !== undefined && { description }),
    };
  });
}
