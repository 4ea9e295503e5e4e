import { isMap, isScalar, isSeq, type Node, type YAMLSeq } from "yaml";
import type { Place } from "../diagnostic.ts";
import type { InputRequest } from "../template/model.ts";
import { didYouMean } from "../template/nearest.ts";
import { isTagged, textOf } from "../template/nodes.ts";
import { complain, type Entry, emptyKey, type Reader, readMap, readText, unknownKey } from "../template/structure.ts";
import type { ParameterValue } from "./model.ts";

/** The value of one entry of `parameters:`, or undefined where it cannot be read, which is reported. */
export function readParameterValue(reader: Reader, entry: Entry): ParameterValue | undefined {
  const { key, value } = entry;
  if (!value) {
    emptyKey(reader, entry, `The parameter "${key}"`);
    return undefined;
  }
  const place = reader.file.placeOf(value);
  const request = isMap(value) && !isTagged(value);
  const parsed = request ? readRequest(reader, key, value, place) : readLiteral(reader, key, value, place);
  return parsed && { ...parsed, keyPlace: reader.file.placeOf(entry.keyNode) };
}

/** CloudFormation joins the elements of a list with commas. */
function readLiteral(reader: Reader, key: string, value: Node, place: Place): ParameterValue | undefined {
  const items = isSeq(value) ? (value as YAMLSeq<Node>).items.map((item) => reader.file.target(item)) : [value];
  const texts: string[] = [];
  for (const item of items) {
    if (!isScalar(item) || isTagged(item) || item.value === null) {
      const wanted = "a text, a list of texts, or a map such as { env: NAME }";
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

/** The sources of values: what else may stand beside the source's own key, and what is wrong with a name. */
export const sources: ReadonlyMap<string, { also: readonly string[]; refuse(name: string): string | undefined }> =
  new Map([
    ["env", { also: [], refuse: refusedVariable }],
    ["prefix-list", { also: [], refuse: refusedPrefixList }],
    ["ssm", { also: ["version"], refuse: refusedParameter }],
    ["ssm-secure", { also: ["version"], refuse: refusedParameter }],
    ["secretsmanager", { also: ["json-key", "version-stage", "version-id"], refuse: refusedSecret }],
  ]);
const form = "Write { env: NAME }, { prefix-list: NAME }, { ssm: /name } or { secretsmanager: NAME, json-key: KEY }.";

/** `{ env: NAME }` and the like: a value from outside. */
function readRequest(reader: Reader, key: string, value: Node, place: Place): ParameterValue | undefined {
  const label = `The value of the parameter "${key}"`;
  const entries = readMap(reader, value, label);
  const [entry, second] = entries.filter((each) => sources.has(each.key));
  const source = entry && sources.get(entry.key);
  if (!entry || !source || second) {
    const [odd] = entries;
    if (odd && !entry)
      complain(reader, odd.keyNode, {
        code: "parameter.source",
        message: `Parameter values cannot come from "${odd.key}".`,
        remedy: didYouMean(odd.key, sources.keys(), form),
      });
    else
      complain(reader, value, { code: "parameter.form", message: `${label} must come from one source.`, remedy: form });
    return undefined;
  }
  const before = reader.diagnostics.length;
  const texts = new Map<string, string>();
  for (const part of entries) {
    if (part !== entry && !source.also.includes(part.key))
      unknownKey(reader, part, "parameter.form", `A value from "${entry.key}"`, [entry.key, ...source.also]);
    else if (!part.value) emptyKey(reader, part, `"${part.key}"`);
    else texts.set(part.key, readText(reader, part.value, `"${part.key}"`) ?? "");
  }
  const at = entry.value ?? entry.keyNode;
  const refusal = source.refuse(texts.get(entry.key) ?? "") ?? refusedPart(texts);
  if (reader.diagnostics.length > before) return undefined;
  if (refusal === undefined)
    return { kind: "input", request: requestOf(entry.key, texts, reader.file.placeOf(at)), place };
  complain(reader, at, { code: `input.${entry.key}`, message: refusal, remedy: "Correct it." });
  return undefined;
}

function requestOf(source: string, texts: ReadonlyMap<string, string>, place: Place): InputRequest {
  const [version, jsonKey, versionStage, versionId] = ["version", "json-key", "version-stage", "version-id"].map(
    (key) => texts.get(key),
  );
  const secret = {
    ...(jsonKey && { jsonKey }),
    ...(versionStage && { versionStage }),
    ...(versionId && { versionId }),
  };
  return {
    kind: source as InputRequest["kind"],
    name: texts.get(source) ?? "",
    ...(version !== undefined && { version }),
    ...(Object.keys(secret).length > 0 && { secret }),
    place,
  };
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

function refusedParameter(name: string): string | undefined {
  return /^[A-Za-z0-9._/:-]{1,2048}$/.test(name) ? undefined : `"${name}" cannot be the name of an SSM parameter.`;
}

function refusedSecret(name: string): string | undefined {
  // Only an ARN has colons: what follows one in a dynamic reference has keys of its own here.
  return /^(?:arn:[A-Za-z0-9/_+=.@:-]{1,2044}|[A-Za-z0-9/_+=.@-]{1,512})$/.test(name)
    ? undefined
    : `"${name}" cannot be the name or ARN of a secret.`;
}

function refusedPart(texts: ReadonlyMap<string, string>): string | undefined {
  const version = texts.get("version");
  if (version !== undefined && !/^\d+$/.test(version)) return `"${version}" is no version: versions are numbers.`;
  return texts.has("version-stage") && texts.has("version-id")
    ? "A secret's version is told by version-stage or by version-id, not by both."
    : undefined;
}
