import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { JsonLayout, Style, Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

/** Where the result of a command goes: stdout; or a file, and then what people read of it on stdout. */
export interface Result {
  /** Text for people, rendered for a style: a file's, and that of stdout; or of stderr, for what is no result by itself. */
  text(render: (style: Style) => string, stream?: "out" | "err"): void;
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
    text(render, stream = "out") {
      terminal[stream](render(terminal[`${stream}Style`]));
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
      await writeWhole(target, `${parts.map((part) => part()).join("\n")}\n`, `--output: ${file}`);
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

/** Writes all of a file, or nothing of it. Rejects with a UsageError, in which it has the name `shown`, where that cannot be done. */
export async function writeWhole(file: string, text: string, shown: string): Promise<void> {
  try {
    await replaceFile(await realpath(file).catch(() => file), text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new UsageError(
      `${shown} could not be written: ${(error as Error).message}.`,
      "see that there is room, and that you may write there",
    );
  }
}

/** A reader sees the old file or the new one. Devices and pipes are written to as they are. */
async function replaceFile(target: string, text: string): Promise<void> {
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
