import type { Candidate } from "./find.ts";
import type { Stack } from "./model.ts";
import { type Load, reading } from "./reading.ts";

/** Files of a load that may be stacks and gave none: they cannot be read, are empty, or have a template that cannot be read. */
export async function unreadFiles(
  load: Load,
  candidates: Iterable<Candidate>,
  stacks: readonly Stack[],
): Promise<string[]> {
  const named = new Set(stacks.map((stack) => stack.file));
  const unread = new Set<string>();
  for (const { kind, file } of candidates)
    if (kind === "stack" && !named.has(file.source.path)) unread.add(file.source.path);
  for (const [path, read] of load.files) {
    const { file, missing = false } = await read;
    if (missing || file?.root) continue;
    const { value: source } = file ? { value: file.source } : await reading(load, load.tree.read(path));
    // Much that is called YAML is none, and no stack either.
    if (!source || source.text.trim() === "" || /template-file-path|Resources/.test(source.text)) unread.add(path);
  }
  return [...unread].sort();
}
