import type { Node } from "yaml";
import { joinUnknowns, Unknown } from "../value.ts";
import { type DynamicReference, dynamicForms, dynamicReferencesIn, isSecretKind, marker } from "./dynamic.ts";
import { didYouMean } from "./nearest.ts";
import { type Problem, report, type Scope } from "./scope.ts";
import { failed, isSensitive, type Leaf, leafText, leavesOf, lift, type MapTerm, type Term, usesOf } from "./term.ts";

/** One leaf made from several: unknown as soon as one of them is, sensitive as soon as one of them is, with the uses of all. */
export function combine(scope: Scope, node: Node, parts: readonly Term[], make: () => Leaf["value"]): Leaf {
  const leaves = parts.flatMap(leavesOf);
  if (leaves.some((leaf) => leaf.value instanceof Unknown)) return combineUnknown(scope, node, parts);
  return flagged({ kind: "leaf", node, value: make() }, leaves, parts);
}

/** One unknown leaf from several of which one at least is unknown. */
export function combineUnknown(scope: Scope, node: Node, parts: readonly Term[]): Leaf {
  const known = parts.flatMap(leavesOf);
  // What the known parts refer to is asked for now: once the unknown ones are known, there may be no time to.
  const leaves = [...known, ...known.flatMap((leaf) => lookedUp(scope, leaf))];
  const { sources, certainty } = joinUnknowns(
    leaves.map((leaf) => leaf.value).filter((value) => value instanceof Unknown),
  );
  return flagged(
    { kind: "leaf", node, value: new Unknown(sources, certainty, leaves.some(isSensitive)) },
    leaves,
    parts,
  );
}

function flagged(leaf: Leaf, leaves: readonly Leaf[], parts: readonly Term[]): Leaf {
  const uses = parts.flatMap(usesOf);
  if (uses.length > 0) leaf.uses = uses;
  if (leaves.some(isSensitive)) leaf.sensitive = true;
  if (leaves.some((part) => part.verbatim)) leaf.verbatim = true;
  return leaf;
}

/** The values of the dynamic references that stand complete in a part of a text. */
function lookedUp(scope: Scope, leaf: Leaf): Leaf[] {
  if (!mayRefer(leaf)) return [];
  return dynamicReferencesIn(leaf.value).map((found) => lookUp(scope, leaf, found));
}

function mayRefer(leaf: Leaf): leaf is Leaf & { value: string } {
  return typeof leaf.value === "string" && !leaf.verbatim && leaf.value.includes(marker);
}

/** A text with its dynamic references looked up. Done on whole texts only, because functions may have put a reference together. */
export function withDynamicReferences(scope: Scope, leaf: Leaf): Leaf {
  if (!mayRefer(leaf)) return leaf;
  const text = leaf.value;
  const parts: (string | Leaf)[] = [];
  let end = 0;
  for (const found of dynamicReferencesIn(text)) {
    parts.push(text.slice(end, found.start), lookUp(scope, leaf, found));
    end = found.end;
  }
  parts.push(text.slice(end));
  if (parts.some((part) => typeof part === "string" && part.includes(marker))) {
    report(scope, leaf.node, {
      code: "dynamic-reference.form",
      message: 'A dynamic reference starts here with "{{resolve:" and has no end.',
      remedy: 'End it with "}}", as in {{resolve:ssm:name}}.',
    });
    return failed(leaf.node);
  }
  const terms: Leaf[] = parts.map((part) => (typeof part === "string" ? { ...leaf, value: part } : part));
  const joined = combine(scope, leaf.node, terms, () => terms.map(leafText).join(""));
  return leaf.uses ? { ...joined, uses: leaf.uses } : joined;
}

/** A term with its dynamic references looked up; itself where it has none. */
export function complete(scope: Scope, term: Term): Term {
  if (term.kind === "nothing" || !refers(term)) return term;
  if (term.kind === "leaf") return withDynamicReferences(scope, term);
  if (term.kind === "list") return { ...term, items: term.items.map((item) => complete(scope, item)) };
  const entries = new Map<string, { key: Node; term: Term }>();
  for (const [key, entry] of term.entries) entries.set(key, { key: entry.key, term: complete(scope, entry.term) });
  return { ...term, entries } satisfies MapTerm;
}

function refers(term: Term): boolean {
  if (term.kind === "leaf") return mayRefer(term);
  if (term.kind === "list") return term.items.some(refers);
  return term.kind === "map" && [...term.entries.values()].some((entry) => refers(entry.term));
}

function lookUp(scope: Scope, leaf: Leaf, { service, request }: DynamicReference): Leaf {
  if (!request) {
    report(scope, leaf.node, malformed(service));
    return failed(leaf.node);
  }
  // What is not taken is not asked for: it may not exist.
  if (scope.shadow) return failed(leaf.node);
  const known = scope.environment.input({ ...request, place: scope.template.placeOf(leaf.node) });
  const value = lift(isSecretKind(request.kind) ? { ...known, sensitive: true } : known, leaf.node, { verbatim: true });
  // A list in Parameter Store is one text with commas.
  return combine(scope, leaf.node, [value], () => leavesOf(value).map(leafText).join(","));
}

function malformed(service: string): Problem {
  const form = dynamicForms.get(service);
  return {
    code: "dynamic-reference.form",
    message:
      form === undefined
        ? `"${service}" is no service that dynamic references can ask.`
        : "This dynamic reference is not written as it must be.",
    remedy:
      form === undefined ? didYouMean(service, dynamicForms.keys(), "Write {{resolve:ssm:name}}.") : `Write ${form}.`,
  };
}
