import type { Diagnostic } from "../diagnostic.ts";
import { linkStacks } from "../stack/exports.ts";
import { inputsOf, resolveParameters } from "../stack/index.ts";
import { inputKey } from "../stack/input-key.ts";
import type { LoadedStacks, Stack } from "../stack/model.ts";
import { recording } from "../stack/recording.ts";
import { evaluateOutput, evaluateResource } from "../template/evaluate.ts";
import { resourceLabel } from "../template/label.ts";
import { isLeftOut } from "../template/left-out.ts";
import type { Environment, LeftOut, Reference, Template } from "../template/model.ts";
import { templateFiles } from "../template/nested.ts";
import { offlineEnvironment } from "./offline.ts";
import { type ValidateOptions, validateStacks } from "./validate.ts";
import { distinct } from "./words.ts";

type Loaded = Pick<LoadedStacks, "stacks" | "neighbours" | "diagnostics">;

/** What only CloudFormation's service can do, and what is not built yet. */
const unsupported = /^(?:unsupported|not-yet)\.|^property\.unsupported$|^cdk\.asset$/;

/** What a run may go on without, when it is asked to. */
export function isUnsupported({ code, severity }: Diagnostic): boolean {
  return severity === "error" && unsupported.test(code);
}

/** Does this say, after `leaveOutUnsupported`, that something is left out? */
export function isLeftOutNotice({ code, severity }: Diagnostic): boolean {
  return severity === "warning" && (code === "skipped.dependent" || unsupported.test(code));
}

/**
 * The stacks without the resources that are not supported and without those that refer to one of them or wait for it, in whatever stack; with everything else that is wrong,
 * also with what is left out. That it is left out is among the diagnostics, as warnings; it is not deleted where it lives (`Template.leftOut`).
 */
export function leaveOutUnsupported(
  loaded: Loaded,
  options: ValidateOptions,
): { stacks: Stack[]; diagnostics: Diagnostic[] } {
  const whole = validateStacks(loaded, { ...options, purpose: "plan" });
  const refused = whole.filter(isUnsupported);
  const parties = loaded.stacks.map((stack) => partyOf(stack, refused, options));
  const dependents = closeOver(parties);
  const stacks = parties.map(({ stack, ids, everything }) => ({
    ...stack,
    template: without(stack.template, { ids, everything }),
  }));
  const rest = loaded.diagnostics.filter((each) => !isUnsupported(each));
  const remaining = validateStacks({ ...loaded, stacks, diagnostics: rest }, options);
  const warnings = [...refused, ...remaining.filter(isUnsupported)].map(
    (each): Diagnostic => ({ ...each, severity: "warning", message: `${each.message} It is left out of this run.` }),
  );
  const isOfLeftOut = (each: Diagnostic) =>
    parties.some((party) => concerned(party.stack.template, each).some((id) => isLeftOut(party, id)));
  // A name that does not exist is wrong whoever makes the resource.
  const wrong = whole.filter((each) => each.severity === "error" && !isUnsupported(each) && isOfLeftOut(each));
  return {
    stacks,
    diagnostics: distinct([...warnings, ...dependents, ...wrong, ...remaining.filter((each) => !isUnsupported(each))]),
  };
}

/** One stack while it is found out what is left out of it. */
interface Party {
  stack: Stack;
  environment: Environment;
  ids: Set<string>;
  /** What the template declares is not known, because something else would rewrite it. */
  everything: boolean;
  uses: ReadonlyMap<string, Uses>;
}

/** What a resource is made of, or waits for: resources of its stack, and values of others by `inputKey`. */
interface Uses {
  references: readonly Reference[];
  keys: ReadonlySet<string>;
}

function partyOf(stack: Stack, refused: readonly Diagnostic[], options: ValidateOptions): Party {
  const { template } = stack;
  const { parameters } = resolveParameters(stack, new Map());
  const environment = offlineEnvironment(stack, parameters, new Map(), options.environment);
  const ids = new Set(refused.flatMap((each) => concerned(template, each)));
  const files = templateFiles(template);
  const isOwn = ({ place }: Diagnostic) => place !== undefined && files.includes(place.file);
  const everything = refused.some((each) => isOwn(each) && each.code === "unsupported.transform");
  const uses = new Map(
    [...template.resources.keys()].map((id) => [
      id,
      usesOf(environment, (each) => evaluateResource(template, id, each).references),
    ]),
  );
  return { stack, environment, ids, everything, uses };
}

