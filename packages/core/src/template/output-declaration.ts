import type { Node } from "yaml";
import { readCondition } from "./early.ts";
import type { OutputDeclaration } from "./model.ts";
import { asMeant, complain, type Entry, emptyKey, type Reader, readText, readWhole, unknownKey } from "./structure.ts";

export const outputKeys = ["Description", "Value", "Condition", "Export"];

/** It has no value yet. */
type Draft = Omit<OutputDeclaration, "value"> & Pick<Partial<OutputDeclaration>, "value">;

/** One entry of the section Outputs, or undefined when it has no value. */
export function parseOutput(reader: Reader, entry: Entry & { value: Node }): OutputDeclaration | undefined {
  const name = entry.key;
  const output: Draft = { name, place: reader.file.placeOf(entry.keyNode) };
  const label = `The output "${name}"`;
  const parts = readWhole(reader, entry.value, label, "a map with a Value");
  for (const part of asMeant(reader, parts ?? [], "output.unknown-key", label, outputKeys)) {
    if (!outputKeys.includes(part.key)) unknownKey(reader, part, "output.unknown-key", label, outputKeys);
    else if (!part.value) emptyKey(reader, part, `${part.key} of the output "${name}"`);
    else parsePart(reader, output, part.key, part.value);
  }
  const { value } = output;
  if (value) return { ...output, value };
  if (parts)
    complain(reader, entry.keyNode, {
      code: "output.no-value",
      message: `The output "${name}" has no Value.`,
      remedy: "Add Value: and what the output gives.",
    });
  return undefined;
}

function parsePart(reader: Reader, output: Draft, key: string, value: Node): void {
  switch (key) {
    case "Value":
      output.value = value;
      return;
    case "Description":
      output.description = readText(reader, value, "Description") ?? "";
      return;
    case "Condition": {
      const condition = readCondition(reader, value);
      if (condition) output.condition = condition;
      return;
    }
    case "Export": {
      const exportName = parseExport(reader, output.name, value);
      if (exportName) output.exportName = exportName;
    }
  }
}

function parseExport(reader: Reader, name: string, node: Node): Node | undefined {
  const label = `Export of the output "${name}"`;
  const parts = readWhole(reader, node, label, "a map with a Name");
  if (!parts) return undefined;
  for (const part of parts) if (part.key !== "Name") unknownKey(reader, part, "output.unknown-key", label, ["Name"]);
  const named = parts.find((part) => part.key === "Name");
  if (named?.value) return named.value;
  emptyKey(reader, named ?? { keyNode: node }, `Name of the ${label}`);
  return undefined;
}
