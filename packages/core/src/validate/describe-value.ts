import { type Pointer, segmentsOf } from "../pointer.ts";
import { nearest } from "../template/nearest.ts";
import type { Problem, Subject } from "./describe.ts";
import type { Issue } from "./issues.ts";
import { found, isSecret, listed, parentPath, propertyName, shapesAt, wanted } from "./words.ts";

/** What is wrong with a value that is there. */
export function describeValue(subject: Subject, issue: Issue, path: Pointer, value: unknown): Problem {
  const name = propertyName(path);
  const secret = isSecretAt(subject, path);
  switch (issue.code) {
    case "invalid_value":
      return notAllowed(name, value, issue.values, secret);
    case "invalid_union":
      if ("options" in issue && issue.options) return notAllowed(name, value, issue.options, secret);
      return noForm(subject, issue.errors, path, value);
    case "invalid_format":
      return {
        code: "property.pattern",
        message: `${name} must ${formOf(issue)}${secret ? "." : `; it is ${found(value, false)}.`}`,
        remedy: "Correct the value.",
      };
    case "too_small":
    case "too_big":
      return outside(name, issue, value, secret);
    case "not_multiple_of":
      return {
        code: "property.range",
        message: `${name} must be a multiple of ${issue.divisor}${secret ? "." : `; it is ${found(value, false)}.`}`,
        remedy: `Write a multiple of ${issue.divisor}.`,
      };
    case "custom":
      return refused(issue, name, value);
    case "invalid_key":
      return {
        code: "property.value",
        message: `${propertyName(parentPath(path))} cannot have the key ${JSON.stringify(segmentsOf(path).at(-1))}.`,
        remedy: "Correct the key.",
      };
    default:
      return wrongType(subject, path, value);
  }
}

function notAllowed(name: string, value: unknown, allowed: readonly unknown[], secret: boolean): Problem {
  const near = typeof value === "string" && !secret ? nearest(value, allowed.map(String)) : undefined;
  const list = `Allowed: ${listed(allowed, 30)}.`;
  return {
    code: "property.value",
    message: `${name} cannot be ${found(value, secret)}.`,
    remedy: near === undefined ? list : `Did you mean "${near}"? ${list}`,
  };
}

function noForm(subject: Subject, errors: readonly (readonly Issue[])[], path: Pointer, value: unknown): Problem {
  const kinds = errors.every((branch) =>
    branch.some((issue) => issue.path.length === 0 && issue.code === "invalid_type"),
  );
  if (kinds) return wrongType(subject, path, value);
  return {
    code: "property.type",
    message: `${propertyName(path)} has none of the forms that it can have.`,
    remedy: `See the documentation of ${subject.type.type}: properties of different forms may be mixed here.`,
  };
}

function wrongType(subject: Subject, path: Pointer, value: unknown): Problem {
  const [shape] = shapesAt(subject.type.shape, segmentsOf(path));
  const kind = shape ? wanted(shape) : "of another type";
  return {
    code: "property.type",
    message: `${propertyName(path)} must be ${kind}, not ${found(value, isSecretAt(subject, path))}.`,
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
      message: `${name} must be ${limit}${secret ? "." : `; it is ${found(value, false)}.`}`,
      remedy: `Write a number that is ${limit}.`,
    };
  }
  const empty = size === 0 && bound === 1;
  const wish = empty
    ? "must not be empty."
    : `must have ${limit} ${unit}${bound === 1 ? "" : "s"}${secret ? "." : `; it has ${size}.`}`;
  return {
    code: "property.length",
    message: `${name} ${wish}`,
    remedy: `${issue.code === "too_small" ? "Add" : "Remove"} ${unit}s.`,
  };
}

function comparison(issue: Extract<Issue, { code: "too_small" | "too_big" }>): string {
  if (issue.exact) return "exactly";
  if (issue.code === "too_small") return issue.inclusive ? "at least" : "more than";
  return issue.inclusive ? "at most" : "less than";
}

/** A refinement: of a value by itself, or of what stands together. */
function refused(issue: Extract<Issue, { code: "custom" }>, name: string, value: unknown): Problem {
  const remedy = typeof issue.params?.remedy === "string" ? issue.params.remedy : undefined;
  if (remedy === undefined && (typeof value !== "object" || value === null)) {
    return { code: "property.value", message: `${name} cannot have this value.`, remedy: "Correct the value." };
  }
  return {
    code: "property.conflict",
    message: `The properties in ${name} do not go together.`,
    remedy: remedy ?? "Change or remove one of them.",
  };
}

function isSecretAt(subject: Subject, path: Pointer): boolean {
  return isSecret(subject.type.shape, { sensitive: subject.evaluated?.sensitive ?? new Set() }, path);
}
