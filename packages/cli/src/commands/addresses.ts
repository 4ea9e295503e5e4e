import { readFile } from "node:fs/promises";
import path from "node:path";
import {
  type AddressEdit,
  type AllowedAddress,
  allowAddress,
  cidrOf,
  DiagnosticError,
  hasErrors,
  isLabel,
  listAddresses,
  printable,
  revokeAddress,
  type Stack,
} from "@reconcile/core";
import type { Context } from "../context.ts";
import { currentAddress } from "../current-address.ts";
import type { DesiredState } from "../desired-state.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import type { AddressFlags, LoadFlags } from "../options.ts";
import { openResult, writeWhole } from "../output.ts";
import { openState } from "../state.ts";
import { UsageError } from "../usage.ts";

/** `reconcile allow-ip [ADDRESS] [PATH…]`: writes a rule for an address into a template. Nothing in AWS changes until that is reconciled. */
export async function allowIp(words: readonly string[], flags: AddressFlags, context: Context): Promise<ExitCode> {
  const { address, paths } = split(words);
  const label = flags.label ?? "me";
  if (!isLabel(label)) {
    throw new UsageError(`--label "${label}" cannot be the description of a rule.`, "use letters, digits and spaces");
  }
  const { stack, desired } = await oneStack(paths, context);
  const cidr = address ?? (await currentAddress());
  const { group, port = 22, expires } = flags;
  const wish = { cidr, port, label, ...(group !== undefined && { group }), ...(expires !== undefined && { expires }) };
  return write(allowAddress(stack, wish), desired, flags, context);
}

/** `reconcile revoke-ip [ADDRESS] [PATH…]`: takes the rules of an address, or of a label, out of a template. */
export async function revokeIp(words: readonly string[], flags: AddressFlags, context: Context): Promise<ExitCode> {
  const { address, paths } = split(words);
  const { label, group, port } = flags;
  const { stack, desired } = await oneStack(paths, context);
  const cidr = address ?? (label === undefined ? await currentAddress() : undefined);
  const which = { cidr, label, group, port };
  const given = Object.fromEntries(Object.entries(which).filter(([, value]) => value !== undefined));
  return write(revokeAddress(stack, given), desired, flags, context);
}

/** `reconcile list-ips [PATH…]`: the addresses that templates let in. */
export async function listIps(paths: readonly string[], flags: LoadFlags, context: Context): Promise<ExitCode> {
  const { stacks } = await soundState(paths, context);
  const rows = stacks.flatMap((stack) =>
    listAddresses(stack).map(({ place, ...each }) => ({
      stack: stack.name,
      ...each,
      file: place.file,
      line: place.line,
    })),
  );
  const result = await openResult(flags.output, context.terminal);
  if (flags.format === "json") result.json({ addresses: rows }, { indent: 2 });
  else result.text(() => (rows.length === 0 ? "no address is let in" : table(rows)));
  await result.finish();
  return exitCodes.done;
}

interface Row extends Omit<AllowedAddress, "place"> {
  stack: string;
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(({ stack, group, protocol, ports, cidr, label, expires }) =>
    [`${stack}/${group}`, `${protocol} ${ports}`, cidr, label, expires === undefined ? "" : `until ${expires}`].map(
      (each) => printable(String(each)),
    ),
  );
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The first word may be an address; the others are paths. */
function split(words: readonly string[]): { address?: string; paths: readonly string[] } {
  const [first = "", ...others] = words;
  const address = cidrOf(first);
  if (address !== undefined) return { address, paths: others };
  if (/^[\d.]+(?:\/\d*)?$|^[\da-f:]*:[\da-f:]*(?:\/\d*)?$/i.test(first))
    throw new UsageError(
      `"${first}" is no address that can be let in.`,
      "write it as in 203.0.113.10, or a network as in 203.0.113.0/24",
    );
  return { paths: words };
}

async function oneStack(paths: readonly string[], context: Context): Promise<{ stack: Stack; desired: DesiredState }> {
  const desired = await soundState(paths, context);
  const [stack, ...others] = desired.stacks;
  if (!stack || others.length > 0) {
    const names = desired.stacks.map((each) => each.name).join(", ");
    throw new UsageError("One stack has to be named.", `--stack NAME: the stacks here are ${names}`);
  }
  return { stack, desired };
}

async function soundState(paths: readonly string[], context: Context): Promise<DesiredState> {
  const desired = await openState(paths, context, "files");
  if (hasErrors(desired.diagnostics)) throw new DiagnosticError(desired.diagnostics);
  return desired;
}

async function write(
  { file, text, done }: AddressEdit,
  desired: DesiredState,
  flags: AddressFlags,
  context: Context,
): Promise<ExitCode> {
  const result = await openResult(flags.output, context.terminal);
  if (done.length > 0) {
    const target = path.join(desired.root, file);
    // Read text has no byte order mark any more.
    const mark = (await readFile(target, "utf8")).startsWith("\ufeff") ? "\ufeff" : "";
    await writeWhole(target, mark + text, file);
  }
  const said = done.length === 0 ? ["nothing to do: it is allowed already"] : done;
  result.text(() => said.map(printable).join("\n"));
  await result.finish();
  if (done.length > 0) context.terminal.err(`${file} is written; nothing in AWS has changed. Commit it and reconcile.`);
  return exitCodes.done;
}
