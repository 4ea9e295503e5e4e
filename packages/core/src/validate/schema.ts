import type { Diagnostic, Place, Result } from "../diagnostic.ts";
import { type Pointer, pointer } from "../pointer.ts";
import { containsUnknown, type Properties } from "../value.ts";
import { type CheckedType, describeIssue, describeIssues, type Placed, type Subject } from "./describe.ts";
import { at, type Issue, keptIssues, type Path, withPlaceholders } from "./issues.ts";
import type { Specification } from "./specification.ts";
import { distinct } from "./words.ts";

/** The schema's own words come through, zod's do not: an issue without a message is described by us. */
const noWords = { error: () => "" };

/**
 * Holds coerced properties, which may hold unknowns, against the type's schema. Gives `property.unknown`, `.unsupported`, `.missing`, `.value`, `.type`, `.pattern`,
 * `.length`, `.range` and `.conflict`, each at the value or the key that is wrong; what depends on an unknown is left to `parse`.
 */
export function checkProperties(
  type: CheckedType,
  properties: Properties,
  evaluated: Placed,
  specification?: Specification,
): Diagnostic[] {
  const input = withPlaceholders(properties);
  const result = type.properties.safeParse(input, noWords);
  if (result.success) return [];
  const subject: Subject = { type, input, evaluated, ...(specification && { specification }) };
  const issues = keptIssues(result.error.issues, input);
  const beyondUs = new Set(issues.filter((issue) => hasUnsupported(subject, issue)).map((issue) => pathTo(issue.path)));
  const own = issues.filter((issue) => !beyondUs.has(pathTo(objectOf(issue, input))) || hasUnsupported(subject, issue));
  return oneOfEach(distinct(describeIssues(subject, own)));
}

/** A text that is too short or too long often has the wrong form as well: once is enough. */
function oneOfEach(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const sized = new Set(diagnostics.filter(({ code }) => code === "property.length").map(({ place }) => place));
  const isSized = (place: Place | undefined) =>
    [...sized].some((each) => each && place && each.line === place.line && each.column === place.column);
  return diagnostics.filter(({ code, place }) => code !== "property.pattern" || !isSized(place));
}

function hasUnsupported(subject: Subject, issue: Issue): boolean {
  return (
    issue.code === "unrecognized_keys" &&
    describeIssue(subject, issue).some(({ code }) => code === "property.unsupported")
  );
}

/**
 * The object whose properties do not go together, or of which one is missing: when it has a property that is not supported here, that one may be what stands for it.
 * Nothing for what is wrong with a value.
 */
function objectOf(issue: Issue, input: unknown): Path | undefined {
  if (issue.code === "custom") return issue.path;
  return at(input, issue.path) === undefined ? issue.path.slice(0, -1) : undefined;
}

function pathTo(path: Path | undefined): Pointer | undefined {
  return path && pointer(...path.map(String));
}

/**
 * The last look before a write: properties as the handlers get them, defaults filled in, or what is wrong with them. Without places, when there is no `evaluated`. Throws when
 * something is still unknown: that is a mistake of the caller.
 */
export function parse(type: CheckedType, properties: Properties, evaluated?: Placed): Result<Record<string, unknown>> {
  if (containsUnknown(properties))
    throw new Error(`Properties of ${type.type} were to be written while some are unknown.`);
  const result = type.properties.safeParse(properties, noWords);
  if (result.success) return { value: result.data, diagnostics: [] };
  const subject: Subject = { type, input: properties, ...(evaluated && { evaluated }) };
  return {
    diagnostics: distinct(describeIssues(subject, keptIssues(result.error.issues, properties))),
  };
}
