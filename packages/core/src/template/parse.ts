import type { Node } from "yaml";
import { type Diagnostic, hasErrors, type Place, type Result } from "../diagnostic.ts";
import { shortForms } from "./functions/index.ts";
import { notYetExport, notYetFunction, notYetSection, notYetTransform } from "./functions/not-yet.ts";
import { resourceLabel } from "./label.ts";
import type { OutputDeclaration, ParameterDeclaration, ResourceDeclaration, SourceFile, Template } from "./model.ts";
import { didYouMean } from "./nearest.ts";
import { parseParameter } from "./parameter-declaration.ts";
import { parseResource } from "./resource-declaration.ts";
import { complain, type Entry, emptyKey, type Reader, readMap, readText, readTexts, unknownKey } from "./structure.ts";
import { parseYaml, type YamlFile } from "./yaml.ts";

const sections = [
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Parameters",
  "Mappings",
  "Conditions",
  "Resources",
  "Outputs",
  "Transform",
  "Rules",
  "Hooks",
];

/**
 * Reads a template. Gives every problem of its syntax and structure at once; `value` is there beside errors when the rest can still be checked.
 * Format: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export function parseTemplate(source: SourceFile): Result<Template> {
  const { value: file, diagnostics } = parseYaml(source, { functions: shortForms });
  if (!file) return { diagnostics };
  return templateFrom(file, diagnostics);
}

/** A template from a file that is read already; see `parseTemplate`. */
export function templateFrom(file: YamlFile, syntax: readonly Diagnostic[]): Result<Template> {
  const reader: Reader = { kind: "template", file, diagnostics: [...syntax] };
  if (!file.root) {
    complain(reader, file.placeAt(0, 0), {
      code: "yaml.empty",
      message: "The file is empty.",
      remedy: "Write a template: a section Resources with at least one resource.",
    });
    return { diagnostics: reader.diagnostics };
  }
  const template: Draft = {
    source: file.source,
    parameters: new Map<string, ParameterDeclaration>(),
    mappings: new Map<string, Node>(),
    conditions: new Map<string, Node>(),
    resources: new Map<string, ResourceDeclaration>(),
    outputs: new Map<string, OutputDeclaration>(),
    placeOf: file.placeOf,
    placeAt: file.placeAt,
    target: file.target,
  };
  for (const entry of readMap(reader, file.root, "A template", "a map of sections"))
    parseSection(reader, template, entry);
  if (template.resources.size === 0 && !hasErrors(reader.diagnostics)) noResources(reader, file.root);
  checkNames(reader, template);
  return { value: template, diagnostics: reader.diagnostics };
}

interface Draft extends Template {
  parameters: Map<string, ParameterDeclaration>;
  mappings: Map<string, Node>;
  conditions: Map<string, Node>;
  resources: Map<string, ResourceDeclaration>;
  outputs: Map<string, OutputDeclaration>;
}

function parseSection(reader: Reader, template: Draft, entry: Entry): void {
  const { key, value } = entry;
  const notYet = notYetSection(key);
  if (notYet) complain(reader, entry.keyNode, notYet);
  else if (!sections.includes(key)) unknownKey(reader, entry, "section.unknown", "A template", sections);
  if (notYet || !value) return;
  switch (key) {
    case "Description": {
      const description = readText(reader, value, "Description");
      if (description !== undefined) template.description = description;
      return;
    }
    case "Transform":
      for (const { text, node } of readTexts(reader, value, "Transform")) complain(reader, node, notYetTransform(text));
      return;
    case "Parameters":
      parseNamed(reader, value, "parameter", template.parameters, (each) => parseParameter(reader, each));
      return;
    case "Mappings":
      parseNamed(reader, value, "mapping", template.mappings, (each) => parseMapping(reader, each));
      return;
    case "Conditions":
      parseNamed(reader, value, "condition", template.conditions, (each) => each.value);
      return;
    case "Resources":
      parseNamed(reader, value, "resource", template.resources, (each) => parseResource(reader, each));
      return;
    case "Outputs":
      parseNamed(reader, value, "output", template.outputs, (each) => parseOutput(reader, each));
      return;
    default:
      // AWSTemplateFormatVersion has one value ever; Metadata is for other tools.
      return;
  }
}

