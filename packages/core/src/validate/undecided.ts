import type { Diagnostic } from "../diagnostic.ts";
import type { Active } from "../template/evaluate.ts";
import type { Template } from "../template/model.ts";
import { listed } from "./words.ts";

/**
 * What is part of the stack or not by a value of one of its resources: only the conditions of nested stacks can be made of those, and what there is to be is decided before
 * anything is read. One diagnostic for all that wait for the same.
 */
export function checkUndecided(template: Template, { undecided }: Pick<Active, "undecided">): Diagnostic[] {
  const groups = new Map<string, string[]>();
  for (const [name, { sources }] of undecided) {
    const key = sources.join(", ");
    const names = groups.get(key) ?? [];
    names.push(name);
    groups.set(key, names);
  }
  return [...groups].flatMap(([key, names]) => {
    const used = key.split(", ").flatMap((source) => template.resources.get(source.split(".", 1)[0] ?? "") ?? []);
    return used.length > 0 ? [undecidable(template, names, key, used)] : [];
  });
}

function undecidable(
  { resources, outputs }: Template,
  names: readonly string[],
  sources: string,
  used: readonly { logicalId: string; place: NonNullable<Diagnostic["place"]> }[],
): Diagnostic {
  const [declaration] = names.flatMap((name) => resources.get(name) ?? outputs.get(name) ?? []);
  const { condition } = declaration ?? {};
  return {
    code: "nested.condition",
    severity: "error",
    message: `Whether ${listed(names, 3)} ${names.length > 1 ? "are" : "is"} part of the stack depends on ${sources}, which is not known before resources are read.`,
    remedy:
      'Give the nested stack another parameter for it, with a value that is written out ("true"), and let the condition compare that. Whether an identifier is given, !Equals [!Ref Name, ""], is known without reading.',
    ...(declaration && { place: declaration.place }),
    related: [
      ...(condition ? [{ message: `The condition "${condition.name}" decides it.`, place: condition.place }] : []),
      ...used.map(({ logicalId, place }) => ({ message: `"${logicalId}" is declared here.`, place })),
    ],
  };
}
