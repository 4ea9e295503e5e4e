import type { z } from "zod";
import { containsUnknown, mapValues, Unknown } from "../value.ts";

export type Issue = z.core.$ZodIssue;
export type Path = readonly PropertyKey[];

/** Stands for what is unknown while zod looks: no schema expects it, and it is found again by its mark. NUL cannot be in a template. */
const mark = "\u0000unknown\u0000";

/** The same with a placeholder for every Unknown; a copy only where there is one. */
export function withPlaceholders(value: unknown): unknown {
  if (value instanceof Unknown) return mark;
  if (!containsUnknown(value)) return value;
  if (Array.isArray(value)) return value.map(withPlaceholders);
  if (typeof value !== "object" || value === null) return value;
  return mapValues(value as Record<string, unknown>, (_key, part) => withPlaceholders(part));
}

function isOpen(value: unknown): boolean {
  if (typeof value === "string") return value === mark;
  return typeof value === "object" && value !== null && Object.values(value).some(isOpen);
}

/** The value at a path of zod's; undefined where there is none. Own keys only. */
export function at(root: unknown, path: Path): unknown {
  let current = root;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<PropertyKey, unknown>)[key];
  }
  return current;
}

/**
 * The issues that hold whatever the unknowns turn out to be, with whole paths; the others are looked at again just before the write. Deferred are: an issue at an unknown
 * value; a refinement with an unknown in what it looks at, which is the object that its path is in; a union of which a branch has only such issues. What is misspelt or
 * missing is never deferred: "whatever lies above a placeholder" would hide every misspelt property of a resource that refers to another.
 */
export function keptIssues(issues: readonly Issue[], input: unknown, base: Path = []): Issue[] {
  return issues.flatMap((issue) => keptIssue({ ...issue, path: [...base, ...issue.path] }, input));
}

function keptIssue(issue: Issue, input: unknown): Issue[] {
  const value = at(input, issue.path);
  if (value === mark) return [];
  if (issue.code === "custom") return isOpen(value) || isOpen(at(input, issue.path.slice(0, -1))) ? [] : [issue];
  if (issue.code !== "invalid_union" || issue.errors.length === 0 || value === undefined) return [issue];
  const branches = issue.errors.map((errors) => keptIssues(errors, input, issue.path));
  if (branches.some((branch) => branch.length === 0)) return [];
  return nearestBranch(branches, issue) ?? [issue];
}

/** The branch that was meant: the one that accepts the kind of value and is wrong least. undefined: none accepts its kind, or several are as near. */
function nearestBranch(branches: readonly Issue[][], union: Issue): Issue[] | undefined {
  const sameKind = branches.filter((issues) =>
    issues.every((issue) => issue.path.length > union.path.length || issue.code !== "invalid_type"),
  );
  const [first, second] = [...sameKind].sort((a, b) => weight(a) - weight(b));
  return first && second && weight(first) === weight(second) ? undefined : first;
}

/** A wrong discriminator tells that another branch was meant. */
function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === "invalid_value" ? 100 : 1), 0);
}
