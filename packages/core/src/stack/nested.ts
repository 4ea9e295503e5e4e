import { isMap, isScalar, type Node } from "yaml";
import type { Diagnostic } from "../diagnostic.ts";
import { marker } from "../template/dynamic.ts";
import { expand } from "../template/expand.ts";
import { resourceLabel } from "../template/label.ts";
import type { Environment, NestedStack, ResourceDeclaration, Template } from "../template/model.ts";
import { didYouMean } from "../template/nearest.ts";
import { environmentInside } from "../template/nested.ts";
import { entriesOf, isTagged, textOf } from "../template/nodes.ts";
import { folderOf, joinPath, normalizePath } from "./path.ts";
import { type Load, reading } from "./reading.ts";

export const nestedType = "AWS::CloudFormation::Stack";

/** Properties of a nested stack, and what becomes of those that are CloudFormation's to carry out. */
const properties = ["TemplateURL", "Parameters", "Tags"];
const ofService = ["NotificationARNs", "TimeoutInMinutes"];

/** More resources than an account has room for: templates that nest themselves by halves would not end. */
const maxResources = 20_000;
/** Nested stacks in one, and levels of them: far more than CloudFormation makes. */
const maxStacks = 1000;
const maxDepth = 30;

/** Reads the template of a file: undefined where it cannot be read, which is said; missing: there is none. */
export type ReadTemplate = (path: string) => Promise<{ template?: Template; missing?: boolean }>;

/** A template with its nested stacks expanded, as far as their templates are files of the repository. `around`: the files that it is nested in. */
export async function withNested(
  load: Load,
  template: Template,
  read: ReadTemplate,
  around: readonly string[] = [],
  budget = { stacks: maxStacks },
): Promise<Template> {
  const nested = new Map<string, NestedStack>();
  let size = template.resources.size;
  for (const [name, declaration] of template.resources) {
    if (declaration.type !== nestedType) continue;
    const job: Reading = { load, template, declaration, read, around: [...around, template.source.path], budget };
    const isSpent = budget.stacks <= 0 || around.length >= maxDepth;
    if (isSpent) nested.set(name, { declaration, template: unread(template) });
    if (isSpent && budget.stacks >= 0)
      say(job, undefined, {
        code: "nested.size",
        message: `Here are more than ${maxStacks.toLocaleString("en")} nested stacks, or more than ${maxDepth} levels of them.`,
        remedy: "Nest less.",
      });
    budget.stacks -= 1;
    if (isSpent) break;
    const stack = await readNested(job);
    size += stack.template.resources.size;
    nested.set(name, size <= maxResources ? stack : { ...stack, template: unread(template) });
    if (size > maxResources) {
      say(job, undefined, {
        code: "nested.size",
        message: `With its nested stacks this template declares more than ${maxResources.toLocaleString("en")} resources.`,
        remedy: "Nest less; no account can have as many.",
      });
      break;
    }
  }
  return expandedLate(template, nested);
}

/** What depends on values is read again, in the nested stacks as well, and expanded again. */
function expandedLate(template: Template, nested: ReadonlyMap<string, NestedStack>): Template {
  const expanded = expand(template, nested);
  const waiting = [template, ...[...nested.values()].map((each) => each.template)].flatMap((each) => each.late ?? []);
  if (waiting.length === 0 || nested.size === 0) return expanded;
  return {
    ...expanded,
    late: {
      sources: waiting.flatMap((each) => each.sources),
      notes: waiting.flatMap((each) => each.notes),
      read(environment) {
        const again = template.late?.read(environment) ?? { value: template, diagnostics: [] };
        if (!again.value) return again;
        const diagnostics = [...again.diagnostics];
        const inner = new Map<string, NestedStack>();
        for (const [name, stack] of nested) inner.set(name, readAgain(expanded, name, stack, environment, diagnostics));
        return { value: expandedLate(again.value, inner), diagnostics };
      },
    },
  };
}

function readAgain(
  outer: Template,
  name: string,
  stack: NestedStack,
  environment: Environment,
  diagnostics: Diagnostic[],
): NestedStack {
  const again = stack.template.late?.read(environmentInside(outer, name, environment));
  diagnostics.push(...(again?.diagnostics ?? []));
  return again?.value ? { ...stack, template: again.value } : stack;
}

interface Reading {
  load: Load;
  template: Template;
  declaration: ResourceDeclaration;
  read: ReadTemplate;
  /** The files that it is nested in, its own included. */
  around: readonly string[];
  /** How many nested stacks the outermost one may still have. */
  budget: { stacks: number };
}

async function readNested(job: Reading): Promise<NestedStack> {
  const { template, declaration } = job;
  const given = propertiesOf(job);
  const parameters = given.get("Parameters");
  const tags = given.get("Tags");
  const child = await readChild(job, given.get("TemplateURL"));
  return {
    declaration,
    template: child ?? unread(template),
    ...(parameters && { parameters }),
    ...(tags && { tags }),
  };
}

