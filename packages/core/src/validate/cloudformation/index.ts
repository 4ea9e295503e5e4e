import { type Diagnostic, sortDiagnostics } from "../../diagnostic.ts";
import type { Cloud } from "../../resource/model.ts";
import type { Registry } from "../../resource/registry.ts";
import { readLate } from "../../stack/late.ts";
import type { Stack } from "../../stack/model.ts";
import { resolveParameters } from "../../stack/parameters.ts";
import type { Template } from "../../template/model.ts";
import { offlineEnvironment } from "../offline.ts";
import type { Specification } from "../specification.ts";
import { distinct } from "../words.ts";
import { checkLimits, checkParameterValue } from "./limits.ts";
import { checkProperties } from "./properties.ts";
import { checkStackFile } from "./stack-file.ts";
import { checkText } from "./text.ts";

/** What is known of types and files. */
export interface CloudFormationOptions {
  registry: Pick<Registry<Cloud>, "get">;
  specification: Specification;
  /** The text of a file that was read. */
  sources(file: string): string | undefined;
}

/**
 * What would not go back to CloudFormation as it is, whatever else is right or wrong with it: nothing here is an error. A warning: CloudFormation refuses it, or takes it for
 * something else. A note: it needs another step. `Metadata.Reconcile` is not among it, because CloudFormation and its linters leave it alone.
 */
export function checkCloudFormation(stacks: readonly Stack[], options: CloudFormationOptions): Diagnostic[] {
  return sortDiagnostics(distinct(stacks.flatMap((stack) => checkStack(stack, options))));
}

function checkStack(declared: Stack, options: CloudFormationOptions): Diagnostic[] {
  const { parameters } = resolveParameters(declared, new Map());
  const environment = offlineEnvironment(declared, parameters, new Map(), {});
  const { stack } = readLate(declared, environment);
  return [
    ...templatesOf(stack.template).flatMap((template) => [...checkLimits(template), ...checkText(template)]),
    ...checkProperties(stack.template, environment, options),
    ...[...stack.parameters].flatMap(([name, value]) =>
      value.kind === "literal" ? checkParameterValue(name, value) : [],
    ),
    ...checkStackFile(stack, options.sources(stack.file)),
  ];
}

/** A template and all that are nested in it: CloudFormation gets each by itself. */
function templatesOf(template: Template): Template[] {
  const inner = [...(template.nested?.values() ?? [])].map((nested) => nested.template);
  return [template, ...inner.flatMap(templatesOf)];
}
