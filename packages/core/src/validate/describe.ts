import type { Diagnostic } from "../diagnostic.ts";
import { type Pointer, pointer, segmentsOf } from "../pointer.ts";
import type { ResourceType } from "../resource/model.ts";
import type { Evaluated } from "../template/model.ts";
import { didYouMean, nearest } from "../template/nearest.ts";
import { at, type Issue } from "./issues.ts";
import type { Specification } from "./specification.ts";
import { found, isSecret, listed, namesOf, propertyName, shapesAt, wanted } from "./words.ts";

/** What checking needs of a resource type. */
export type CheckedType = Pick<ResourceType<never>, "type" | "properties" | "shape" | "unsupported">;

/** What checking needs of an evaluated resource: the places of its coerced properties (`Coerced.evaluated`). */
export type Placed = Pick<Evaluated, "placeOf" | "placeOfKey" | "sensitive">;

/** What was checked. */
export interface Subject {
  type: CheckedType;
  /** The properties as zod saw them. */
  input: unknown;
  evaluated?: Placed;
  specification?: Specification;
}

/** An issue of zod's in AWS's words: one diagnostic, or one for each misspelt property. */
export function describeIssue(subject: Subject, issue: Issue): Diagnostic[] {
  const path = pointer(...issue.path.map(String));
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownProperty(subject, path, key));
  const value = at(subject.input, issue.path);
  const problem =
    issue.code !== "custom" && value === undefined
      ? missing(subject, issue, path)
      : describe(subject, issue, path, value);
  const onKey = issue.code === "invalid_key";
  const placed = problem.code === "property.missing" ? parentOf(path) : path;
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

interface Problem {
  code: string;
  message: string;
  remedy: string;
}

function describe(subject: Subject, issue: Issue, path: Pointer, value: unknown): Problem {
  const name = propertyName(path);
  const secret = isSecretAt(subject, path);
  const own = issue.message;
  switch (issue.code) {
    case "invalid_value":
      return notAllowed(name, value, issue.values, secret, own);
    case "invalid_union":
      if ("options" in issue && issue.options) return notAllowed(name, value, issue.options, secret, own);
      return noForm(subject, issue.errors, path, value);
    case "invalid_format":
      return {
        code: "property.pattern",
        message: own || `${name} must ${formOf(issue)}${secret ? "." : `; it is ${found(value, false)}.`}`,
        remedy: "Correct the value.",
      };
    case "too_small":
    case "too_big":
      return outside(name, issue, value, secret);
    case "not_multiple_of":
      return {
        code: "property.range",
        message:
          own || `${name} must be a multiple of ${issue.divisor}${secret ? "." : `; it is ${found(value, false)}.`}`,
        remedy: `Write a multiple of ${issue.divisor}.`,
      };
    case "custom":
      return {
        code: "property.conflict",
        message: own || `The properties in ${name} do not go together.`,
        remedy: typeof issue.params?.remedy === "string" ? issue.params.remedy : "Change or remove one of them.",
      };
    case "invalid_key":
      return {
        code: "property.value",
        message:
          own || `${propertyName(parentOf(path))} cannot have the key ${JSON.stringify(segmentsOf(path).at(-1))}.`,
        remedy: "Correct the key.",
      };
    default:
      return wrongType(subject, path, value, own);
  }
}

