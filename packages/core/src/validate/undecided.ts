import type { Diagnostic, Place } from "../diagnostic.ts";
import type { Active } from "../template/evaluate.ts";
import type { Template } from "../template/model.ts";
import { listed } from "./words.ts";

/** What waits for the same. */
interface Group {
  sources: readonly string[];
  names: string[];
  first: { place: Place; condition?: { name: string; place: Place } };
}

/**
 * What is part of the stack or not by a value of one of its resources: only the conditions of nested stacks can be made of those, and what there is to be is decided before
 * anything is read. One diagnostic for all that wait for the same.
 */
export function checkUndecided(template: Template, { undecided }: Pick<Active, "undecided">): Diagnostic[] {
  const groups = new Map<string, Group>();
  for (const [name, declaration] of [...template.resources, ...template.outputs]) {
    const sources = undecided.get(name)?.sources;
    if (!sources) continue;
    const group = groups.get(sources.join()) ?? { sources, names: [], first: declaration };
    groups.set(sources.join(), { ...group, names: [...group.names, name] });
  }
  return [...groups.values()].flatMap((group) => {
    const used = [...template.resources].filter(([id]) =>
      group.sources.some((source) => source === id || source.startsWith(`${id}.`)),
    );
    return used.length > 0 ? [undecidable(group, used)] : [];
  });
}

function undecidable(
  { sources, names, first: { place, condition } }: Group,
  used: readonly [string, { place: Place }][],
): Diagnostic {
  return {
    code: "nested.condition",
    severity: "error",
    message: `Whether ${listed(names, 3)} ${names.length > 1 ? "are" : "is"} part of the stack depends on ${sources.join(", ")}, which is not known before resources are read.`,
    remedy:
      'Give the nested stack another parameter for it, with a value that is written out ("true"), and let the condition compare that. Whether an identifier is given, !Equals [!Ref Name, ""], is known without reading.',
    place,
    related: [
      ...(condition ? [{ message: `The condition "${condition.name}" decides it.`, place: condition.place }] : []),
      ...used.map(([id, declaration]) => ({ message: `"${id}" is declared here.`, place: declaration.place })),
    ],
  };
}
