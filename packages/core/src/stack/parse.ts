import { isMap, isScalar, isSeq, type Node, type YAMLSeq } from "yaml";
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { InputRequest, SourceFile } from "../template/model.ts";
import { didYouMean, nearest } from "../template/nearest.ts";
import { entriesOf, isTagged, textOf } from "../template/nodes.ts";
import { complain, type Entry, emptyKey, type Reader, readMap, readText, readTexts } from "../template/structure.ts";
import type { YamlFile } from "../template/yaml.ts";
import type { ParameterValue } from "./model.ts";
import { isStackName, stackNameRule } from "./names.ts";
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
}

const keys = ["template-file-path", "parameters", "tags", "stack-name", "region", "account", "role-arn", "depends-on"];
const notYet = ["checks"];

/** What kind of file this is, by its keys: a stack file names a template, a template has resources. */
export function kindOf(file: YamlFile): "stack" | "template" | "neither" {
  const names = file.root && isMap(file.root) ? [...entriesOf(file.root)].map((entry) => entry.key) : [];
  if (names.includes("template-file-path")) return "stack";
  if (names.includes("Resources")) return "template";
  // A slip in the one key that a stack file must have.
  return names.some((name) => nearest(name, ["template-file-path"]) !== undefined) ? "stack" : "neither";
}

/** Reads a stack file. Format: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/git-sync-concepts-terms.html, extended. */
export function parseStackFile(
  file: YamlFile,
  syntax: readonly Diagnostic[],
): { stack: StackFile; diagnostics: Diagnostic[] } {
  const reader: Reader = { kind: "stack", file, diagnostics: [...syntax] };
  const stack: StackFile = { source: file.source, parameters: new Map(), tags: {}, dependsOn: [] };
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
        for (const part of readMap(reader, entry.value, '"parameters"', "a map of names and values"))
          readParameter(reader, stack, part);
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
    },
    (entry) => refuseKey(reader, entry, "stack.unknown-key", "A stack file", keys, notYet),
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

/** CloudFormation joins the elements of a list with commas. */
function readParameter(reader: Reader, stack: StackFile, entry: Entry): void {
  const { key, value } = entry;
  if (!value) {
    emptyKey(reader, entry, `The parameter "${key}"`);
    return;
  }
  const place = reader.file.placeOf(value);
  const parsed =
    isMap(value) && !isTagged(value) ? readRequest(reader, key, value, place) : readLiteral(reader, key, value, place);
  if (parsed) stack.parameters.set(key, { ...parsed, keyPlace: reader.file.placeOf(entry.keyNode) });
}

function readLiteral(reader: Reader, key: string, value: Node, place: Place): ParameterValue | undefined {
  const items = isSeq(value) ? (value as YAMLSeq<Node>).items.map((item) => reader.file.target(item)) : [value];
  const texts: string[] = [];
  for (const item of items) {
    if (!isScalar(item) || isTagged(item) || item.value === null) {
      const wanted = "a text, a list of texts, or a map with one key such as { env: NAME }";
      complain(reader, item, {
        code: "parameter.form",
        message: `The value of the parameter "${key}" must be ${wanted}.`,
        remedy: "Write the value out; functions belong in the template.",
      });
      return undefined;
    }
    texts.push(textOf(item));
  }
  return { kind: "literal", text: texts.join(","), place };
}

const sources = ["env", "prefix-list"];
const sourcesNotYet = ["ssm", "secretsmanager"];

/** `{ env: NAME }` and the like: a value from outside. */
function readRequest(reader: Reader, key: string, value: Node, place: Place): ParameterValue | undefined {
  const [entry, ...more] = readMap(reader, value, `The value of the parameter "${key}"`);
  if (!entry || more.length > 0) {
    complain(reader, value, {
      code: "parameter.form",
      message: `The value of the parameter "${key}" must be a map with one key.`,
      remedy: "Write { env: NAME } or { prefix-list: NAME }.",
    });
    return undefined;
  }
  if (sourcesNotYet.includes(entry.key)) {
    complain(reader, entry.keyNode, {
      code: "not-yet.parameter-value",
      message: `Parameter values from "${entry.key}" are not built yet.`,
      remedy: 'Use "{{resolve:ssm:name}}" in the template, or { env: NAME }.',
    });
    return undefined;
  }
  if (!sources.includes(entry.key)) {
    complain(reader, entry.keyNode, {
      code: "parameter.source",
      message: `Parameter values cannot come from "${entry.key}".`,
      remedy: didYouMean(entry.key, sources, "Write { env: NAME } or { prefix-list: NAME }."),
    });
    return undefined;
  }
  if (!entry.value) {
    emptyKey(reader, entry, `"${entry.key}"`);
    return undefined;
  }
  const name = readText(reader, entry.value, `"${entry.key}"`);
  if (name === undefined) return undefined;
  const at = reader.file.placeOf(entry.value);
  const request: InputRequest = { kind: entry.key === "env" ? "env" : "prefix-list", name, place: at };
  const refusal = request.kind === "env" ? refusedVariable(name) : refusedPrefixList(name);
  if (!refusal) return { kind: "input", request, place };
  complain(reader, entry.value, { code: `input.${request.kind}`, message: refusal, remedy: "Use another name." });
  return undefined;
}

/** Credentials and tokens of the run itself have no place in a template. */
function refusedVariable(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `"${name}" cannot be the name of an environment variable.`;
  const prefix = /^(?:AWS_|GITHUB_|ACTIONS_)/i.exec(name)?.[0];
  return prefix
    ? `The variable ${name} is refused: ${prefix.toUpperCase()}* holds what belongs to the run itself.`
    : undefined;
}

function refusedPrefixList(name: string): string | undefined {
  return /^[A-Za-z0-9._-]{1,255}$/.test(name) ? undefined : `"${name}" cannot be the name of a prefix list.`;
}
