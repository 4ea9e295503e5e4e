import { diffArrays } from "diff";
import { isRecord, stableText } from "../value.ts";
import { dotted } from "./values.ts";

/** One difference between two JSON values. `+` has no before, `-` no after. */
export interface Leaf {
  path: string;
  sign: "+" | "-" | "~";
  before?: unknown;
  after?: unknown;
}

/** Where two JSON values differ, as deep as both have the same structure. Elements of lists are paired by the shortest edit. */
export function leafDifferences(before: unknown, after: unknown, path = ""): Leaf[] {
  if (stableText(before) === stableText(after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(before, after, path);
  if (isRecord(before) && isRecord(after)) return recordDifferences(before, after, path);
  return [{ path, sign: "~", before, after }];
}

function recordDifferences(before: Record<string, unknown>, after: Record<string, unknown>, path: string): Leaf[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name): Leaf[] => {
    const below = path + dotted(path, name);
    if (!Object.hasOwn(before, name)) return [{ path: below, sign: "+", after: after[name] }];
    if (!Object.hasOwn(after, name)) return [{ path: below, sign: "-", before: before[name] }];
    return leafDifferences(before[name], after[name], below);
  });
}

function listDifferences(before: readonly unknown[], after: readonly unknown[], path: string): Leaf[] {
  // Two long lists that have nothing in common cost the square of their length.
  const chunks = diffArrays(before.map(stableText), after.map(stableText), { maxEditLength: 400 });
  if (!chunks) return [{ path, sign: "~", before, after }];
  const leaves: Leaf[] = [];
  let removed: unknown[] = [];
  let from = 0;
  let to = 0;
  for (const chunk of chunks) {
    if (chunk.removed) {
      removed = before.slice(from, from + chunk.count);
      from += chunk.count;
      continue;
    }
    const added = chunk.added ? after.slice(to, to + chunk.count) : [];
    leaves.push(...pairs(removed, added, path, to));
    removed = [];
    to += chunk.count;
    if (!chunk.added) from += chunk.count;
  }
  return [...leaves, ...pairs(removed, [], path, to)];
}

/** What was taken out and what was put in at the same place are one changed element, when both have parts that could be equal. */
function pairs(removed: readonly unknown[], added: readonly unknown[], path: string, index: number): Leaf[] {
  const common = Math.min(removed.length, added.length);
  const leaves: Leaf[] = [];
  for (const [offset, value] of removed.entries()) {
    if (offset < common && isRecord(value) && isRecord(added[offset])) {
      leaves.push(...leafDifferences(value, added[offset], `${path}[${index + offset}]`));
    } else leaves.push({ path, sign: "-", before: value });
  }
  for (const [offset, value] of added.entries()) {
    if (offset >= common || !isRecord(value) || !isRecord(removed[offset]))
      leaves.push({ path, sign: "+", after: value });
  }
  return leaves;
}

/** The object or list that a text holds as JSON; undefined: it holds none. */
export function documentIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text) || depthOf(text) > deepest) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** No real document is as deep; a hostile one would end the recursion of whoever walks it. */
const deepest = 64;

function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const character of text) {
    if (character === "[" || character === "{") most = Math.max(most, ++depth);
    if (character === "]" || character === "}") depth--;
  }
  return most;
}
