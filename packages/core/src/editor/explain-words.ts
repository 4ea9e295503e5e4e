import { listed } from "../validate/words.ts";
import { isRecord } from "../value.ts";
import type { AttributeFacts, Explanation, PropertyExplanation, Support, TypeExplanation } from "./explain.ts";
import type { PropertyFacts } from "./property-facts.ts";

/** What the forms of an explanation have in common in words. */

export const supportWords: Readonly<Record<Support, string>> = {
  native: "Reconcile has a provider for it.",
  "not-yet": "AWS has it, and Reconcile does not support it yet.",
  unsupported: "A feature of CloudFormation's service, which Reconcile does not use.",
};

/** `AWS::EC2::SecurityGroup.SecurityGroupIngress` */
export function titleOf(explanation: Explanation): string {
  if (explanation.kind === "type") return explanation.type;
  return `${explanation.type}.${explanation.kind === "attribute" ? explanation.attribute.name : dotted(explanation.property)}`;
}

function dotted({ path }: PropertyFacts): string {
  return path.slice(1).replaceAll("/*", "").replaceAll("/", ".");
}

/** What matters of a property, in a few words each: for a list. */
export function marksOf(property: PropertyFacts): string[] {
  const { annotation, deprecated, required, replaces, unsupported } = property;
  const undeclared = shortUndeclared(property);
  return [
    ...(deprecated ? ["deprecated"] : []),
    ...(unsupported === undefined ? [] : ["not supported"]),
    ...(required ? ["required"] : []),
    ...(replaces === "no" ? [] : [`a change ${replaces === "maybe" ? "may replace" : "replaces"} the resource`]),
    ...(undeclared === undefined ? [] : [undeclared]),
    ...(annotation.sensitive ? ["never shown"] : []),
    ...(annotation.writeOnly ? ["never read back"] : []),
  ];
}

function shortUndeclared({ annotation, undeclared, default: value }: PropertyFacts): string | undefined {
  if (annotation.generatedName) return "made when not declared";
  if (annotation.tags) return "compared key by key";
  if (value !== undefined && !isEmpty(value)) return `default ${valueText(value)}`;
  switch (undeclared) {
    case "absent":
      return "undeclared: not there";
    case "shared":
      return "undeclared: left to others";
    case "one-of":
      return `undeclared: ${listed((annotation.values ?? []).map(valueText))}`;
    default:
      return undefined;
  }
}

/** What is known, by name. */
export type Fact = [name: string, text: string];

/** All that is known of a property. */
export function factsOf({ property, children, support }: PropertyExplanation): Fact[] {
  const { annotation, allowed, references, replaces, unsupported } = property;
  const changes = {
    yes: "replaces the resource",
    maybe: "may replace the resource",
    no: "updates the resource in place",
  };
  const reason = unsupported && `: ${unsupported}`;
  return [
    ["Type", property.type],
    ...row("Allowed", allowed && listed(allowed.map(valueText), 60)),
    ["Required", property.required ? "yes" : "no"],
    ...row("Undeclared", undeclaredText(property)),
    ["A change", changes[replaces]],
    ...row("Refers to", references.map((each) => `${each.type}.${each.property}`).join(", ")),
    ...row("Compared", comparedText(property)),
    ...row("Secret", annotation.sensitive && "its value is never shown"),
    ...row("Read back", annotation.writeOnly && "never: it is sent, and not compared"),
    ...row("On their own", children.length > 0 && `an element can also be declared as ${children.join(", ")}`),
    ...row("Deprecated", property.deprecated && "AWS says so"),
    ...row("Supported", unsupported === undefined ? support !== "native" && supportWords[support] : `not yet${reason}`),
  ];
}

function row(name: string, text: string | false | undefined): Fact[] {
  return text ? [[name, text]] : [];
}

function undeclaredText({
  annotation,
  properties: below,
  required,
  undeclared,
  default: value,
}: PropertyFacts): string | undefined {
  if (required) return undefined;
  if (annotation.generatedName) return `a name is made for it, of at most ${annotation.generatedName.max} characters`;
  if (annotation.tags) return "only Reconcile's own tags; foreign ones are left and noted";
  switch (undeclared) {
    case "default":
      return isEmpty(value) && below.length > 0
        ? "the defaults of its own properties"
        : `${valueText(value)}, AWS's default: a live value that differs is a change`;
    case "absent":
      return "not there: a live value is a change";
    case "shared":
      return "left alone and noted, because AWS or another resource also writes it";
    case "one-of":
      return `${listed((annotation.values ?? []).map(valueText))}: the default depends on date, account or region, and none of these is a change; to take a declared one away is refused`;
    case "computed":
      return "AWS decides: whatever is there is left alone; to take a declared one away is refused";
    default:
      return value === undefined ? undefined : `${valueText(value)}, AWS's default`;
  }
}

function comparedText({ annotation }: PropertyFacts): string | undefined {
  if (annotation.document === "policy") return "as IAM reads a policy, not as text";
  if (annotation.document === "json") return "by value, not as text";
  if (annotation.tags) return "key by key";
  if (annotation.list === "unordered") return "without regard to order";
  return annotation.list && `element by element, by ${listed(annotation.list.keyed)}`;
}

/** An object that is there even when nobody declares it, with its own defaults inside. */
function isEmpty(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}

function valueText(value: unknown): string {
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}

/** What there is to know of a provider. A name that comes again stands for one more of its kind. */
export function providerFacts({ provider }: TypeExplanation): Fact[] {
  if (!provider) return [];
  const { actions, children, departures, holdsData, parent, scope } = provider;
  const emptied = holdsData === "ask" ? ", unless AWS says that it is empty" : "";
  return [
    ["Lives in", scope === "region" ? "a region" : "the account, in every region"],
    ...row("Belongs to", parent && `${parent.type}, named by ${parent.identifiedBy}`),
    ...children.flatMap(({ type, property, undeclared }) =>
      row("Children", `${type}${property === undefined ? "" : `, elements of ${property}`}: ${undeclared}`),
    ),
    ...row("Holds data", holdsData && `deleting it needs --allow-delete${emptied}`),
    ["Reads with", actions.read.join(", ")],
    ["Writes with", actions.write.join(", ")],
    ...Object.entries(departures).flatMap(([path, reason]) => row("Differs", `${path}: ${reason}`)),
  ];
}

/** Attributes that AWS has and the provider has not. */
export function unsupportedFacts(attributes: readonly AttributeFacts[]): Fact[] {
  const names = attributes.filter((each) => each.supported === false).map((each) => each.name);
  return names.length > 0 ? [["Not supported", `AWS has ${names.join(", ")}, Reconcile does not yet`]] : [];
}

/** The first sentence of AWS's text, in plain words: for a list. */
export function firstSentence(documentation: string | undefined): string {
  const [paragraph = ""] = plainText(documentation ?? "").split("\n\n");
  return /^.*?[.!?](?=\s|$)/.exec(paragraph.replaceAll("\n", " "))?.[0] ?? paragraph.replaceAll("\n", " ");
}

/** AWS's Markdown without its marks: links as their text, notes as paragraphs. AWS writes a space between what is marked and the full stop after it. */
export function plainText(markdown: string): string {
  return tidy(markdown)
    .replace(/!?\[([^\]]*)\]\([^)\s]*\)/g, "$1")
    .replace(/\*\*([^*\n]+)\*\*/g, "$1")
    .replace(/(?<![\w*])\*([^*\n]+)\*(?![\w*])/g, "$1")
    .replace(/^> ?/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

export function tidy(markdown: string): string {
  return markdown.replace(/([`)*]) +(?=[.,;:)])/g, "$1").trim();
}
