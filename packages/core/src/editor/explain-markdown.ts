import { codeSpan, escapeText } from "../report/markdown-escape.ts";
import type { Explanation } from "./explain.ts";
import {
  type Fact,
  factsOf,
  firstSentence,
  marksOf,
  providerFacts,
  supportWords,
  tidy,
  titleOf,
  unsupportedFacts,
} from "./explain-words.ts";
import type { PropertyFacts } from "./property-facts.ts";

/** An explanation as a Markdown page. AWS's own text is Markdown, and stays what it is. */
export function explanationPage(explanation: Explanation): string {
  const documentation =
    explanation.kind === "type"
      ? explanation.documentation
      : (explanation.kind === "property" ? explanation.property : explanation.attribute).documentation;
  const blocks = [
    `# ${titleOf(explanation)}`,
    ...(documentation === undefined ? [] : [tidy(documentation)]),
    ...(explanation.support === "native" ? [] : [supportWords[explanation.support]]),
    ...parts(explanation),
  ];
  return blocks.join("\n\n");
}

function parts(explanation: Explanation): string[] {
  switch (explanation.kind) {
    case "type": {
      const { attributes, properties, ref } = explanation;
      const returned: Fact[] = [
        ["`Ref`", ref.length > 0 ? codeSpan(ref.join("|")) : "AWS does not say"],
        ...attributes.map(
          ({ name, documentation }): Fact => [codeSpan(name), escapeText(firstSentence(documentation))],
        ),
        ...escaped(unsupportedFacts(attributes)),
      ];
      const provider = escaped(providerFacts(explanation));
      return [
        ...propertyTable(properties),
        "## Returned",
        table(["Function", "Gives"], returned),
        ...(provider.length > 0 ? ["## Provider", table(["Fact", "What it is"], provider)] : []),
      ];
    }
    case "property":
      return [table(["Fact", "What it is"], escaped(factsOf(explanation))), ...propertyTable(explanation.properties)];
    case "attribute":
      return [
        codeSpan(`!GetAtt LogicalId.${explanation.attribute.name}`),
        ...unsupportedFacts([explanation.attribute]).map(([, text]) => `${escapeText(text)}.`),
      ];
  }
}

function propertyTable(properties: readonly PropertyFacts[]): string[] {
  if (properties.length === 0) return [];
  const rows = properties.map((property) => [
    codeSpan(property.name),
    escapeText(property.type),
    escapeText(marksOf(property).join("; ")),
    escapeText(firstSentence(property.documentation)),
  ]);
  return ["## Properties", table(["Property", "Type", "", "What it is"], rows)];
}

function escaped(facts: readonly Fact[]): Fact[] {
  return facts.map(([name, text]) => [name, escapeText(text)]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
