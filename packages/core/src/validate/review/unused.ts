import type { Node } from "yaml";
import type { Place } from "../../diagnostic.ts";
import type { Finding, Review, ReviewedStack } from "./model.ts";

const remedy = "Remove it, or use it.";

export const unusedParameter: Review = {
  id: "unused.parameter",
  severity: "note",
  title: "A parameter is used nowhere",
  about: "Nothing in the template refers to a parameter: what is given for it has no effect.",
  remedy,
  stack: (stack) => unused(stack, "parameter", stack.template.parameters, isReferred, (_, { place }) => place),
};

export const unusedMapping: Review = {
  id: "unused.mapping",
  severity: "note",
  title: "A mapping is used nowhere",
  about: "No Fn::FindInMap names a mapping.",
  remedy,
  stack: (stack) => unused(stack, "mapping", stack.template.mappings, isMentioned, placeOfMention(stack)),
};

export const unusedCondition: Review = {
  id: "unused.condition",
  severity: "note",
  title: "A condition is used nowhere",
  about: "No resource, output, function or other condition names a condition.",
  remedy,
  stack: (stack) => unused(stack, "condition", stack.template.conditions, isMentioned, placeOfMention(stack)),
};

/** What nothing uses stands once in the text: where it is declared. Its node may be that of another, of which it is an alias. */
function placeOfMention({ template }: ReviewedStack): (name: string, node: Node) => Place {
  return (name, node) => {
    const start = template.source.text.search(new RegExp(`(?<![A-Za-z0-9])${name}(?![A-Za-z0-9])`));
    return start < 0 ? template.placeOf(node) : template.placeAt(start, start + name.length);
  };
}

/** What loops and macros make of a text is not known: nothing is said of a template that has some. */
function unused<T>(
  stack: ReviewedStack,
  kind: string,
  declared: ReadonlyMap<string, T>,
  isUsed: (words: Words, name: string) => boolean,
  placeOf: (name: string, declaration: T) => Place,
): Finding[] {
  if (declared.size === 0) return [];
  const words = wordsOf(stack);
  if (words.generated) return [];
  return [...declared]
    .filter(([name]) => !isUsed(words, name))
    .map(([name, declaration]) => ({
      at: placeOf(name, declaration),
      message: `Nothing uses the ${kind} "${name}".`,
    }));
}

interface Words {
  /** How often each word stands in the text. */
  counts: ReadonlyMap<string, number>;
  /** What a function refers to. */
  referred: ReadonlySet<string>;
  generated: boolean;
}

const known = new WeakMap<ReviewedStack, Words>();

function wordsOf(stack: ReviewedStack): Words {
  const words = known.get(stack) ?? countWords(stack);
  known.set(stack, words);
  return words;
}

/** The text is searched, not the nodes: what stands in sections that are not evaluated counts as a use. Once, in linear time. */
function countWords({ template, checks }: ReviewedStack): Words {
  const text = [template.source.text, ...checks].join("\n");
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(/[A-Za-z0-9]+/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const referred = new Set<string>();
  const uses =
    /(?:!Ref|\bRef["']?[ \t]*:|!ValueOf|ValueOf["']?[ \t]*:)[\s["'>|-]*([A-Za-z0-9]+)|\$\{[ \t]*([A-Za-z0-9]+)[ \t]*[}.]/g;
  for (const [, name, variable = ""] of text.matchAll(uses)) referred.add(name ?? variable);
  return {
    counts,
    referred,
    generated: /\bFn::(ForEach|Transform)\b|!Transform\b|^["']?Transform["']?\s*:/m.test(text),
  };
}

/** Names of parameters are ordinary words: "Environment" stands in many templates. */
function isReferred({ referred }: Words, name: string): boolean {
  return referred.has(name);
}

/** Once is its declaration. Names with other characters are refused elsewhere. */
function isMentioned({ counts }: Words, name: string): boolean {
  return (counts.get(name) ?? 0) > 1 || /[^A-Za-z0-9]/.test(name);
}
