import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { JsonLayout, Style, Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

/** Where the result of a command goes: stdout; or a file, and then what people read of it on stdout. */
export interface Result {
  /** Text for people, rendered for a style: stdout's, or a file's. */
  text(render: (style: Style) => string): void;
  /** What --format markdown or github asks for; with a file, `shown` is what people read on stdout. */
  document(document: string, shown?: (style: Style) => string): void;
  /** The same for --format json, sarif, and a saved plan. */
  json(document: unknown, layout?: JsonLayout, shown?: (style: Style) => string): void;
  /** Writes the file, all of it or nothing. */
  finish(): Promise<void>;
}

/** Rejects with a UsageError when the file could not be written. */
export async function openResult(file: string | undefined, terminal: Terminal): Promise<Result> {
  const target = await checkTarget(file);
  const parts: (() => string)[] = [];
  return {
    text(render) {
      terminal.out(render(terminal.outStyle));
      parts.push(() => terminal.redact(render({ color: false, width: 100 })));
    },
    document(document, shown) {
      parts.push(() => terminal.redact(document));
      if (target === undefined) terminal.out(document);
      else if (shown) terminal.out(shown(terminal.outStyle));
    },
    json(document, layout, shown) {
      parts.push(() => terminal.jsonText(document, layout));
      if (target === undefined) terminal.json(document, layout);
      else if (shown) terminal.out(shown(terminal.outStyle));
    },
    async finish() {
      if (target === undefined || parts.length === 0) return;
      await writeWhole(target, `${parts.map((part) => part()).join("\n")}\n`).catch((error: NodeJS.ErrnoException) => {
        if (error.code === undefined) throw error;
        // What was to be read there was done all the same.
        throw new UsageError(
          `--output: ${file} could not be written: ${error.message}.`,
          "make room there, or name another file",
        );
      });
      terminal.err(`written to ${file}`);
    },
  };
}

/** The absolute path of --output; rejects with a UsageError when it cannot be written. */
export async function checkTarget(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const target = path.resolve(file);
  const folder = path.dirname(target);
  try {
    await access(folder, constants.W_OK);
  } catch {
    throw new UsageError(
      `--output: the folder ${folder} is not there, or may not be written to.`,
      "make it, or name a file elsewhere",
    );
  }
  if ((await stat(target).catch(() => undefined))?.isDirectory()) {
    throw new UsageError(`--output: ${file} is a folder.`, "name a file");
  }
  return target;
}

/** A reader sees the old file or the new one. Devices and pipes are written to as they are. */
async function writeWhole(file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const known = await stat(target).catch(() => undefined);
  if (known && !known.isFile()) {
    await writeFile(target, text);
    return;
  }
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID().slice(0, 8)}`);
  try {
    await writeFile(temporary, text, { flag: "wx", ...(known && { mode: known.mode }) });
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}
