import { isMap, type Node } from "yaml";
import { type Diagnostic, hasErrors, type Result } from "../diagnostic.ts";
import { Unknown } from "../value.ts";
import { functions, shortForms } from "./functions/index.ts";
import type {
  Environment,
  Known,
  OutputDeclaration,
  ParameterDeclaration,
  ResourceDeclaration,
  RuleDeclaration,
  SourceFile,
  Template,
} from "./model.ts";
import { checkNames } from "./names.ts";
import { parseOutput } from "./output-declaration.ts";
import { parseParameter } from "./parameter-declaration.ts";
import { parseResource } from "./resource-declaration.ts";
import { parseRule } from "./rules.ts";
import { openScope } from "./scope.ts";
import { parseMapping, parseNamed } from "./section.ts";
import { hooksSection } from "./service.ts";
import {
  asMeant,
  complain,
  type Entry,
  mostNames,
  type Reader,
  readMap,
  readText,
  tooManyNames,
  unknownKey,
} from "./structure.ts";
import { languageExtensions, parseTransforms } from "./transform.ts";
import { unroll } from "./unroll.ts";
import { openUnrolling, type Unrolling } from "./unrolling.ts";
import { parseYaml, type YamlFile } from "./yaml.ts";

/** Every section that a template can have. */
export const sections = [
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

/** A template from a file that is read already; see `parseTemplate`. `values` are for what its declarations depend on (`Template.late`). */
export function templateFrom(
  file: YamlFile,
  syntax: readonly Diagnostic[],
  values: Environment = nothingKnown,
): Result<Template> {
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
    rules: new Map<string, RuleDeclaration>(),
    resources: new Map<string, ResourceDeclaration>(),
    outputs: new Map<string, OutputDeclaration>(),
    placeOf: file.placeOf,
    placeAt: file.placeAt,
    target: file.target,
  };
  const written = readMap(reader, file.root, "A template", "a map of sections");
  // A macro may give any section a meaning, the Serverless Application Model's Globals for one.
  const anyName = written.some(({ key }) => key === "Transform");
  const entries = anyName ? written : asMeant(reader, written, "section.unknown", "A template", sections);
  if (complainOfSize(reader, entries)) return { diagnostics: reader.diagnostics };
  const transform = entries.find((entry) => entry.key === "Transform")?.value;
  const transforms = transform ? parseTransforms(reader, transform) : [];
  reader.macros = transforms.some((name) => name !== languageExtensions);
  if (transforms.includes(languageExtensions)) {
    template.extended = true;
    reader.extended = true;
  }
  const early = openUnrolling({
    ...openScope(template, values, functions, "early"),
    diagnostics: reader.diagnostics,
  });
  reader.early = early;
  for (const entry of [...entries].sort(byDependency)) parseSection(reader, template, entry);
  if (reader.macros || [...template.resources.values()].some(declaresMore)) template.partial = true;
  closeEarly(template, early, file, reader.diagnostics);
  if (template.resources.size === 0 && !template.partial && !hasErrors(reader.diagnostics))
    noResources(reader, file.root);
  checkNames(reader, template);
  return { value: template, diagnostics: reader.diagnostics };
}

/** What the other sections are read with comes first; it is not always written first. */
const foundations = ["Parameters", "Mappings", "Conditions"];

function byDependency(a: Entry, b: Entry): number {
  const rank = ({ key }: Entry) => (foundations.includes(key) ? foundations.indexOf(key) : foundations.length);
  return rank(a) - rank(b);
}

/** Of a module, or of a type that was not readable, the resources are not known. */
function declaresMore({ type }: ResourceDeclaration): boolean {
  return type === "" || type.endsWith("::MODULE");
}

function closeEarly(template: Draft, early: Unrolling, file: YamlFile, first: readonly Diagnostic[]): void {
  if (early.incomplete) template.partial = true;
  if (early.waiting.length === 0) return;
  template.late = {
    sources: early.sources,
    notes: early.waiting,
    read(environment) {
      const again = templateFrom(file, [], environment);
      const known = new Set(first.map(keyOf));
      return { ...again, diagnostics: again.diagnostics.filter((each) => !known.has(keyOf(each))) };
    },
  };
}

