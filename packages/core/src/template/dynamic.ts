import { notYetDynamicReference } from "./functions/not-yet.ts";
import { didYouMean } from "./nearest.ts";
import { type Problem, report, type Scope } from "./scope.ts";
import { combine, failed, type Leaf, leafText, leavesOf, lift } from "./term.ts";

const marker = "{{resolve:";
const reference = /\{\{resolve:[^{}]*\}\}/g;
const services = ["ssm", "ssm-secure", "secretsmanager"];

export interface DynamicReference {
  start: number;
  end: number;
  service: string;
  name: string;
  version?: string;
}

/** Dynamic references as they may stand in a text: what is looked up, and where in the text it stood. */
export function dynamicReferencesIn(text: string): DynamicReference[] {
  return [...text.matchAll(reference)].map((match) => {
    const [whole] = match;
    const [service, ...rest] = whole.slice(marker.length, -"}}".length).split(":") as [string, ...string[]];
    const found = { start: match.index, end: match.index + whole.length, service };
    const name = rest.join(":");
    const version = /^(.+):(\d+)$/.exec(name);
    return version ? { ...found, name: String(version[1]), version: String(version[2]) } : { ...found, name };
  });
}

/** A text with its dynamic references looked up. Done on whole texts only, because functions may have put a reference together. */
export function withDynamicReferences(scope: Scope, leaf: Leaf): Leaf {
  if (typeof leaf.value !== "string" || leaf.verbatim || !leaf.value.includes(marker)) return leaf;
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
      remedy: "Write {{resolve:ssm:name}} or {{resolve:ssm:name:version}}.",
    });
    return failed(leaf.node);
  }
  const terms: Leaf[] = parts.map((part) => (typeof part === "string" ? { ...leaf, value: part } : part));
  const joined = combine(leaf.node, terms, () => terms.map(leafText).join(""));
  return leaf.uses ? { ...joined, uses: leaf.uses } : joined;
}

function lookUp(scope: Scope, leaf: Leaf, found: DynamicReference): Leaf {
  const { service, name, version } = found;
  if (service !== "ssm" || name === "") {
    report(scope, leaf.node, notYetDynamicReference(service) ?? malformed(service));
    return failed(leaf.node);
  }
  // What is not taken is not asked for: it may not exist.
  if (scope.shadow) return failed(leaf.node);
  const known = scope.environment.input(version === undefined ? { kind: "ssm", name } : { kind: "ssm", name, version });
  const value = lift(known, leaf.node, { verbatim: true });
  // A list in Parameter Store is one text with commas.
  return combine(leaf.node, [value], () => leavesOf(value).map(leafText).join(","));
}

function malformed(service: string): Problem {
  if (service === "ssm") {
    return {
      code: "dynamic-reference.form",
      message: "This dynamic reference names no parameter.",
      remedy: "Write {{resolve:ssm:name}}.",
    };
  }
  return {
    code: "dynamic-reference.form",
    message: `"${service}" is no service that dynamic references can ask.`,
    remedy: didYouMean(service, services, "Write {{resolve:ssm:name}}."),
  };
}
