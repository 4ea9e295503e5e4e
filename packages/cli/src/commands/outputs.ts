import { type Output, outputsOf, outputText, Unknown } from "@reconcile/core";
import type { Context } from "../context.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { openLooking } from "../looking.ts";
import type { AwsFlags } from "../options.ts";
import { openResult } from "../output.ts";

/** `reconcile outputs [PATH…]`: the outputs of the stacks as they are live. */
export async function outputs(paths: readonly string[], flags: AwsFlags, context: Context): Promise<ExitCode> {
  const result = await openResult(flags.output, context.terminal);
  const planning = await openLooking(paths, flags, context);
  planning.close();
  const stacks = planning.prepared.worlds.map((world) => ({
    name: world.instance.stack.name,
    outputs: outputsOf(world.instance, world.liveAttributes),
  }));
  if (flags.format === "json") result.json(documentOf(stacks), { indent: 2 });
  else result.text(() => textOf(stacks));
  await result.finish();
  return exitCodes.done;
}

interface StackOutputs {
  name: string;
  outputs: readonly Output[];
}

/** Several stacks have headings; one is only its outputs. */
function textOf(stacks: readonly StackOutputs[]): string {
  const blocks = stacks.map(({ name, outputs: all }) => {
    const column = Math.max(0, ...all.map((output) => output.name.length));
    const lines = all.map((output) => `${output.name.padEnd(column)}  ${valueText(output)}`);
    if (stacks.length === 1) return lines.length === 0 ? `${name} has no outputs` : lines.join("\n");
    const body = lines.length === 0 ? ["no outputs"] : lines;
    return [name, ...body.map((line) => `  ${line}`)].join("\n");
  });
  return blocks.join("\n\n");
}

function valueText(output: Output): string {
  if (!output.sensitive && output.value instanceof Unknown)
    return `(not known: ${output.value.sources.join(", ")} is not there)`;
  return outputText(output);
}

function documentOf(stacks: readonly StackOutputs[]) {
  return {
    stacks: stacks.map(({ name, outputs: all }) => ({
      name,
      outputs: all.map(({ name: output, value, sensitive, description }) => ({
        name: output,
        value: sensitive ? { sensitive: true } : value instanceof Unknown ? { unknown: value.sources } : value,
        sensitive,
        description: description ?? null,
      })),
    })),
  };
}
