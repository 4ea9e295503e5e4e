import type { Plan } from "../plan/model.ts";
import type { StackWorld } from "../plan/observe.ts";
import type { Observed } from "../resource/model.ts";
import type { Shape } from "../resource/shape.ts";
import type { Stack } from "../stack/model.ts";
import { resolveParameters } from "../stack/parameters.ts";
import { Unknown } from "../value.ts";
import { collectHidden } from "./redact.ts";

/** Keys of the environment that nobody has to declare sensitive. */
const credentials = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/** Every secret that is known before anything is read: values that stacks take from the environment, NoEcho parameters, the run's own credentials. For `createRedactor`. */
export function declaredSecrets(
  stacks: readonly Stack[],
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const own = credentials.map((name) => environment[name]).filter((value) => value !== undefined && value.length >= 16);
  const asked = stacks.flatMap((stack) =>
    [...stack.parameters.values()].map((value) =>
      value.kind === "input" && value.request.kind === "env" ? environment[value.request.name] : undefined,
    ),
  );
  const hidden = stacks.flatMap((stack) =>
    [...resolveParameters(stack, new Map()).parameters.values()].filter((known) => known.sensitive),
  );
  return [...own, ...asked, ...hidden.flatMap((known) => textsIn(known.value))].filter((value) => value !== undefined);
}

/**
 * Every secret that reading brought, and what functions made of one: outside values, and whatever is declared or lives at a place that is sensitive by its source or by
 * its type, whether it differs or not.
 */
export function observedSecrets({ worlds, plan }: { worlds: readonly StackWorld[]; plan: Plan }): string[] {
  const known = worlds.flatMap(({ instance }) => [...instance.inputs.values(), ...instance.parameters.values()]);
  const changes = plan.stacks.flatMap((stack) => stack.changes);
  const wished = changes.flatMap(({ desired }) =>
    desired ? collectHidden(desired.properties, desired.type.shape, desired.evaluated.sensitive) : [],
  );
  const live = changes.flatMap(({ type, observed, desired }) =>
    observed ? collectLive(observed, type.shape, desired?.evaluated.sensitive) : [],
  );
  const differences = changes.flatMap((change) => change.properties).filter((each) => each.sensitive);
  return [
    ...known.filter((each) => each.sensitive).map((each) => each.value),
    ...wished,
    ...live,
    ...differences.flatMap((each) => [each.before, each.after]),
  ].flatMap(textsIn);
}

function collectLive({ properties }: Observed, shape: Shape, paths: ReadonlySet<string> | undefined): unknown[] {
  return collectHidden(properties, shape, paths ?? new Set());
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (value instanceof Unknown || typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
