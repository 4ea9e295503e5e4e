import type { Diagnostic, Severity } from "../diagnostic.ts";
import type { Stack } from "../stack/model.ts";

/** What files are looked at for: to be planned with, or to know whether they are sound. */
export type Purpose = "plan" | "files";

/** What keeps from planning, and yet says nothing against the files. */
const onlyForPlans: ReadonlyMap<string, Severity> = new Map([
  ["getatt.property", "warning"],
  ["input.env-missing", "note"],
  ["nested.condition", "warning"],
  ["not-yet.type", "warning"],
  ["not-yet.attribute", "warning"],
  ["property.unsupported", "warning"],
  ["slot.declared-twice", "warning"],
]);

/** The same of a template that no stack file names: its parameters are given, and its stack is named, where it is used. */
const onlyForPlansOfTemplates: ReadonlyMap<string, Severity> = new Map([
  ["parameter.missing", "note"],
  ["stack.name", "note"],
  ["stack.duplicate", "note"],
  ["export.duplicate", "note"],
]);

/** Is the stack a template by itself? */
export function isBare(stack: Stack): boolean {
  return stack.file === stack.template.source.path;
}

/** Diagnostics with the severity that they have for a purpose. */
export function judged(diagnostics: readonly Diagnostic[], stacks: readonly Stack[], purpose: Purpose): Diagnostic[] {
  if (purpose === "plan") return [...diagnostics];
  const templates = new Set(stacks.filter(isBare).map((stack) => stack.file));
  return diagnostics.map((diagnostic) => {
    const { code, place } = diagnostic;
    const ofTemplate = place && templates.has(place.file) ? onlyForPlansOfTemplates.get(code) : undefined;
    const severity = ofTemplate ?? onlyForPlans.get(code);
    return severity === undefined ? diagnostic : { ...diagnostic, severity };
  });
}