function missing(subject: Subject, issue: Issue, path: Pointer): Problem {
  const key = segmentsOf(path).at(-1);
  const values = issue.code === "invalid_value" ? issue.values : "options" in issue ? issue.options : undefined;
  const [shape] = shapesAt(subject.type.shape, segmentsOf(path));
  return {
    code: "property.missing",
    message: `${ownerName(subject, parentOf(path))} needs the property ${key}.`,
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
  const wildcard = normalPath(path);
  const reason = Object.entries(type.unsupported ?? {}).find(([key]) => normalPath(key) === wildcard)?.[1];
  if (reason === undefined && specification?.propertyAt(type.type, path) === undefined) return undefined;
  return {
    code: "property.unsupported",
    message: `AWS has ${propertyName(path)} of ${type.type}, but it is not supported here yet${reason ? `: ${reason.replace(/\.$/, "")}` : ""}.`,
    remedy: "Remove the property, or manage this resource elsewhere until it is supported.",
  };
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
  const others = Object.keys(specification?.propertiesAt(type.type, parent) ?? {});
  const list = names.length > 0 ? `It has ${listed(names)}.` : "Remove it.";
  return {
    code: "property.unknown",
    message: `${ownerName(subject, parent)} has no property ${JSON.stringify(key)}.`,
    remedy: didYouMean(key, names, didYouMean(key, others, list)),
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

function notAllowed(name: string, value: unknown, allowed: readonly unknown[], secret: boolean, own: string): Problem {
  const near = typeof value === "string" && !secret ? nearest(value, allowed.map(String)) : undefined;
  const list = `Allowed: ${listed(allowed, 30)}.`;
  return {
    code: "property.value",
    message: own || `${name} cannot be ${found(value, secret)}.`,
    remedy: near === undefined ? list : `Did you mean "${near}"? ${list}`,
  };
}

function noForm(subject: Subject, errors: readonly (readonly Issue[])[], path: Pointer, value: unknown): Problem {
  const kinds = errors.every((branch) =>
    branch.some((issue) => issue.path.length === 0 && issue.code === "invalid_type"),
  );
  if (kinds) return wrongType(subject, path, value, "");
  return {
    code: "property.type",
    message: `${propertyName(path)} has none of the forms that it can have.`,
    remedy: `See the documentation of ${subject.type.type}: properties of different forms may be mixed here.`,
  };
}

function wrongType(subject: Subject, path: Pointer, value: unknown, own: string): Problem {
  const [shape] = shapesAt(subject.type.shape, segmentsOf(path));
  const kind = shape ? wanted(shape) : "of another type";
  return {
    code: "property.type",
    message: own || `${propertyName(path)} must be ${kind}, not ${found(value, isSecretAt(subject, path))}.`,
    remedy: shape ? `Write ${kind}.` : "Correct the value.",
  };
}

const forms: Readonly<Record<string, string>> = {
  cidrv4: "be an IPv4 range such as 10.0.0.0/16",
  cidrv6: "be an IPv6 range such as 2001:db8::/32",
  ipv4: "be an IPv4 address such as 10.0.0.1",
  ipv6: "be an IPv6 address such as 2001:db8::1",
  url: "be a URL such as https://example.com",
  email: "be an e-mail address",
  datetime: "be a time such as 2030-01-31T12:00:00Z",
  date: "be a date such as 2030-01-31",
};

function formOf(issue: Extract<Issue, { code: "invalid_format" }>): string {
  if ("prefix" in issue) return `begin with ${JSON.stringify(issue.prefix)}`;
  if ("suffix" in issue) return `end with ${JSON.stringify(issue.suffix)}`;
  if ("includes" in issue) return `contain ${JSON.stringify(issue.includes)}`;
  return forms[issue.format] ?? (issue.pattern ? `match ${issue.pattern}` : `be a valid ${issue.format}`);
}

function outside(
  name: string,
  issue: Extract<Issue, { code: "too_small" | "too_big" }>,
  value: unknown,
  secret: boolean,
): Problem {
  const bound = Number(issue.code === "too_small" ? issue.minimum : issue.maximum);
  const size = typeof value === "string" || Array.isArray(value) ? value.length : undefined;
  const unit = typeof value === "string" ? "character" : "element";
  const limit = `${comparison(issue)} ${bound}`;
  if (size === undefined) {
    return {
      code: "property.range",
      message: issue.message || `${name} must be ${limit}${secret ? "." : `; it is ${found(value, false)}.`}`,
      remedy: `Write a number that is ${limit}.`,
    };
  }
  const empty = size === 0 && bound === 1;
  const wish = empty
    ? "must not be empty."
    : `must have ${limit} ${unit}${bound === 1 ? "" : "s"}${secret ? "." : `; it has ${size}.`}`;
  return {
    code: "property.length",
    message: issue.message || `${name} ${wish}`,
    remedy: `${issue.code === "too_small" ? "Add" : "Remove"} ${unit}s.`,
  };
}

function comparison(issue: Extract<Issue, { code: "too_small" | "too_big" }>): string {
  if (issue.exact) return "exactly";
  if (issue.code === "too_small") return issue.inclusive ? "at least" : "more than";
  return issue.inclusive ? "at most" : "less than";
}

function isSecretAt(subject: Subject, path: Pointer): boolean {
  return isSecret(subject.type.shape, { sensitive: subject.evaluated?.sensitive ?? new Set() }, path);
}

function ownerName(subject: Subject, path: Pointer): string {
  return path === "" ? subject.type.type : propertyName(path);
}

function parentOf(path: Pointer): Pointer {
  return pointer(...segmentsOf(path).slice(0, -1));
}
