import type { Diagnostic } from "../../diagnostic.ts";
import type { Project, Stack } from "../../stack/model.ts";
import { didYouMean } from "../../template/nearest.ts";
import { templateFiles } from "../../template/nested.ts";
import { reviews } from "./reviews.ts";
import { settableIds } from "./settable.ts";
import { type Silencer, silencerProblem, silencersIn } from "./silencers.ts";

const settable = new Set(settableIds);
const reviewIds = new Set(reviews.map(({ id }) => id));

/** Diagnostics as reconcile.yaml and comments want them, and what is wrong with either. */
export function withSettings(diagnostics: readonly Diagnostic[], stacks: readonly Stack[]): Diagnostic[] {
  const templates = new Map(stacks.flatMap((stack) => templateFiles(stack.template).map((file) => [file, stack])));
  const silencers = [...new Set(templates.values())].flatMap(({ template }) => silencersIn(template));
  const byPlace = new Map(silencers.map((each) => [keyOf(each.file, each.line ?? each.resource, each.id), each]));
  const used = new Set<Silencer>();
  const heard = diagnostics.flatMap((diagnostic) => {
    const { code, place, severity: own } = diagnostic;
    // A type's own check may be an error, and then it is one of those that keep from planning.
    if (!place || !settable.has(code) || (own === "error" && !reviewIds.has(code))) return diagnostic;
    const severity = templates.get(place.file)?.project.checks.get(code)?.severity ?? own;
    if (severity === "off") return [];
    const silencer =
      byPlace.get(keyOf(place.file, place.line, code)) ?? byPlace.get(keyOf(place.file, diagnostic.resource, code));
    if (!silencer?.reason) return { ...diagnostic, severity };
    used.add(silencer);
    return [];
  });
  const projects = new Set([...templates.values()].map(({ project }) => project));
  return [
    ...heard,
    ...[...projects].flatMap(unknownChecks),
    ...silencers.flatMap((silencer) => silencerProblem(silencer, used.has(silencer))),
  ];
}

function keyOf(file: string, where: number | string | undefined, id: string): string {
  return JSON.stringify([file, where, id]);
}

function unknownChecks({ checks }: Project): Diagnostic[] {
  const unknown = [...checks].filter(([id]) => !settable.has(id));
  return unknown.map(([id, { place }]) => ({
    code: "project.unknown-check",
    severity: "error",
    message: `There is no check "${id}" whose severity could be set.`,
    remedy: didYouMean(id, settableIds, "Errors cannot be turned off; the documentation lists the checks."),
    place,
  }));
}
