import type { Ledger, LedgerEntry } from "../apply/ledger.ts";

/** A ledger in memory; every entry keeps its versions. `now`: the clock of whoever keeps it. */
export function createMemoryLedger(now: () => number): Ledger & { names(): string[] } {
  const entries = new Map<string, LedgerEntry[]>();

  function write(name: string, text: string): void {
    const versions = entries.get(name) ?? [];
    const version = (versions[0]?.version ?? 0) + 1;
    entries.set(name, [{ name, text, version, writtenAt: now() }, ...versions].slice(0, 100));
  }

  return {
    names: () => [...entries.keys()].sort(),
    async list(path) {
      return [...entries]
        .filter(([name]) => name.startsWith(`${path}/`))
        .flatMap(([, versions]) => versions.slice(0, 1));
    },
    async create(name, text) {
      if (entries.has(name)) return false;
      write(name, text);
      return true;
    },
    async overwrite(name, text) {
      write(name, text);
    },
    async remove(names) {
      for (const name of names) entries.delete(name);
    },
    async history(name) {
      return [...(entries.get(name) ?? [])];
    },
  };
}
