import type { Node } from "yaml";
import type { Diagnostic } from "../diagnostic.ts";
import type { ResourceDeclaration, Template } from "../template/model.ts";
import { parseYaml } from "../template/yaml.ts";

/** What is wrong with a value by itself. What is missing, or does not go together, may never come about: conditions exclude one another. */
const ofOneValue = /^property\.(unknown|unsupported|type|value|pattern|length|range)$/;

/**
 * What is wrong in the branches of a resource's `Fn::If`, whichever of them is taken: `check` is given the template once with every condition true, once with every one
 * false.
 */
export function checkBranches(
  template: Template,
  { properties }: Pick<ResourceDeclaration, "properties">,
  check: (template: Template) => readonly Diagnostic[],
): Diagnostic[] {
  const [start = 0, end = 0] = properties?.range ?? [];
  // The range of a node begins behind its tag.
  if (properties?.tag !== "!If" && !/!If\b|Fn::If\b/.test(template.source.text.slice(start, end))) return [];
  return ["!Equals [a, a]", "!Equals [a, b]"].flatMap((text) => {
    const conditions = new Map([...template.conditions.keys()].map((name) => [name, expression(text)]));
    return check({ ...template, conditions }).filter(({ code }) => ofOneValue.test(code));
  });
}

const known = new Map<string, Node>();

function expression(text: string): Node {
  const node = known.get(text) ?? parseYaml({ path: "", text }).value?.root;
  if (!node) throw new Error(`${text} is no expression.`);
  known.set(text, node);
  return node;
}