/** The resources and nested stacks that a diagnostic is about: in a file that is nested twice there are two. */
function concerned(template: Template, { resource, place }: Diagnostic): string[] {
  const label = resource?.split(" ")[0];
  if (label === undefined || !place) return [];
  const declared = [...template.resources, ...nestedIn(template, "")];
  return declared
    .filter(([id, at]) => at.place.file === place.file && (id === label || id.endsWith(`/${label}`)))
    .map(([id]) => id);
}

/** By full logical id. */
function nestedIn(template: Template, prefix: string): [string, { place: { file: string } }][] {
  return [...(template.nested ?? [])].flatMap(([name, nested]) => [
    [prefix + name, nested.declaration] as [string, { place: { file: string } }],
    ...nestedIn(nested.template, `${prefix}${name}/`),
  ]);
}

function usesOf(environment: Environment, references: (environment: Environment) => readonly Reference[]): Uses {
  const { result, keys } = recording(environment, references);
  return { references: result, keys };
}

/** Adds what refers to something that is left out, until there is no more. */
function closeOver(parties: readonly Party[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const linkable = parties.map(({ stack, environment }) => ({
    stack,
    environment,
    account: stack.account,
    region: stack.region,
    requests: inputsOf(stack, environment.pseudo),
  }));
  const links = linkStacks(linkable, linkable).found;
  for (let grown = true; grown; ) {
    grown = false;
    for (const party of parties) {
      const missing = new Set(
        links.flatMap(({ by, request, from, output }) => {
          const source = parties.find((each) => each.stack === from.stack);
          return by.stack === party.stack && source && lacks(source, output) ? [inputKey(request)] : [];
        }),
      );
      for (const [id, { references, keys }] of party.uses) {
        if (isLeftOut(party, id)) continue;
        const gone = references.filter((each) => isLeftOut(party, each.logicalId));
        const used = gone.find((each) => each.at !== undefined)?.logicalId ?? [...keys].find((key) => missing.has(key));
        const needed = used ?? gone[0]?.logicalId;
        if (needed === undefined) continue;
        party.ids.add(id);
        diagnostics.push(dependent(party.stack, id, needed, used !== undefined));
        grown = true;
      }
    }
  }
  return diagnostics;
}

function lacks(party: Party, output: string): boolean {
  const { references } = evaluateOutput(party.stack.template, output, party.environment);
  return references.some((each) => isLeftOut(party, each.logicalId));
}

/** `isUsed`: it has a value of what is left out; else it only comes after it, and nothing says that it can do without. */
function dependent({ template }: Stack, id: string, needed: string, isUsed: boolean): Diagnostic {
  const declaration = template.resources.get(id);
  return {
    code: "skipped.dependent",
    severity: "warning",
    message: `${id} is left out of this run: it ${isUsed ? "refers to" : "waits for"} ${needed}, which is left out.`,
    remedy: isUsed
      ? "Give it the value as a parameter, and it is part of the run."
      : "Where it can do without, remove the DependsOn, and it is part of the run.",
    ...(declaration && { resource: resourceLabel(declaration), place: declaration.place }),
  };
}

/** The template without some of its resources, also when it is read again. */
function without(template: Template, leftOut: LeftOut): Template {
  const { late } = template;
  return {
    ...template,
    resources: new Map([...template.resources].filter(([id]) => !isLeftOut(leftOut, id))),
    leftOut: { ...leftOut, types: new Set([...leftOut.ids].flatMap((id) => template.resources.get(id)?.type ?? [])) },
    ...(late && {
      late: {
        ...late,
        read(environment: Environment) {
          const again = late.read(environment);
          return again.value ? { ...again, value: without(again.value, leftOut) } : again;
        },
      },
    }),
  };
}
