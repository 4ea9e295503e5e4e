import type { Diagnostic } from "@reconcile/core";
import type { LoadFlags } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/** What every command is given. */
export interface Context {
  terminal: Terminal;
  flags: LoadFlags;
  /** The text of a file that was read, once the desired state has been. */
  sources(file: string): string | undefined;
  /** Warnings and notes so far, for a document that reports problems. */
  diagnostics: readonly Diagnostic[];
}
