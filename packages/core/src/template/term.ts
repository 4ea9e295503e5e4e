import type { Node } from "yaml";
import { type Pointer, pointer } from "../pointer.ts";
import { isRecord, setOwn, Unknown, type Value } from "../value.ts";
import type { Known, Reference } from "./model.ts";

/** A use of a resource, before it is known where in the properties it ends up. */
export type Use = Omit<Reference, "at">;

interface Base {
  /** Where the value stands in the text. */
  node: Node;
  /** Resources that this term (not its parts) was made from. */
  uses?: readonly Use[];
}

/** A single value. */
export interface Leaf extends Base {
  kind: "leaf";
  value: string | number | boolean | null | Unknown;
  /** The source text of a plain scalar that would print differently. */
  text?: string;
  sensitive?: boolean;
  /** Holds an outside value that looks like a dynamic reference: it is data and must not be looked up. */
  verbatim?: boolean;
  /** See `Known`. */
  isName?: boolean;
}

/** A list, with each element at its place. */
export interface List extends Base {
  kind: "list";
  items: readonly Term[];
}

/** A map, with each key at its place. */
export interface MapTerm extends Base {
  kind: "map";
  entries: ReadonlyMap<string, { key: Node; term: Term }>;
}

/** `AWS::NoValue`: removes the key or element that it stands for. */
export interface Nothing extends Base {
  kind: "nothing";
}

/** A value in the course of evaluation: every part keeps its node, so that its place and source text are known to the end. */
export type Term = Leaf | List | MapTerm | Nothing;

/** Stands for a value that a reported problem prevents: unknown, so that nothing is reported twice. */
export function failed(node: Node): Leaf {
  return { kind: "leaf", node, value: new Unknown([], "unread") };
}

/** A value from outside as a term, all of it at one node. */
export function lift(known: Known, node: Node, origin: { uses?: readonly Use[]; verbatim?: boolean } = {}): Term {
  const flags: Partial<Leaf> = {
    ...(known.sensitive && { sensitive: true }),
    ...(known.isName && { isName: true }),
  };
  const term = liftValue(known.value, node, flags, origin.verbatim ?? known.verbatim ?? false);
  return origin.uses ? { ...term, uses: origin.uses } : term;
}

function liftValue(value: Value, node: Node, flags: Partial<Leaf>, verbatim: boolean): Term {
  if (Array.isArray(value))
    return { kind: "list", node, items: value.map((item) => liftValue(item, node, flags, verbatim)) };
  if (isRecord(value)) {
    const parts = Object.entries(value as Record<string, Value>);
    const entries = new Map(
      parts.map(([key, part]) => [key, { key: node, term: liftValue(part, node, flags, verbatim) }]),
    );
    return { kind: "map", node, entries };
  }
  const marks =
    typeof value === "string" && verbatim && value.includes("{{resolve:") ? { ...flags, verbatim: true } : flags;
  return { kind: "leaf", node, value: value as Leaf["value"], ...marks };
}

/** Must it never be shown? */
export function isSensitive(leaf: Leaf): boolean {
  return leaf.sensitive === true || (leaf.value instanceof Unknown && leaf.value.sensitive);
}

/** See `Known`. */
export function isName(term: Term): boolean {
  return term.kind === "leaf" && term.isName === true;
}

/** The text of a known scalar, as it was written. */
export function leafText(leaf: Leaf): string {
  return leaf.text ?? String(leaf.value);
}

/** The text as a message may quote it: a secret is quoted nowhere. */
export function quotedText(leaf: Leaf): string {
  return isSensitive(leaf) ? "the value given here" : `"${leafText(leaf)}"`;
}

/** Every use in a term and its parts. */
export function usesOf(term: Term): Use[] {
  const own = term.uses ?? [];
  if (term.kind === "list") return [...own, ...term.items.flatMap(usesOf)];
  if (term.kind === "map") return [...own, ...[...term.entries.values()].flatMap((entry) => usesOf(entry.term))];
  return [...own];
}

/** Every single value in a term. */
export function leavesOf(term: Term): Leaf[] {
  if (term.kind === "leaf") return [term];
  if (term.kind === "list") return term.items.flatMap(leavesOf);
  if (term.kind === "map") return [...term.entries.values()].flatMap((entry) => leavesOf(entry.term));
  return [];
}

/** The same term, all of it sensitive: chosen by something that is. */
export function conceal(term: Term): Term {
  if (term.kind === "leaf") return { ...term, sensitive: true };
  if (term.kind === "list") return { ...term, items: term.items.map(conceal) };
  if (term.kind === "nothing") return term;
  const entries = [...term.entries].map(
    ([key, entry]) => [key, { key: entry.key, term: conceal(entry.term) }] as const,
  );
  return { ...term, entries: new Map(entries) };
}

/** The same term with further uses: what a function looked at and did not pass on. */
export function withUses(term: Term, uses: readonly Use[]): Term {
  return uses.length === 0 ? term : { ...term, uses: [...(term.uses ?? []), ...uses] };
}

/** A term as a plain value, with what is known about its parts by pointer. */
export interface Lowered {
  /** undefined: `AWS::NoValue`. */
  value: Value | undefined;
  sensitive: Set<Pointer>;
  references: Reference[];
}

/** The value of a term, without its places. */
export function lower(term: Term): Lowered {
  const lowered: Lowered = { value: undefined, sensitive: new Set(), references: [] };
  lowered.value = lowerAt(term, "", lowered);
  return lowered;
}

function lowerAt(term: Term, at: Pointer, into: Lowered): Value | undefined {
  for (const use of term.uses ?? []) into.references.push({ ...use, at });
  if (term.kind === "nothing") return undefined;
  if (term.kind === "list") {
    const items: Value[] = [];
    for (const item of term.items) {
      const value = lowerAt(item, `${at}/${items.length}`, into);
      if (value !== undefined) items.push(value);
    }
    return items;
  }
  if (term.kind === "map") {
    const record: { [key: string]: Value } = {};
    for (const [key, entry] of term.entries) {
      const value = lowerAt(entry.term, at + pointer(key), into);
      if (value !== undefined) setOwn(record, key, value);
    }
    return record;
  }
  if (isSensitive(term)) into.sensitive.add(at);
  return term.value;
}

/** The part of a term at a pointer's segments as `lower` counts them, or the deepest part on the way; `key` is the node of the last key, where there is one. */
export function descend(term: Term, segments: readonly string[]): { term: Term; key?: Node; complete: boolean } {
  let current = term;
  let key: Node | undefined;
  for (const segment of segments) {
    if (current.kind === "map") {
      const entry = current.entries.get(segment);
      if (!entry) return { term: current, key, complete: false };
      key = entry.key;
      current = entry.term;
      continue;
    }
    const item = current.kind === "list" ? itemAt(current, segment) : undefined;
    if (!item) return { term: current, key, complete: false };
    key = undefined;
    current = item;
  }
  return { term: current, key, complete: true };
}

function itemAt(list: List, segment: string): Term | undefined {
  return /^\d+$/.test(segment) ? present(list.items)[Number(segment)] : undefined;
}

/** Without what `AWS::NoValue` removes. */
export function present(items: readonly Term[]): Exclude<Term, Nothing>[] {
  return items.filter((item) => item.kind !== "nothing");
}
