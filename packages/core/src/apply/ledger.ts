/** A text with a name, as it is now or was in one of its versions. */
export interface LedgerEntry {
  name: string;
  text: string;
  /** Grows by one with every writing. */
  version: number;
  /** Milliseconds since 1970, on the clock of whoever keeps it. */
  writtenAt: number;
}

/** Where the runs of a stack leave word for one another: named texts with versions, kept in the cloud that the stack lives in. */
export interface Ledger {
  /** Everything below a path (`/reconcile/<project>/<stack>`), as it is now. */
  list(path: string): Promise<LedgerEntry[]>;
  /** false: there is one of that name already, and it stays as it is. */
  create(name: string, text: string): Promise<boolean>;
  /** Writes it whether it is there or not. */
  overwrite(name: string, text: string): Promise<void>;
  /** What is not there is no error. */
  remove(names: readonly string[]): Promise<void>;
  /** Every version that is kept, the newest first; none: there is no such entry. */
  history(name: string): Promise<LedgerEntry[]>;
}

/** The place of everything that runs of a stack leave for one another, or those of a whole project. Both names are checked when they are read from files. */
export function ledgerPath(project: string, stack?: string): string {
  return ["", "reconcile", project, stack].filter((part) => part !== undefined).join("/");
}
