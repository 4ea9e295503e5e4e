import { isMap, type Node } from "yaml";
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { SourceFile } from "../template/model.ts";
import { nearest } from "../template/nearest.ts";
import { entriesOf } from "../template/nodes.ts";
import { complain, type Reader, readMap, readText, readTexts } from "../template/structure.ts";
import type { YamlFile } from "../template/yaml.ts";
import { type CheckDeclaration, readChecks } from "./checks.ts";
import type { ParameterValue } from "./model.ts";
import { isStackName, stackNameRule } from "./names.ts";
import { readParameterValue } from "./parameter-source.ts";
import {
  forEachSetting,
  type Located,
  readAccount,
  readRegion,
  readRoleArn,
  readStackName,
  readTags,
  refuseKey,
} from "./settings.ts";

/** A stack file as it is written; nothing that it names is looked for. */
export interface StackFile {
  source: SourceFile;
  template?: Located;
  name?: Located;
  region?: Located;
  account?: Located;
  roleArn?: Located;
  parameters: Map<string, ParameterValue>;
  tags: Record<string, string>;
  dependsOn: Located[];
  checks: readonly CheckDeclaration[];
}

export const keys = [
  "template-file-path",
  "parameters",
  "tags",
  "stack-name",
  "region",
  "account",
  "role-arn",
  "depends-on",
  "checks",
];

/** What kind of file this is, by its keys: a stack file names a template, a template has resources. */
export function kindOf(file: YamlFile): "stack" | "template" | "neither" {
  const names = file.root && isMap(file.root) ? [...entriesOf(file.root)].map((entry) => entry.key) : [];
  if (names.includes("template-file-path")) return "stack";
  if (names.includes("Resources")) return "template";
  // A slip in the one section that a template must have, or in the one key that a stack file must.
  if (file.root && isMap(file.root) && [...entriesOf(file.root)].some(isLikeResources)) return "template";
  return names.some((name) => nearest(name, ["template-file-path"]) !== undefined) ? "stack" : "neither";
}

function isLikeResources({ key, value }: { key: string; value?: Node }): boolean {
  if (!isMap(value) || nearest(key, ["Resources"]) === undefined) return false;
  return [...entriesOf(value)].some((entry) => {
    const type = isMap(entry.value) ? entry.value.get("Type") : undefined;
    return typeof type === "string" && /^(?:AWS|Custom)::/.test(type);
  });
}

/** Reads a stack file. Format: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/git-sync-concepts-terms.html, extended. */
export function parseStackFile(file: YamlFile): { stack: StackFile; diagnostics: Diagnostic[] } {
  const reader: Reader = { kind: "stack", file, diagnostics: [] };
  const stack: StackFile = { source: file.source, parameters: new Map(), tags: {}, dependsOn: [], checks: [] };
  const set = (key: "name" | "region" | "account" | "roleArn" | "template", located: Located | undefined) => {
    if (located) stack[key] = located;
  };
  const entries = file.root ? readMap(reader, file.root, "A stack file") : [];
  forEachSetting(
    reader,
    entries,
    {
      "template-file-path": (entry) => {
        const text = readText(reader, entry.value, '"template-file-path"');
        set("template", text === undefined ? undefined : { text, place: file.placeOf(entry.value) });
      },
      parameters: (entry) => {
        for (const part of readMap(reader, entry.value, '"parameters"', "a map of names and values")) {
          stack.parameters.set(part.key, readParameterValue(reader, part) ?? unreadValue(file.placeOf(part.keyNode)));
        }
      },
      tags: (entry) => {
        stack.tags = readTags(reader, entry.value);
      },
      "stack-name": (entry) => set("name", readStackName(reader, entry)),
      region: (entry) => set("region", readRegion(reader, entry)),
      account: (entry) => set("account", readAccount(reader, entry)),
      "role-arn": (entry) => set("roleArn", readRoleArn(reader, entry)),
      "depends-on": (entry) => {
        stack.dependsOn = readStackNames(reader, entry.value);
      },
      checks: (entry) => {
        stack.checks = readChecks(reader, entry.value);
      },
    },
    (entry) => refuseKey(reader, entry, "stack.unknown-key", "A stack file", keys, []),
  );
  if (!entries.some((entry) => entry.key === "template-file-path")) {
    complain(reader, file.root ?? file.placeAt(0, 0), {
      code: "stack.no-template",
      message: "This stack file does not name its template.",
      remedy: "Add template-file-path: and the path of the template.",
    });
  }
  return { stack, diagnostics: reader.diagnostics };
}

function readStackNames(reader: Reader, node: Node): Located[] {
  return readTexts(reader, node, '"depends-on"').flatMap(({ text, node: item }) => {
    if (isStackName(text)) return [{ text, place: reader.file.placeOf(item) }];
    complain(reader, item, {
      code: "stack.name",
      message: `"${text}" cannot be the name of a stack.`,
      remedy: stackNameRule,
    });
    return [];
  });
}

function unreadValue(place: Place): ParameterValue {
  return { kind: "unread", place, keyPlace: place };
}
