import { isMap, type Node } from "yaml";
import type { Place } from "../../diagnostic.ts";
import { concatenate } from "../concatenate.ts";
import { badForm, evaluateNode, listArguments, literalText } from "../node.ts";
import { entriesOf, rangeOf } from "../nodes.ts";
import { everywhere, type IntrinsicFunction, reportAt, type Scope } from "../scope.ts";
import { failed, type Term } from "../term.ts";
import { attributeOf, cut, refer } from "./reference.ts";

export const sub: IntrinsicFunction = {
  name: "Fn::Sub",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax, shown to the user.
  form: '!Sub "text with ${Name}", or a list of the text and a map of further names',
  positions: everywhere,
  evaluate(scope, argument, node) {
    const text = literalText(scope, argument, node);
    if (text !== undefined) return substitute(scope, text, argument, new Map(), node);
    const parts = listArguments(argument, node);
    const [first, second] = parts ?? [];
    const template = first && literalText(scope, first);
    const names = second && scope.template.target(second);
    if (template === undefined || !first || !names || parts?.length !== 2) return badForm(scope, argument, sub);
    if (!isMap(names)) return badForm(scope, names, sub, "the second part is a map of names.");
    const variables = new Map<string, Term>();
    for (const { key, keyNode, value } of entriesOf(names)) {
      variables.set(key, value ? evaluateNode(scope, value) : badForm(scope, keyNode, sub, `"${key}" has no value.`));
    }
    return substitute(scope, template, scope.template.target(first), variables, node);
  },
};

/** Everything of the form `${…}`. Not by a regular expression: on a text full of "${" and without "}" it would look for the end again and again. */
function variablesIn(text: string): { start: number; whole: string }[] {
  const found: { start: number; whole: string }[] = [];
  for (let end = 0; ; ) {
    const start = text.indexOf("${", end);
    const close = start < 0 ? -1 : text.indexOf("}", start);
    if (close < 0) return found;
    end = close + 1;
    found.push({ start, whole: text.slice(start, end) });
  }
}

const validName = /^[A-Za-z0-9_.:]+$/;

function substitute(
  scope: Scope,
  text: string,
  textNode: Node,
  variables: ReadonlyMap<string, Term>,
  node: Node,
): Term {
  const parts: (string | Term)[] = [];
  const places = variablePlaces(scope, textNode);
  let end = 0;
  for (const { start, whole } of variablesIn(text)) {
    parts.push(text.slice(end, start));
    end = start + whole.length;
    // CloudFormation takes blanks around a name.
    const name = whole.slice(2, -1).trim();
    const place = places(whole);
    parts.push(name.startsWith("!") ? `\${${name.slice(1)}}` : resolve(scope, name, variables, textNode, place));
  }
  parts.push(text.slice(end));
  return concatenate(scope, node, parts, "", sub);
}

function resolve(scope: Scope, name: string, variables: ReadonlyMap<string, Term>, node: Node, place: Place): Term {
  const own = variables.get(name);
  if (own) return own;
  if (!validName.test(name)) {
    reportAt(scope, place, {
      code: "sub.variable",
      message: `"\${${name}}" is not a name that Fn::Sub can replace.`,
      remedy: `Use letters, digits, "_", "." and ":" only; write "\${!${name}}" to keep the text as it is.`,
    });
    return failed(node);
  }
  const [logicalId, attribute] = cut(name);
  return attribute === undefined
    ? refer(scope, name, node, place)
    : attributeOf(scope, logicalId, attribute, node, place);
}

/** Gives, one call after the other, the places where variables stand in the source; that of the whole text where an escape hides them. */
function variablePlaces(scope: Scope, node: Node): (whole: string) => Place {
  const { source, placeAt, placeOf } = scope.template;
  const [start, end] = rangeOf(node);
  const written = source.text.slice(start, end);
  let from = 0;
  return (whole) => {
    const index = written.indexOf(whole, from);
    // Once one is hidden, the order of the others says nothing any more.
    from = index < 0 ? written.length : index + whole.length;
    if (index < 0) return placeOf(node);
    const found = start + index;
    // The name is underlined, not its braces; where there is no name, they are.
    return whole.length > 3 ? placeAt(found + 2, found + whole.length - 1) : placeAt(found, found + whole.length);
  };
}