/** Stands for a template that cannot be read: whatever it declares may be right. */
function unread({ placeOf, placeAt, target }: Template): Template {
  const none = new Map();
  const maps = { parameters: none, mappings: none, conditions: none, resources: none, outputs: none };
  return { source: { path: "", text: "" }, ...maps, partial: true, placeOf, placeAt, target };
}

function propertiesOf(job: Reading): Map<string, Node> {
  const { template, declaration } = job;
  const given = new Map<string, Node>();
  const node = declaration.properties && template.target(declaration.properties);
  for (const { key, keyNode, value } of node && isMap(node) && !isTagged(node) ? entriesOf(node) : []) {
    if (value && properties.includes(key)) given.set(key, template.target(value));
    else if (ofService.includes(key))
      say(job, keyNode, {
        code: "unsupported.nested",
        severity: "note",
        message: `${key} is carried out by CloudFormation's service; here it has no effect.`,
        remedy: "Remove it; the nested stack's resources are made like all others.",
      });
    else if (!properties.includes(key))
      say(job, keyNode, {
        code: "property.unknown",
        message: `${nestedType} has no property "${key}".`,
        remedy: didYouMean(key, [...properties, ...ofService], `It has ${properties.join(", ")}.`),
      });
  }
  return given;
}

async function readChild(job: Reading, url: Node | undefined): Promise<Template | undefined> {
  const { load, template, declaration, read, around, budget } = job;
  if (!url) {
    say(job, undefined, {
      code: "nested.no-template",
      message: "This nested stack does not name its template.",
      remedy: "Add TemplateURL: and the path of the template, from this file's folder.",
    });
    return undefined;
  }
  const text = assetPath(template, declaration) ?? writtenPath(url);
  if (text === undefined || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text)) {
    say(job, url, {
      code: "unsupported.template-url",
      message:
        text === undefined
          ? "The template of a nested stack is found by a path that is written out, and here is a function."
          : "A template behind an address is read by CloudFormation's service only.",
      remedy:
        (await nearby(job, url)) ??
        "Put the template into the repository, and write its path from this file's folder: ./nested.yaml.",
    });
    return undefined;
  }
  const path = text.startsWith("/") ? undefined : normalizePath(joinPath(folderOf(template.source.path), text));
  if (path === undefined) {
    say(job, url, {
      code: "file.outside",
      message: `"${text}" leads outside the repository.`,
      remedy: "Write a path from this file's folder that stays below the repository's root.",
    });
    return undefined;
  }
  if (around.includes(path)) {
    say(job, url, {
      code: "nested.cycle",
      message: `The template ${path} is nested in itself.`,
      remedy: "Take the circle apart.",
    });
    return undefined;
  }
  const { template: child, missing } = await read(path);
  if (missing)
    say(job, url, {
      code: "nested.template-missing",
      message: `There is no template "${path}".`,
      remedy: "Correct the path; it counts from this file's folder.",
    });
  return child && withNested(load, child, read, around, budget);
}

/** The text of a path; undefined: a function, or a dynamic reference, stands there. */
function writtenPath(url: Node): string | undefined {
  return isScalar(url) && !isTagged(url) && !textOf(url).includes(marker) ? textOf(url) : undefined;
}

/** A file of the repository with the end of the address as its path: what was uploaded there, most likely. */
async function nearby({ load, template }: Reading, url: Node): Promise<string | undefined> {
  const segments = (isScalar(url) ? textOf(url) : "").split(/\/|\$\{[^}]*\}/).filter((each) => each !== "");
  for (let first = 1; first < segments.length; first++) {
    const path = normalizePath(segments.slice(first).join("/"));
    if (path === undefined) continue;
    const { value: found } = await reading(load, load.tree.read(joinPath(folderOf(template.source.path), path)));
    if (found) return `Write its path from this file's folder: ./${path}.`;
  }
  return undefined;
}

/** Where CDK says that the template is which it would upload. */
function assetPath(template: Template, { metadata }: ResourceDeclaration): string | undefined {
  const node = metadata && template.target(metadata);
  if (!node || !isMap(node)) return undefined;
  const entries = new Map([...entriesOf(node)].map(({ key, value }) => [key, value]));
  const [property, path] = ["aws:asset:property", "aws:asset:path"].map((key) => entries.get(key));
  const isTemplate = isScalar(property) && textOf(property) === "TemplateURL";
  return isTemplate && isScalar(path) ? textOf(path) : undefined;
}

function say(
  { load, template, declaration }: Reading,
  node: Node | undefined,
  problem: Pick<Diagnostic, "code" | "message"> & { remedy: string; severity?: Diagnostic["severity"] },
): void {
  const place = node ? template.placeOf(node) : declaration.place;
  load.diagnostics.push({ severity: "error", ...problem, resource: resourceLabel(declaration), place });
}
