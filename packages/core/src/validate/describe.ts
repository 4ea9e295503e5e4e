import type { Diagnostic } from "../diagnostic.ts";
import { type Pointer, pointer, segmentsOf } from "../pointer.ts";
import type { ResourceType } from "../resource/model.ts";
import type { Evaluated } from "../template/model.ts";
import { didYouMean, nearest } from "../template/nearest.ts";
import { describeValue } from "./describe-value.ts";
import { at, type Issue } from "./issues.ts";
import type { Specification } from "./specification.ts";
import { listed, namesOf, parentPath, propertyName, shapesAt, wanted } from "./words.ts";

/** What checking needs of a resource type. */
export type CheckedType = Pick<ResourceType<never>, "type" | "properties" | "shape" | "unsupported">;

/** What describing a problem needs of it: for a type without a provider, its shape as AWS's specification has it. */
type DescribedType = Omit<CheckedType, "properties">;

/** What checking needs of an evaluated resource: the places of its coerced properties (`Coerced.evaluated`). */
export type Placed = Pick<Evaluated, "placeOf" | "placeOfKey" | "sensitive">;

/** What was checked. */
export interface Subject {
  type: DescribedType;
  /** The properties as zod saw them. */
  input: unknown;
  evaluated?: Placed;
  specification?: Specification;
}

/** Issues of zod's in AWS's words. What is missing because its name is misspelt is told once, at that name. */
export function describeIssues(subject: Subject, issues: readonly Issue[]): Diagnostic[] {
  const unknown = new Map<Pointer, string[]>();
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") unknown.set(pointer(...issue.path.map(String)), issue.keys);
  }
  const isMisspelt = ({ code, path }: Issue) => {
    const keys = unknown.get(pointer(...path.slice(0, -1).map(String)));
    if (!keys || code === "custom" || code === "unrecognized_keys" || at(subject.input, path) !== undefined)
      return false;
    return nearest(String(path.at(-1)), keys) !== undefined;
  };
  // Numbers that do not go together, of which one can be none.
  const refused = new Set(
    issues
      .filter(({ code }) => code === "too_big" || code === "too_small")
      .map(({ path }) => pointer(...path.slice(0, -1).map(String))),
  );
  const isEcho = ({ code, path }: Issue) =>
    code === "custom" && path.length > 0 && refused.has(pointer(...path.map(String)));
  return issues
    .filter((issue) => !isMisspelt(issue) && !isEcho(issue))
    .flatMap((issue) => describeIssue(subject, issue));
}

/** One diagnostic, or one for each misspelt property. */
export function describeIssue(subject: Subject, issue: Issue): Diagnostic[] {
  const path = pointer(...issue.path.map(String));
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownProperty(subject, path, key));
  const value = at(subject.input, issue.path);
  const problem =
    issue.code !== "custom" && value === undefined
      ? missing(subject, issue, path)
      : inOwnWords(subject, issue, path, describeValue(subject, issue, path, value));
  const onKey = issue.code === "invalid_key";
  const placed = problem.code === "property.missing" ? parentPath(path) : path;
  const place = onKey ? subject.evaluated?.placeOfKey(placed) : subject.evaluated?.placeOf(placed);
  return [
    {
      code: problem.code,
      severity: "error",
      message: problem.message,
      remedy: problem.remedy,
      ...(place && { place }),
    },
  ];
}

export interface Problem {
  code: string;
  message: string;
  remedy: string;
}

/**
 * The schema's own words, where it has some: a sentence, or what is to be read after the property's name; what follows a colon there is the remedy
 * (`is not an IPv4 range: write it as 10.0.0.0/16`).
 */
function inOwnWords(subject: Subject, { message: words }: Issue, path: Pointer, problem: Problem): Problem {
  if (words === "") return problem;
  if (!/^[a-z]/.test(words)) return { ...problem, message: sentence(words) };
  const [, what = "", how] = /^(.*?)(?:: (.+))?$/s.exec(words) ?? [];
  const remedy = how === undefined ? problem.remedy : sentence(how.charAt(0).toUpperCase() + how.slice(1));
  return { ...problem, message: sentence(`${ownerName(subject, path)} ${what}`), remedy };
}

