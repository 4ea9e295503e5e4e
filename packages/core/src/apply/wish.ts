import { createHash } from "node:crypto";
import { type Diagnostic, DiagnosticError, errorsIn } from "../diagnostic.ts";
import { desire } from "../plan/desire.ts";
import { environmentOf } from "../plan/environment.ts";
import { labelOf } from "../plan/label.ts";
import type { Change, Desired } from "../plan/model.ts";
import type { Cloud, Wish } from "../resource/model.ts";
import { checkProperties, parse } from "../validate/index.ts";
import { stableText, type Unknown, unknownsIn } from "../value.ts";
import { attributesIn, type StepContext } from "./step-context.ts";

/**
 * The declaration of a resource with everything that was unknown at plan time, checked once more; with the generated name that it is to have, or the one that it has.
 * Throws a DiagnosticError for what is wrong with it now.
 */
export function resolved<C extends Cloud>(
  change: Change<C>,
  context: StepContext<C>,
  generation: "planned" | "current" = "planned",
): Desired<C> {
  const world = context.worlds.find((each) => each.instance === change.stack);
  if (!world) throw new Error(`${change.logicalId} is of no stack of this run`);
  const environment = environmentOf(change.stack, attributesIn(context, world));
  const name = generation === "planned" ? change.desired?.generatedName?.name : currentName(change);
  const { desired, diagnostics } = desire(change.stack, change.type, change.logicalId, environment, () => name);
  const kept = keptInputs(change, desired);
  const problems = errorsIn([...diagnostics, ...checkProperties(change.type, kept.properties, kept.evaluated)]);
  if (problems.length > 0) throw new DiagnosticError(problems);
  return { ...kept, tags: { ...declarationOf(change).desired.tags, ...kept.tags } };
}

function currentName<C extends Cloud>(change: Change<C>): string | undefined {
  const property = change.desired?.generatedName?.property;
  const name = property === undefined ? undefined : change.observed?.properties[property];
  return typeof name === "string" ? name : undefined;
}

/** A newer outside value at a create-only property was left aside by the plan: the live value stands in its place. A generated name is none. */
function keptInputs<C extends Cloud>(change: Change<C>, desired: Desired): Desired {
  if (change.action !== "update" && change.action !== "adopt" && change.impact !== "may-replace") return desired;
  const properties = { ...desired.properties };
  for (const [name, shape] of Object.entries(change.type.shape.properties)) {
    const planned = change.desired?.properties[name];
    const isKept = shape.annotation.createOnly && name !== change.desired?.generatedName?.property;
    if (isKept && planned !== undefined && unknownsIn(planned).length === 0) properties[name] = planned;
  }
  return { ...desired, properties };
}

/** What a change was planned from. Throws where there is nothing: a mistake in the program. */
export function declarationOf<C extends Cloud>({ logicalId, desired, circumstances }: Change<C>) {
  if (!desired || !circumstances) throw new Error(`${logicalId} has no declaration`);
  return { desired, circumstances };
}

/** What a handler is told of it. Throws a DiagnosticError where something is not known even now, or the type does not take it. */
export function wishOf<C extends Cloud>(desired: Desired<C>, { nonce }: StepContext<C>): Wish {
  const unknowns = [...unknownsIn(desired.properties), ...unknownsIn(desired.tags)];
  const parsed = unknowns.length === 0 ? parse(desired.type, desired.properties) : undefined;
  if (!parsed?.value) {
    throw new DiagnosticError(parsed?.diagnostics ?? stillUnknown(desired, unknowns));
  }
  const token = createHash("sha256")
    .update(`${stableText(desired.properties)}|${desired.logicalId}|${nonce}`)
    .digest("hex");
  return {
    properties: parsed.value,
    tags: Object.fromEntries(Object.entries(desired.tags).map(([key, value]) => [key, String(value)])),
    token,
  };
}

function stillUnknown<C extends Cloud>(desired: Desired<C>, unknowns: readonly Unknown[]): Diagnostic {
  return {
    code: "apply.still-unknown",
    severity: "error",
    message: `${unknowns.flatMap((each) => each.sources).join(", ")} is not known even now that what it comes from is done.`,
    remedy:
      "check that the attribute exists in this state of the resource (an instance without a public address has no PublicIp)",
    resource: labelOf(desired),
    place: desired.evaluated.placeOf(""),
  };
}
