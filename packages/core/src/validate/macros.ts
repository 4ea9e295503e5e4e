import type { Diagnostic, Place } from "../diagnostic.ts";
import type { Stack } from "../stack/model.ts";
import { templateOfFile } from "../template/nested.ts";
import { sourceText } from "./unknown-identity.ts";

/** What a macro may make right before CloudFormation looks at the template: its types, names and values. */
const changedByMacros = /^(property|getatt|check)\.|^type\.unknown$/;

/**
 * Without what is said of a template before a macro of its owner has worked on it: that the macro is not run here is said at its name. AWS's own transforms leave alone
 * what is not theirs.
 */
export function withoutMacros(diagnostics: readonly Diagnostic[], stacks: readonly Stack[]): Diagnostic[] {
  const templateAt = ({ file }: Place) =>
    stacks.map(({ template }) => templateOfFile(template, file)).find((each) => each !== undefined);
  const files = new Set<string>();
  for (const { code, place } of diagnostics) {
    const template = place && code === "unsupported.transform" ? templateAt(place) : undefined;
    if (!place || !template) continue;
    if (!/^["']?AWS::/.test(sourceText(template, place) ?? "")) files.add(place.file);
  }
  return diagnostics.filter(({ code, place }) => !place || !files.has(place.file) || !changedByMacros.test(code));
}
