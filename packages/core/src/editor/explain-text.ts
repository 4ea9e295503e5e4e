import { type Paint, paintFor, paragraph, type TextOptions, widthOf } from "../report/layout.ts";
import { cut, printable } from "../report/printable.ts";
import type { Explanation, TypeExplanation } from "./explain.ts";
import {
  type Fact,
  factsOf,
  firstSentence,
  marksOf,
  plainText,
  providerFacts,
  supportWords,
  titleOf,
  unsupportedFacts,
} from "./explain-words.ts";
import type { PropertyFacts } from "./property-facts.ts";

/** An explanation for a terminal. */
export function renderExplanation(explanation: Explanation, options: TextOptions): string {
  const page: Page = { width: widthOf(options), paint: paintFor(options) };
  const { paint } = page;
  const lines = [paint.bold(titleOf(explanation)), ...body(explanation, page)];
  return lines.join("\n").trimEnd();
}

interface Page {
  width: number;
  paint: Paint;
}

function body(explanation: Explanation, page: Page): string[] {
  const support = supportWords[explanation.support];
  switch (explanation.kind) {
    case "type":
      return [
        ...section("", [...texts(explanation.documentation, page), "", ...paragraph(support, 2, page.width)]),
        ...section("Properties", properties(explanation.properties, page), page),
        ...section("Returned", returned(explanation, page), page),
        ...section("Provider", facts(providerFacts(explanation), page), page),
      ];
    case "property":
      return [
        ...section("", texts(explanation.property.documentation, page)),
        ...section("", facts(factsOf(explanation), page)),
        ...section("Properties", properties(explanation.properties, page), page),
      ];
    case "attribute":
      return [
        ...section("", texts(explanation.attribute.documentation, page)),
        ...section(
          "",
          facts(
            [
              ["Attribute", `!GetAtt LogicalId.${explanation.attribute.name}`],
              ...unsupportedFacts([explanation.attribute]),
            ],
            page,
          ),
        ),
      ];
  }
}

function section(title: string, lines: readonly string[], page?: Page): string[] {
  if (lines.every((line) => line === "")) return [];
  return ["", ...(page ? [page.paint.bold(title)] : []), ...lines];
}

function texts(documentation: string | undefined, { width }: Page): string[] {
  const blocks = plainText(documentation ?? "AWS has not documented it.").split("\n\n");
  const wrapped = blocks.map((block) => block.split("\n").flatMap((line) => paragraph(printable(line), 2, width)));
  return wrapped.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

function properties(all: readonly PropertyFacts[], { width, paint }: Page): string[] {
  const name = widest(all.map((property) => property.name));
  const type = widest(all.map((property) => property.type));
  return all.flatMap((property) => {
    const marks = marksOf(property).join(" · ");
    const head = `  ${property.name.padEnd(name)}  ${property.type.padEnd(type)}`;
    const beside = head.length + 2 + marks.length <= width;
    const about = firstSentence(property.documentation);
    return [
      `  ${paint.cyan(property.name.padEnd(name))}  ${property.type.padEnd(type)}${beside ? `  ${marks}` : ""}`.trimEnd(),
      ...(beside || marks === "" ? [] : paragraph(marks, 4, width)),
      ...(about === "" ? [] : [paint.dim(`    ${cut(printable(about), width - 4)}`)]),
    ];
  });
}

function returned({ attributes, ref }: TypeExplanation, page: Page): string[] {
  const rows: Fact[] = [["Ref", ref.length > 0 ? ref.join("|") : "AWS does not say"]];
  for (const { name, documentation } of attributes) rows.push([name, firstSentence(documentation)]);
  return facts([...rows, ...unsupportedFacts(attributes)], page);
}

function facts(rows: readonly Fact[], { width, paint }: Page): string[] {
  const column = widest(rows.map(([name]) => name));
  return rows.flatMap(([name, text], index) => {
    const again = rows[index - 1]?.[0] === name;
    const [first = "", ...more] = paragraph(printable(text), column + 4, width);
    return [`  ${paint.cyan((again ? "" : name).padEnd(column))}  ${first.trimStart()}`.trimEnd(), ...more];
  });
}

/** Longer names push their row. */
function widest(names: readonly string[]): number {
  return Math.min(34, Math.max(0, ...names.map((name) => name.length)));
}
