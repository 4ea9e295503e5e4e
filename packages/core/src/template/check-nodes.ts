import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { Diagnostic } from "../diagnostic.ts";
import { isTagged, rangeOf, textOf } from "./nodes.ts";
import type { YamlFile } from "./yaml.ts";

/** Deeper than any template is; keeps every later walk far from the end of the stack. */
const maxDepth = 200;
/** Values that a file's aliases may stand for in all. */
const maxExpanded = 100_000;

/** What the library leaves to its users: duplicate keys, alias targets, merge keys, keys that are no text, depth. In the order of the text, because an anchor may be set again. */
export function checkNodes(file: YamlFile, root: Node, targets: Map<Node, Node>, diagnostics: Diagnostic[]): void {
  const anchors = new Map<string, { node: Node; extent?: Extent }>();
  let expanded = 0;
  visit(root, 1);

  function visit(node: Node, depth: number): Extent {
    if (depth > maxDepth) {
      diagnostics.push(tooDeep(file, node));
      return leaf;
    }
    if (isAlias(node)) return bind(node, node.source, depth);
    const anchor: { node: Node; extent?: Extent } = { node };
    if (node.anchor) anchors.set(node.anchor, anchor);
    anchor.extent = isMap(node)
      ? visitMap(node, depth)
      : isSeq(node)
        ? total((node.items as Node[]).map((item) => visit(item, depth + 1)))
        : leaf;
    return anchor.extent;
  }

  function visitMap(node: YAMLMap, depth: number): Extent {
    const seen = new Map<string, Node>();
    const parts: Extent[] = [];
    for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
      checkKey(key, seen);
      if (value) parts.push(visit(value, depth + 1));
    }
    if (seen.has("<<")) node.items = merged(node, seen);
    return total(parts);
  }

  /** What is merged is refused and read all the same, as it is meant: else everything that it brings would be missing. */
  function merged(node: YAMLMap, seen: Map<string, Node>): YAMLMap["items"] {
    return (node.items as Pair<Node, Node | null>[]).flatMap((pair) => {
      if (!isMergeKey(pair.key)) return [pair];
      const source = pair.value && (targets.get(pair.value) ?? pair.value);
      const maps = (isSeq(source) ? (source.items as Node[]) : [source]).map(
        (each) => each && (targets.get(each) ?? each),
      );
      const brought = maps.flatMap((each) => (isMap(each) ? (each.items as Pair<Node, Node | null>[]) : []));
      return brought.filter(({ key }) => {
        const text = isScalar(key) ? textOf(key) : "";
        if (seen.has(text)) return false;
        seen.set(text, key);
        return true;
      });
    });
  }

  function checkKey(key: Node, seen: Map<string, Node>): void {
    if (!isScalar(key) || isTagged(key)) {
      diagnostics.push(badKey(file, key));
      return;
    }
    if (key.anchor) anchors.set(key.anchor, { node: key, extent: leaf });
    const text = textOf(key);
    const first = seen.get(text);
    if (first) diagnostics.push(duplicateKey(file, text, key, first));
    else seen.set(text, key);
    if (isMergeKey(key)) diagnostics.push(mergeKey(file, key));
    // A path may begin so as well, but has no blanks.
    if (/^\/[/*].*\s/s.test(text) && key.type === "PLAIN") diagnostics.push(noComment(file, key));
  }

  /** An alias bomb of a few lines stands for billions of values: counted here, nobody else needs to count. */
  function bind(alias: Node, name: string, depth: number): Extent {
    const anchor = anchors.get(name);
    if (!anchor?.extent) {
      diagnostics.push(badAlias(file, alias, name, anchor !== undefined));
      return leaf;
    }
    if (depth + anchor.extent.height > maxDepth) {
      diagnostics.push(tooDeep(file, alias));
      return leaf;
    }
    const before = expanded;
    expanded += anchor.extent.size;
    if (expanded > maxExpanded) {
      if (before <= maxExpanded) diagnostics.push(tooManyAliases(file, alias));
      return leaf;
    }
    targets.set(alias, anchor.node);
    return anchor.extent;
  }
}

function isMergeKey(key: Node): boolean {
  return isScalar(key) && key.type === "PLAIN" && textOf(key) === "<<";
}

/** Of a node and all below it, aliases followed. */
interface Extent {
  size: number;
  height: number;
}

const leaf: Extent = { size: 1, height: 1 };

function total(parts: readonly Extent[]): Extent {
  const extent = { size: 1, height: 1 };
  for (const part of parts) {
    extent.size += part.size;
    extent.height = Math.max(extent.height, part.height + 1);
  }
  return extent;
}

function badAlias(file: YamlFile, alias: Node, name: string, inside: boolean): Diagnostic {
  const error = (message: string, remedy: string): Diagnostic => ({
    code: "yaml.alias",
    severity: "error",
    message,
    remedy,
    place: file.placeOf(alias),
  });
  if (inside)
    return error(`The alias "*${name}" stands inside what it repeats.`, "Repeat a value that ends before it.");
  if (name === "") return error('A "*" without quotes is the start of an alias.', 'Put it in quotes: "*".');
  return error(
    `Nothing before this alias is marked "&${name}".`,
    `Write "&${name}" before the value that is to be repeated; or put the text in quotes: "*${name}".`,
  );
}

function tooManyAliases(file: YamlFile, alias: Node): Diagnostic {
  return {
    code: "yaml.aliases",
    severity: "error",
    message: `Aliases make this file more than ${maxExpanded.toLocaleString("en")} values longer than it is written.`,
    remedy: "Use fewer aliases, and none of a value that holds aliases itself.",
    place: file.placeOf(alias),
  };
}

function tooDeep(file: YamlFile, node: Node): Diagnostic {
  return {
    code: "yaml.depth",
    severity: "error",
    message: `This is nested more than ${maxDepth} levels deep.`,
    remedy: "Flatten the structure; no template needs as many levels.",
    place: file.placeOf(node),
  };
}

function badKey(file: YamlFile, key: Node): Diagnostic {
  const place = file.placeOf(key);
  // Nothing else that is found in such a value helps anybody.
  if (isMap(key) && file.source.text.startsWith("{{", rangeOf(key)[0] - 1))
    return {
      code: "yaml.syntax",
      severity: "error",
      message: 'A "{" right after a "{" starts a map as a key, where a text was meant.',
      remedy:
        'Put the value in quotes, as in "{{resolve:ssm:name}}"; a placeholder of another tool must be filled in first.',
      place,
    };
  return {
    code: "yaml.key",
    severity: "error",
    message: "A key must be plain or quoted text.",
    remedy: "Write the key as text, without a tag, an alias, a list or a map.",
    place,
  };
}

function duplicateKey(file: YamlFile, text: string, key: Node, first: Node): Diagnostic {
  const place = file.placeOf(first);
  return {
    code: "yaml.duplicate-key",
    severity: "error",
    message: `The key "${text}" is here a second time; the first is at line ${place.line}.`,
    remedy: "The last one would count: remove the one that is not meant, or rename it.",
    place: file.placeOf(key),
    related: [{ message: "First here.", place }],
  };
}

/** As programs write comments: to YAML it begins the next key. */
function noComment(file: YamlFile, key: Node): Diagnostic {
  const [start] = rangeOf(key);
  return {
    code: "yaml.syntax",
    severity: "error",
    message: "This is no comment here, but the beginning of a key.",
    remedy: 'Remove it: JSON has no comments, and those of YAML begin with "#".',
    place: file.placeAt(start, start + 2),
  };
}

function mergeKey(file: YamlFile, key: Node): Diagnostic {
  return {
    code: "yaml.merge-key",
    severity: "error",
    message: 'The merge key "<<" is not part of CloudFormation\'s YAML.',
    remedy: "Write the merged keys out; an alias of a whole value (*name) is allowed.",
    place: file.placeOf(key),
  };
}
