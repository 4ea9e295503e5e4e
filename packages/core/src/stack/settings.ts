import type { Node } from "yaml";
import type { Place } from "../diagnostic.ts";
import { complain, type Entry, emptyKey, type Reader, readMap, readText, unknownKey } from "../template/structure.ts";
import { accountForm, isStackName, regionForm, roleForm, stackNameRule } from "./names.ts";

/** What stack files and reconcile.yaml have in common: names, regions, accounts, tags, with the rules that AWS has for them. */

export interface Located {
  text: string;
  place: Place;
}

/** A text that a rule holds for; what breaks it is reported and left out. */
function readRuled(
  reader: Reader,
  entry: Entry & { value: Node },
  code: string,
  isValid: (text: string) => boolean,
  remedy: string,
): Located | undefined {
  const text = readText(reader, entry.value, `"${entry.key}"`);
  if (text === undefined) return undefined;
  if (isValid(text)) return { text, place: reader.file.placeOf(entry.value) };
  complain(reader, entry.value, { code, message: `"${text}" cannot be the value of "${entry.key}".`, remedy });
  return undefined;
}

export function readStackName(reader: Reader, entry: Entry & { value: Node }): Located | undefined {
  return readRuled(reader, entry, "stack.name", isStackName, stackNameRule);
}

export function readRegion(reader: Reader, entry: Entry & { value: Node }): Located | undefined {
  const isRegion = (text: string) => regionForm.test(text);
  return readRuled(reader, entry, "stack.region", isRegion, "Write a region's code, for instance us-east-1.");
}

/** Read from the source text: a number would have lost its leading zeros. */
export function readAccount(reader: Reader, entry: Entry & { value: Node }): Located | undefined {
  return readRuled(
    reader,
    entry,
    "stack.account",
    (text) => accountForm.test(text),
    "Write the 12 digits of the account, best in quotes.",
  );
}

export function readRoleArn(reader: Reader, entry: Entry & { value: Node }): Located | undefined {
  const isRole = (text: string) => roleForm.test(text);
  return readRuled(
    reader,
    entry,
    "stack.role-arn",
    isRole,
    "Write the role's ARN: arn:aws:iam::123456789012:role/name.",
  );
}

export function readTags(reader: Reader, node: Node): Record<string, string> {
  const tags = new Map<string, string>();
  for (const { key, keyNode, value } of readMap(reader, node, '"tags"', "a map of names and texts")) {
    const text = value ? readText(reader, value, `The tag "${key}"`) : "";
    if (text === undefined) continue;
    const wrong = tagKeyProblem(key) ?? (text.length > 256 ? "a tag's value has at most 256 characters" : undefined);
    if (wrong === undefined) tags.set(key, text);
    else
      complain(reader, keyNode, {
        code: "tag.form",
        message: `The tag "${key.slice(0, 140)}" is refused: ${wrong}.`,
        remedy: "Change or remove the tag.",
      });
  }
  return Object.fromEntries(tags);
}

function tagKeyProblem(key: string): string | undefined {
  if (key.length === 0 || key.length > 128) return "a tag's name has 1 to 128 characters";
  if (/^aws:/i.test(key)) return 'names that start with "aws:" are AWS\'s own';
  if (/^reconcile:/i.test(key))
    return 'names that start with "reconcile:" say whose a resource is, and are set by Reconcile';
  return undefined;
}

/** Keys that are promised and not built are refused by name; others get the nearest name. */
export function refuseKey(
  reader: Reader,
  entry: Entry,
  code: string,
  where: string,
  known: readonly string[],
  notYet: readonly string[],
): void {
  if (notYet.includes(entry.key)) {
    const message = `"${entry.key}" is not built yet.`;
    complain(reader, entry.keyNode, {
      code: `not-yet.${entry.key}`,
      message,
      remedy: "Remove it for now: it would have no effect.",
    });
  } else {
    unknownKey(reader, entry, code, where, known);
  }
}

/** Calls `read` for each key that has a value; a key without one is reported. */
export function forEachSetting(
  reader: Reader,
  entries: readonly Entry[],
  known: Readonly<Record<string, (entry: Entry & { value: Node }) => void>>,
  refuse: (entry: Entry) => void,
): void {
  for (const entry of entries) {
    const read = Object.hasOwn(known, entry.key) ? known[entry.key] : undefined;
    if (!read) refuse(entry);
    else if (entry.value) read({ ...entry, value: entry.value });
    else emptyKey(reader, entry, `"${entry.key}"`);
  }
}
