import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud, Found, Observed, ResourceType } from "../resource/model.ts";
import { type Children, slotsIn } from "./children.ts";
import { decide } from "./decide.ts";
import { findByKey, findByName } from "./find.ts";
import { knownIn } from "./known-in.ts";
import { labelOf } from "./label.ts";
import type { Change, Desired, StackInstance } from "./model.ts";

/** What is declared as existing, as it is; or why it cannot be found. It may be anybody's. */
export async function findExisting<C extends Cloud>(
  instance: StackInstance<C>,
  type: ResourceType<C>,
  desired: Desired<C>,
  list: readonly Found[],
): Promise<Observed | Diagnostic> {
  const { existing } = knownIn(instance.stack.template.resources, desired.logicalId).reconcile;
  if (typeof existing === "string") {
    const observed = await findByName(instance.cloud, type, existing);
    return observed ?? missing(desired, existing);
  }
  const named = !desired.generatedName && type.naturalKey !== undefined;
  if (!named) return nameless(desired);
  return (await findByKey(instance, type, desired, list)) ?? missing(desired, undefined);
}

function missing({ logicalId, type, evaluated }: Desired, identifier: string | undefined): Diagnostic {
  return {
    code: "existing.missing",
    severity: "error",
    message: `${identifier ?? logicalId} is declared as existing, and there is none.`,
    remedy: "correct its name or identifier, make it where it belongs, or remove existing so that it is made here",
    resource: labelOf({ logicalId, type }),
    place: evaluated.placeOf(""),
  };
}

function nameless({ logicalId, type, evaluated }: Desired): Diagnostic {
  return {
    code: "existing.no-name",
    severity: "error",
    message: `${logicalId} is declared as existing, and what is declared does not say which ${type.type} it is.`,
    remedy: "write its identifier: Metadata: { Reconcile: { existing: IDENTIFIER } }",
    resource: labelOf({ logicalId, type }),
    place: evaluated.placeOf(""),
  };
}

/** What exists is left as it is: where it is not as declared, that is said. */
export function planExisting<C extends Cloud>(
  stack: StackInstance<C>,
  desired: Desired<C>,
  observed: Observed,
  children: Children,
): { change: Change<C>; diagnostics: Diagnostic[] } {
  const { logicalId, type } = desired;
  const { place, reconcile } = knownIn(stack.stack.template.resources, logicalId);
  const { differences } = decide({ ...desired, tags: {} }, observed, {
    owner: stack.owner,
    children: slotsIn(children, stack, type, observed.identifier),
    ignore: reconcile.ignore ?? [],
    exclusive: [],
  });
  const names = differences.filter((each) => !each.path.startsWith("/Tags/")).map((each) => each.path.slice(1));
  const differs: Diagnostic = {
    code: "existing.differs",
    severity: "warning",
    message: `${observed.identifier} exists, and is not as declared: ${names.join(", ")}.`,
    remedy: "declare it as it is, or name what does not matter in Metadata: { Reconcile: { ignore: […] } }",
    resource: labelOf({ logicalId, type }),
    place,
  };
  const change: Change<C> = {
    stack,
    logicalId,
    type,
    action: "none",
    identifier: observed.identifier,
    observed,
    reasons: [],
    cause: null,
    impact: "none",
    steps: [],
    place,
    properties: [],
    desired,
    existing: true,
  };
  return { change, diagnostics: names.length > 0 ? [differs] : [] };
}
