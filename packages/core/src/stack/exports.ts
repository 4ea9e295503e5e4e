import type { Diagnostic, Place } from "../diagnostic.ts";
import { evaluateConditions, evaluateExport } from "../template/evaluate.ts";
import type { Environment, InputRequest } from "../template/model.ts";
import { didYouMean, nearest } from "../template/nearest.ts";
import { templatesIn } from "../template/nested.ts";
import type { Stack } from "./model.ts";
import { reaches } from "./reaches.ts";

/** A stack as others see it. */
export interface Linkable {
  stack: Stack;
  /** What its template is evaluated with, as far as that is known. */
  environment: Environment;
  /** undefined: whatever the others have. */
  account?: string | undefined;
  region?: string | undefined;
  /** It is not part of the run: that it is a stack is certain only where a stack file says so. */
  isNeighbour?: true;
  /** What it asks for; other kinds than those of stacks are left aside. */
  requests: readonly InputRequest[];
}

/** An output of a stack that another one asks for. */
export interface Link<T extends Linkable> {
  by: T;
  request: InputRequest;
  from: T;
  output: string;
}

interface Export<T extends Linkable> {
  name: string;
  from: T;
  output: string;
  place: Place;
}

export interface Links<T extends Linkable> {
  found: readonly Link<T>[];
  /** What no stack here gives, with what to do about it. */
  missing: readonly { by: T; request: InputRequest; remedy: string; related: Diagnostic["related"] }[];
  /** `export.duplicate`, `import.cycle`, and what is wrong with the names of exports. */
  diagnostics: Diagnostic[];
}

/** Does a template ask for values of other stacks, as far as a look at its text can tell? */
export function mayImport({ template }: Stack): boolean {
  return templatesIn(template).some(({ source }) => /\b(?:ImportValue|GetStackOutput)\b/.test(source.text));
}

export function mayExport({ template }: Stack): boolean {
  return [...template.outputs.values()].some((each) => each.exportName);
}

/** Holds what stacks ask for against what stacks give. */
export function linkStacks<T extends Linkable>(importers: readonly T[], all: readonly T[]): Links<T> {
  const { exports, diagnostics } = exportsOf(all);
  const found: Link<T>[] = [];
  const missing: Links<T>["missing"][number][] = [];
  for (const by of importers) {
    for (const request of by.requests) {
      if (request.kind !== "export" && request.kind !== "stack-output") continue;
      const given =
        request.kind === "export"
          ? exports.find((each) => each.name === request.name && isBeside(each.from, by))
          : outputAsked(all, by, request);
      if (given) found.push({ by, request, from: given.from, output: given.output });
      else missing.push({ by, request, ...remedyFor(request, by, exports, all) });
    }
  }
  return { found, missing, diagnostics: [...diagnostics, ...cycles(found, all)] };
}

/** The active exports of some stacks; each name once for every account and region. */
function exportsOf<T extends Linkable>(all: readonly T[]): { exports: Export<T>[]; diagnostics: Diagnostic[] } {
  const exports: Export<T>[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const from of all) {
    const { template } = from.stack;
    if (!mayExport(from.stack)) continue;
    for (const output of evaluateConditions(template, from.environment).outputs) {
      const exported = evaluateExport(template, output, from.environment);
      if (!exported) continue;
      diagnostics.push(...exported.diagnostics);
      const { name, place } = exported;
      if (name === undefined) continue;
      const first = exports.find(
        (each) => each.name === name && each.from.account === from.account && each.from.region === from.region,
      );
      if (first && isCertain(first.from) && isCertain(from)) diagnostics.push(duplicate(first, from, place));
      if (first) continue;
      exports.push({ name, from, output, place });
    }
  }
  return { exports, diagnostics };
}

/** A template beside those of the run may be another version of one of them. */
function isCertain({ stack, isNeighbour }: Linkable): boolean {
  return isNeighbour !== true || stack.file !== stack.template.source.path;
}

/** Exports are of one account and region. */
function isBeside(one: Linkable, other: Linkable): boolean {
  return agree(one.account, other.account) && agree(one.region, other.region);
}

function agree(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

function stackAsked<T extends Linkable>(all: readonly T[], by: T, { stack }: InputRequest): T | undefined {
  const region = stack?.region ?? by.region;
  const account = stack?.roleArn?.split(":")[4] ?? by.account;
  return all.find(
    (each) => each.stack.name === stack?.name && agree(each.region, region) && agree(each.account, account),
  );
}

function outputAsked<T extends Linkable>(
  all: readonly T[],
  by: T,
  request: InputRequest,
): { from: T; output: string } | undefined {
  const from = stackAsked(all, by, request);
  return from?.stack.template.outputs.has(request.name) ? { from, output: request.name } : undefined;
}

function duplicate<T extends Linkable>(first: Export<T>, from: T, place: Place): Diagnostic {
  return {
    code: "export.duplicate",
    severity: "error",
    message: `"${first.name}" is exported twice: by the stack "${from.stack.name}" and by "${first.from.stack.name}".`,
    remedy: "Give one of the two another name: an export's name is there once in an account and region.",
    place,
    related: [{ message: "It is exported here first.", place: first.place }],
  };
}

function remedyFor<T extends Linkable>(
  request: InputRequest,
  by: T,
  exports: readonly Export<T>[],
  all: readonly T[],
): { remedy: string; related: Diagnostic["related"] } {
  if (request.kind === "stack-output") {
    const outputs = stackAsked(all, by, request)?.stack.template.outputs;
    const near = nearest(request.name, outputs?.keys() ?? []);
    const place = near === undefined ? undefined : outputs?.get(near)?.place;
    const stacks = all.map((each) => each.stack.name);
    const remedy = outputs
      ? didYouMean(request.name, outputs.keys(), "Declare it in the Outputs of that stack, or correct the name.")
      : didYouMean(request.stack?.name ?? "", stacks, "Correct the name of the stack.");
    return { remedy, related: place && [{ message: `"${near}" is declared here.`, place }] };
  }
  const within = exports.filter((each) => isBeside(each.from, by));
  const near = nearest(
    request.name,
    within.map((each) => each.name),
  );
  const found = within.find((each) => each.name === near);
  return {
    remedy: found
      ? `Did you mean "${found.name}", which the stack "${found.from.stack.name}" exports?`
      : "Export it from a stack of this account and region, or correct the name.",
    related: found && [{ message: `"${found.name}" is exported here.`, place: found.place }],
  };
}

/** A stack that waits for itself, through imports and depends-on: nobody could go first. */
function cycles<T extends Linkable>(links: readonly Link<T>[], all: readonly T[]): Diagnostic[] {
  const before = new Map(all.map(({ stack }) => [stack.name, new Set(stack.dependsOn)]));
  for (const { by, from } of links) before.get(by.stack.name)?.add(from.stack.name);
  const said = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const { by, from, request } of links) {
    if (said.has(by.stack.name) || !reaches(before, from.stack.name, by.stack.name)) continue;
    said.add(by.stack.name);
    diagnostics.push({
      code: "import.cycle",
      severity: "error",
      message:
        by === from
          ? `The stack "${by.stack.name}" imports what it exports itself.`
          : `The stack "${by.stack.name}" imports from "${from.stack.name}", which waits for it in turn.`,
      remedy:
        by === from
          ? "Refer to the resource itself."
          : "Move what one needs of the other into one of the two, or into a third that both import from.",
      place: request.place,
    });
  }
  return diagnostics;
}
