import type { InputRequest } from "./model.ts";

/** How a dynamic reference starts. */
export const marker = "{{resolve:";
const reference = /\{\{resolve:[^{}]*\}\}/g;

/** `{{resolve:…}}`, from which character to which in its text. */
export interface DynamicReference {
  start: number;
  end: number;
  service: string;
  /** What it asks for; undefined: it is not written as it must be. */
  request?: Omit<InputRequest, "place">;
}

/** How the dynamic references of each service are written. */
export const dynamicForms: ReadonlyMap<string, string> = new Map([
  ["ssm", "{{resolve:ssm:name}} or {{resolve:ssm:name:version}}"],
  ["ssm-secure", "{{resolve:ssm-secure:name}} or {{resolve:ssm-secure:name:version}}"],
  ["secretsmanager", "{{resolve:secretsmanager:name-or-arn:SecretString:json-key:version-stage:version-id}}"],
]);

/** Dynamic references as they may stand in a text: what is looked up, and where in the text it stood. */
export function dynamicReferencesIn(text: string): DynamicReference[] {
  return [...text.matchAll(reference)].map((match) => {
    const [whole] = match;
    const [service = "", ...rest] = whole.slice(marker.length, -"}}".length).split(":");
    const found = { start: match.index, end: match.index + whole.length, service };
    const request = service === "secretsmanager" ? secretIn(rest) : parameterIn(service, rest);
    return request ? { ...found, request } : found;
  });
}

/** Is what this kind of request gives a secret, whatever it is used for? */
export function isSecretKind(kind: InputRequest["kind"]): boolean {
  return kind === "env" || kind === "ssm-secure" || kind === "secretsmanager";
}

/** A name, or the ARN of a parameter that another account shares, with a version or without. */
function parameterIn(service: string, parts: readonly string[]): DynamicReference["request"] {
  if (service !== "ssm" && service !== "ssm-secure") return undefined;
  const [name, more] = identifierIn(parts, 6);
  const [version, ...others] = more;
  if (!name || others.length > 0) return undefined;
  if (version === undefined) return { kind: service, name };
  return /^\d+$/.test(version) ? { kind: service, name, version } : undefined;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html: every part after the name may be left out or empty. */
function secretIn(parts: readonly string[]): DynamicReference["request"] {
  const [name, more] = identifierIn(parts, 7);
  const [what = "", jsonKey, versionStage, versionId, ...others] = more;
  if (!name || others.length > 0 || (what !== "" && what !== "SecretString")) return undefined;
  if (versionStage && versionId) return undefined;
  const secret = {
    ...(jsonKey && { jsonKey }),
    ...(versionStage && { versionStage }),
    ...(versionId && { versionId }),
  };
  return { kind: "secretsmanager", name, ...(Object.keys(secret).length > 0 && { secret }) };
}

/** The first part, or so many of them where they begin an ARN, and the others. */
function identifierIn(parts: readonly string[], arnParts: number): [string, readonly string[]] {
  const count = parts[0] === "arn" ? arnParts : 1;
  return [parts.slice(0, count).join(":"), parts.slice(count)];
}
