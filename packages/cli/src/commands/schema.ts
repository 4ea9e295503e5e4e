import { createRegistry, DiagnosticError, editorSchema, editorSettings, type SchemaKind } from "@reconcile/core";
import { types } from "@reconcile/providers";
import type { Specification } from "@reconcile/spec";
import type { Context } from "../context.ts";
import { readDesiredState } from "../desired-state.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import type { SchemaFlags } from "../options.ts";
import { openResult } from "../output.ts";
import { specification } from "../specification.ts";
import { UsageError } from "../usage.ts";

const schemaFile = "./.vscode/reconcile.schema.json";
const files = ["desired-state/**/*.yaml", "desired-state/**/*.yml"];
const kinds: ReadonlySet<string> = new Set<SchemaKind>(["stack", "project", "template"]);

/** `reconcile schema [KIND] [PATH…]`: JSON Schemas for the YAML support of editors. `settings`: what an editor has to be told of them. */
export async function schema(
  words: readonly string[],
  flags: SchemaFlags,
  { terminal }: Pick<Context, "terminal">,
): Promise<ExitCode> {
  const result = await openResult(flags.output, terminal);
  result.json(await documentOf(words, flags), { indent: 2 });
  await result.finish();
  return exitCodes.done;
}

async function documentOf(words: readonly string[], flags: SchemaFlags): Promise<unknown> {
  const [first = "", ...rest] = words;
  if (first === "settings") {
    if (rest.length > 0) throw new UsageError('"schema settings" takes no PATH.', "reconcile schema settings");
    return editorSettings(schemaFile, files);
  }
  const aws = specification();
  const used = await typesIn(kinds.has(first) ? rest : words);
  const described = new Set([
    ...types.map(({ type }) => type),
    ...flags.type.map((type) => knownType(type, aws)),
    ...used,
  ]);
  return editorSchema(kinds.has(first) ? (first as SchemaKind) : "any", {
    types: [...described].filter((type) => aws.has(type)).sort(),
    registry: createRegistry(types),
    specification: aws,
  });
}

function knownType(type: string, aws: Specification): string {
  if (aws.has(type)) return type;
  const near = aws.nearestType(type);
  throw new UsageError(
    `--type "${type}" is no resource type of AWS's.`,
    near === undefined ? "name it as in AWS::S3::Bucket" : `did you mean ${near}?`,
  );
}

/** The types that the templates use. What is wrong with a file does not matter, as long as there are any; without a PATH there need be none. */
async function typesIn(paths: readonly string[]): Promise<string[]> {
  try {
    const { stacks, diagnostics } = await readDesiredState(paths, { stack: [] });
    const errors = diagnostics.filter((each) => each.severity === "error");
    if (paths.length > 0 && stacks.length === 0 && errors.length > 0) throw new DiagnosticError(errors);
    return stacks.flatMap(({ template }) => [...template.resources.values()].map(({ type }) => type));
  } catch (error) {
    if (paths.length === 0 && error instanceof DiagnosticError) return [];
    throw error;
  }
}