function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}

function missing(subject: Subject, issue: Issue, path: Pointer): Problem {
  const key = segmentsOf(path).at(-1);
  const values = issue.code === "invalid_value" ? issue.values : "options" in issue ? issue.options : undefined;
  const [shape] = shapesAt(subject.type.shape, segmentsOf(path));
  return {
    code: "property.missing",
    message: `${ownerName(subject, parentPath(path))} needs the property ${key}.`,
    remedy: values ? `Add ${key}: one of ${listed(values)}.` : `Add ${key}${shape ? `: ${wanted(shape)}` : ""}.`,
  };
}

function unknownProperty(subject: Subject, parent: Pointer, key: string): Diagnostic {
  const path = parent + pointer(key);
  const place = subject.evaluated?.placeOfKey(path);
  const problem = unsupported(subject, path) ?? misspelt(subject, parent, key);
  return { ...problem, severity: "error", ...(place && { place }) };
}

/** AWS has the property, the type does not: where its author says why, the reason is told. */
function unsupported(subject: Subject, path: Pointer): Problem | undefined {
  const { type, specification } = subject;
  const reason = unsupportedReason(type, path);
  if (reason === undefined && specification?.propertyAt(type.type, path) === undefined) return undefined;
  return {
    code: "property.unsupported",
    message: `AWS has ${propertyName(path)} of ${type.type}, but it is not supported here yet${reason ? `: ${reason.replace(/\.$/, "")}` : ""}.`,
    remedy: "Remove the property, or manage this resource elsewhere until it is supported.",
  };
}

export function unsupportedReason(type: Pick<CheckedType, "unsupported">, path: Pointer): string | undefined {
  const wildcard = normalPath(path);
  return Object.entries(type.unsupported ?? {}).find(([key]) => normalPath(key) === wildcard)?.[1];
}

/** Properties without support are listed as `Name`, `/Outer/Inner` or `List/Inner`: elements of lists may be left out. */
function normalPath(path: string): string {
  const segments = segmentsOf(path.startsWith("/") ? path : `/${path}`);
  return pointer(...segments.filter((segment) => !/^(\d+|\*)$/.test(segment)));
}

function misspelt(subject: Subject, parent: Pointer, key: string): Problem {
  const { type, specification } = subject;
  const names = namesOf(shapesAt(type.shape, segmentsOf(parent)));
  if (names.includes(key)) return otherForm(subject, parent, key);
  if (parent === "" && Object.hasOwn(specification?.resource(type.type)?.attributes ?? {}, key))
    return readOnly(type.type, key);
  const others = Object.keys(specification?.propertiesAt(type.type, parent) ?? {});
  // The name of a queue is its QueueName.
  const own = `${type.type.split("::").at(-1)}${key}`;
  const list = names.length > 0 ? `It has ${listed(names)}.` : "Remove it.";
  const otherwise = names.includes(own) ? `Did you mean "${own}"?` : list;
  return {
    code: "property.unknown",
    message: `${ownerName(subject, parent)} has no property ${JSON.stringify(key)}.`,
    remedy: didYouMean(key, names, didYouMean(key, others, otherwise)),
  };
}

/** CloudFormation takes a value for it and passes it over, which nobody can have meant. */
function readOnly(type: string, key: string): Problem {
  return {
    code: "property.read-only",
    message: `${key} of ${type} is set by AWS: a value that is declared has no effect.`,
    remedy: `Remove it. !GetAtt reads it where it is needed: LogicalId.${key}.`,
  };
}

/** A property of another branch than the one that the rest is of. */
function otherForm(subject: Subject, parent: Pointer, key: string): Problem {
  return {
    code: "property.conflict",
    message: `${ownerName(subject, parent)} cannot have ${key} beside its other properties.`,
    remedy: `Remove ${key}, or what does not go with it.`,
  };
}

export function ownerName(subject: Subject, path: Pointer): string {
  return path === "" ? subject.type.type : propertyName(path);
}