function keyOf({ code, message, place }: Diagnostic): string {
  return JSON.stringify([code, message, place]);
}

const unread = (source: string) => new Unknown([source], "unread");

/** Nothing but the file. */
const nothingKnown: Environment = {
  parameters: new Map(),
  pseudo: {
    "AWS::AccountId": unread("AWS::AccountId"),
    "AWS::NotificationARNs": unread("AWS::NotificationARNs"),
    "AWS::Partition": unread("AWS::Partition"),
    "AWS::Region": unread("AWS::Region"),
    "AWS::StackId": unread("AWS::StackId"),
    "AWS::StackName": unread("AWS::StackName"),
    "AWS::URLSuffix": unread("AWS::URLSuffix"),
  },
  attribute: unknown,
  input: ({ kind, name }) => unknown(`${kind}:${name}`),
};

function unknown(source: string): Known {
  return { value: unread(source) };
}

interface Draft extends Template {
  parameters: Map<string, ParameterDeclaration>;
  mappings: Map<string, Node>;
  conditions: Map<string, Node>;
  rules: Map<string, RuleDeclaration>;
  resources: Map<string, ResourceDeclaration>;
  outputs: Map<string, OutputDeclaration>;
}

/** Twice what is promised to be quick; CloudFormation takes 500. */
const mostResources = 10_000;

/** Has a section so many names that the template is not read? Metadata are not looked at. */
function complainOfSize(reader: Reader, entries: readonly Entry[]): boolean {
  const most = (section: string) => (section === "Resources" ? mostResources : mostNames);
  const large = entries.filter(
    ({ key, value }) => key !== "Metadata" && isMap(value) && value.items.length > most(key),
  );
  for (const { key, keyNode } of large) complain(reader, keyNode, tooManyNames(`The section ${key}`, most(key)));
  return large.length > 0;
}

function parseSection(reader: Reader, template: Draft, entry: Entry): void {
  const { key } = entry;
  if (key === "Hooks") complain(reader, entry.keyNode, hooksSection);
  if (!sections.includes(key) && !reader.macros) unknownKey(reader, entry, "section.unknown", "A template", sections);
  if (!entry.value) return;
  const value =
    reader.extended && reader.early && withLoops.includes(key) ? unroll(reader.early, entry.value) : entry.value;
  switch (key) {
    case "AWSTemplateFormatVersion":
      checkVersion(reader, value);
      return;
    case "Description": {
      const description = readText(reader, value, "Description");
      if (description !== undefined) template.description = description;
      return;
    }
    case "Parameters":
      parseNamed(reader, value, "parameter", template.parameters, (each) => parseParameter(reader, each));
      return;
    case "Mappings":
      parseNamed(reader, value, "mapping", template.mappings, (each) => parseMapping(reader, each));
      return;
    case "Conditions":
      parseNamed(reader, value, "condition", template.conditions, (each) => each.value);
      return;
    case "Rules":
      parseNamed(reader, value, "rule", template.rules, (each) => parseRule(reader, each));
      return;
    case "Resources":
      parseNamed(reader, value, "resource", template.resources, (each) => parseResource(reader, each));
      return;
    case "Outputs":
      parseNamed(reader, value, "output", template.outputs, (each) => parseOutput(reader, each));
      return;
    default:
      // Metadata is for other tools.
      return;
  }
}

const onlyVersion = "2010-09-09";

function checkVersion(reader: Reader, node: Node): void {
  const version = readText(reader, node, "AWSTemplateFormatVersion");
  if (version === undefined || version === onlyVersion) return;
  complain(reader, node, {
    code: "template.version",
    message: `There is no template format of "${version}"; there is one only.`,
    remedy: `Write AWSTemplateFormatVersion: "${onlyVersion}", or leave it out.`,
  });
}

const withLoops = ["Conditions", "Resources", "Outputs"];

function noResources(reader: Reader, root: Node): void {
  complain(reader, root, {
    code: "template.no-resources",
    message: "The template declares no resources.",
    remedy: "Add a section Resources with at least one resource.",
  });
}
