import { resolveParameters, type Stack, Unknown } from "@reconcile/core";

import type { Planning } from "./planning.ts";

/** Keys of the environment that nobody has to declare sensitive. */
const credentials = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/** Every secret that is known before anything is read: values that stacks take from the environment, NoEcho parameters, the run's own credentials. */
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

/** Every secret that reading brought: outside values, and live ones at sensitive properties. */
export function observedSecrets({ worlds, plan }: Pick<Planning["prepared"], "worlds" | "plan">): string[] {
  const known = worlds.flatMap(({ instance }) => [...instance.inputs.values(), ...instance.parameters.values()]);
  const differences = plan.stacks.flatMap((stack) => stack.changes.flatMap((change) => change.properties));
  return [
    ...known.filter((each) => each.sensitive).flatMap((each) => textsIn(each.value)),
    ...differences
      .filter((each) => each.sensitive)
      .flatMap((each) => [...textsIn(each.before), ...textsIn(each.after)]),
  ];
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (value instanceof Unknown || typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
