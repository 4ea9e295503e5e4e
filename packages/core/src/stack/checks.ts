import { isSeq, type Node, type YAMLSeq } from "yaml";
import type { Place } from "../diagnostic.ts";
import { isTagged } from "../template/nodes.ts";
import { complain, type Reader, readMap, readText } from "../template/structure.ts";
import type { YamlFile } from "../template/yaml.ts";

/** One of the `checks:` of a stack file: not evaluated, and but for its name not looked at. */
export interface CheckDeclaration {
  name: string;
  /** Of the check as a whole: its settings, in which functions of the template may stand. */
  node: Node;
  place: Place;
  /** The stack file, whose nodes these are. */
  file: YamlFile;
}

const most = 100;

/** Reads `checks:`. What a check must say is held against its schema when it is evaluated. */
export function readChecks(reader: Reader, node: Node): CheckDeclaration[] {
  const list = reader.file.target(node);
  if (!isSeq(list) || isTagged(list)) {
    complain(reader, node, {
      code: "check.form",
      message: '"checks" must be a list.',
      remedy: "Write one check an element: - name: health, and below it http:, tcp:, dns:, tls: or aws:.",
    });
    return [];
  }
  const items = (list as YAMLSeq<Node>).items;
  if (items.length > most) {
    complain(reader, node, {
      code: "check.count",
      message: `These are ${items.length} checks; a stack has at most ${most}.`,
      remedy: "Keep those that tell whether the whole works, and leave the others to monitoring.",
    });
    return [];
  }
  const names = new Set<string>();
  return items.flatMap((item) => {
    const declaration = readCheck(reader, item);
    if (!declaration) return [];
    if (names.has(declaration.name)) {
      complain(reader, declaration.place, {
        code: "check.duplicate",
        message: `There are two checks "${declaration.name}".`,
        remedy: "Give one of them another name: a report names them by it.",
      });
      return [];
    }
    names.add(declaration.name);
    return [declaration];
  });
}

function readCheck(reader: Reader, item: Node): CheckDeclaration | undefined {
  const problems = reader.diagnostics.length;
  const entry = readMap(reader, item, "A check").find((each) => each.key === "name");
  if (reader.diagnostics.length > problems) return undefined;
  const name = entry?.value && readText(reader, entry.value, "The name of a check");
  if (name !== undefined && entry?.value && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    return { name, node: item, place: reader.file.placeOf(entry.value), file: reader.file };
  }
  if (reader.diagnostics.length === problems) {
    complain(reader, entry?.value ?? item, {
      code: "check.name",
      message: name === undefined ? "This check has no name." : `"${name.slice(0, 80)}" cannot be the name of a check.`,
      remedy: 'Give it a name of letters, digits, ".", "_" and "-", at most 64: name: health.',
    });
  }
  return undefined;
}