/** A section of named things. What cannot be read is left out, with its reason among the diagnostics. */
function parseNamed<T>(
  reader: Reader,
  section: Node,
  kind: string,
  into: Map<string, T>,
  parse: (entry: Entry & { value: Node }) => T | undefined,
): void {
  for (const entry of readMap(reader, section, `The section of ${kind}s`, "a map of names")) {
    const loop = entry.key.startsWith("Fn::") ? notYetFunction(entry.key) : undefined;
    if (loop) complain(reader, entry.keyNode, loop);
    else if (!/^[A-Za-z0-9]{1,255}$/.test(entry.key)) badName(reader, entry, kind);
    else if (!entry.value) emptyKey(reader, entry, `The ${kind} "${entry.key}"`);
    if (loop || !entry.value) continue;
    const parsed = parse({ ...entry, value: entry.value });
    if (parsed !== undefined) into.set(entry.key, parsed);
  }
}

function badName(reader: Reader, entry: Entry, kind: string): void {
  complain(reader, entry.keyNode, {
    code: "name.form",
    message: `"${entry.key}" cannot be the name of a ${kind}: names have letters and digits only, at most 255.`,
    remedy: `Rename it, for instance to "${entry.key.replace(/[^A-Za-z0-9]/g, "").slice(0, 255) || "Name"}".`,
  });
}

/** Two levels of keys, and at the end a text or a list of texts. */
function parseMapping(reader: Reader, entry: Entry & { value: Node }): Node {
  for (const top of readMap(reader, entry.value, `The mapping "${entry.key}"`, "a map of maps")) {
    const label = `"${top.key}" of the mapping "${entry.key}"`;
    const keys = top.value ? readMap(reader, top.value, label) : [];
    if (!top.value) emptyKey(reader, top, label);
    for (const { key, keyNode, value } of keys) {
      if (value) readTexts(reader, value, `"${key}" of ${label}`);
      else emptyKey(reader, { keyNode }, `"${key}" of ${label}`);
    }
  }
  return entry.value;
}

const outputKeys = ["Description", "Value", "Condition", "Export"];

function parseOutput(reader: Reader, entry: Entry & { value: Node }): OutputDeclaration | undefined {
  const name = entry.key;
  const output: Partial<OutputDeclaration> & Pick<OutputDeclaration, "name" | "place"> = {
    name,
    place: reader.file.placeOf(entry.keyNode),
  };
  for (const part of readMap(reader, entry.value, `The output "${name}"`)) {
    if (!outputKeys.includes(part.key))
      unknownKey(reader, part, "output.unknown-key", `The output "${name}"`, outputKeys);
    else if (part.key === "Export") complain(reader, part.keyNode, notYetExport);
    else if (!part.value) emptyKey(reader, part, `${part.key} of the output "${name}"`);
    else if (part.key === "Value") output.value = part.value;
    else if (part.key === "Description") output.description = readText(reader, part.value, "Description") ?? "";
    else {
      const condition = readText(reader, part.value, "Condition", "the name of a condition");
      if (condition !== undefined) output.condition = { name: condition, place: reader.file.placeOf(part.value) };
    }
  }
  const { value } = output;
  if (value) return { ...output, value };
  complain(reader, entry.keyNode, {
    code: "output.no-value",
    message: `The output "${name}" has no Value.`,
    remedy: "Add Value: and what the output gives.",
  });
  return undefined;
}

/** Names of conditions and of DependsOn can only be checked when everything is read. */
function checkNames(reader: Reader, template: Template): void {
  const { resources, outputs } = template;
  for (const resource of resources.values()) {
    const labelled = { ...reader, resource: resourceLabel(resource) };
    if (resource.condition) checkCondition(labelled, template, resource.condition);
    for (const { logicalId, place } of resource.dependsOn) {
      if (resources.has(logicalId) && logicalId !== resource.logicalId) continue;
      const itself = logicalId === resource.logicalId;
      complain(labelled, place, {
        code: itself ? "depends-on.itself" : "depends-on.undefined",
        message: itself ? "A resource cannot depend on itself." : `There is no resource "${logicalId}".`,
        remedy: itself
          ? "Remove it."
          : didYouMean(logicalId, resources.keys(), "Declare the resource, or remove the dependency."),
      });
    }
  }
  for (const output of outputs.values()) if (output.condition) checkCondition(reader, template, output.condition);
}

function checkCondition(reader: Reader, template: Template, condition: { name: string; place: Place }): void {
  if (template.conditions.has(condition.name)) return;
  complain(reader, condition.place, {
    code: "condition.undefined",
    message: `There is no condition "${condition.name}".`,
    remedy: didYouMean(condition.name, template.conditions.keys(), "Declare it in the section Conditions."),
  });
}

function noResources(reader: Reader, root: Node): void {
  complain(reader, root, {
    code: "template.no-resources",
    message: "The template declares no resources.",
    remedy: "Add a section Resources with at least one resource.",
  });
}
