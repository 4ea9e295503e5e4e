import type { Cloud, Found } from "../resource/model.ts";
import { ownerTag } from "../resource/owner.ts";
import type { Registry } from "../resource/registry.ts";
import { evaluateConditions } from "../template/index.ts";
import type { Environment } from "../template/model.ts";
import { baseEnvironment, findFormerlyExisting, findRemovedChildren } from "./base.ts";
import { decide } from "./decide.ts";
import { desire } from "./desire.ts";
import { type AttributesOf, environmentOf } from "./environment.ts";
import type { StackInstance, Unowned } from "./model.ts";
import type { Owned, StackWorld } from "./observe.ts";
import { blinded, unreadAttributes } from "./open-stack.ts";
import type { Renames } from "./renames.ts";
import { plain } from "./resolve.ts";
import { withResources } from "./with-resources.ts";
import { ownedKey } from "./world.ts";

export interface FormerChildrenOptions<C extends Cloud>
  extends Pick<StackWorld<C>, "instance" | "expired" | "undeclared"> {
  registry: Registry<C>;
  declared: ReadonlySet<string>;
  /** See `turnedOff`. */
  off: ReadonlySet<string>;
  /** Base, under the names of head. */
  base: StackInstance<C> | undefined;
  /** The logical ids of base, also of what a condition may turn off; undefined: not known. */
  asWritten?: ReadonlySet<string>;
  /** The keys of what lives and is the stack's. */
  ours: ReadonlySet<string>;
  renames: Renames;
  environment: Environment;
  liveAttributes: AttributesOf;
  lists: ReadonlyMap<string, readonly Found[]>;
}

/**
 * Children that are declared no more, and carry no tags of their own: found where base says that they were, or where the stack itself does that has turned them off: by a
 * last day, or by what a condition reads from outside. `unclear`: those which may be somebody else's.
 */
export async function findFormerChildren<C extends Cloud>(
  options: FormerChildrenOptions<C>,
): Promise<{ removed: Owned<C>[]; unclear: Unowned[] }> {
  const { instance, registry, declared, off, base, expired, environment, liveAttributes, lists, undeclared } = options;
  const around = base && baseEnvironment(base, environment, undeclared, liveAttributes, options.renames);
  const formerly = base && around ? await findFormerlyExisting(base, registry, declared, around, lists) : [];
  const environmentAt = (former: StackInstance<C>): Environment =>
    baseEnvironment(former, environment, [...undeclared, ...formerly], liveAttributes, options.renames);
  const whole = wholeOf(instance, expired);
  const present = new Set([...whole.stack.template.resources.keys()].filter((id) => !off.has(id)));
  const removed = new Map<string, Owned<C>>();
  const unclear = new Map<string, Unowned>();
  for (const [former, still] of [...(base ? [[base, declared] as const] : []), [whole, present] as const]) {
    const within = environmentAt(former);
    for (const each of await findRemovedChildren(former, registry, still, within, lists, undeclared)) {
      const { logicalId, type, observed } = each;
      const key = ownedKey(type, observed);
      const whose = off.has(logicalId) ? whoseIs(each, { ...options, former, environment: within }) : "ours";
      if (whose === "ours") removed.set(key, each);
      if (whose === "unclear") unclear.set(key, { logicalId, type: type.type, identifier: observed.identifier });
    }
  }
  return {
    removed: [...removed.values()],
    unclear: [...unclear].flatMap(([key, each]) => (removed.has(key) ? [] : each)),
  };
}

function wholeOf<C extends Cloud>(instance: StackInstance<C>, expired: StackWorld<C>["expired"]): StackInstance<C> {
  const { stack } = instance;
  return { ...instance, stack: withResources(stack, [...stack.template.resources, ...expired]) };
}

interface Evidence<C extends Cloud> extends Pick<FormerChildrenOptions<C>, "ours" | "asWritten"> {
  former: StackInstance<C>;
  environment: Environment;
}

/** The logical ids of what a last day or an outside value has turned off. */
export function turnedOff<C extends Cloud>(
  instance: StackInstance<C>,
  expired: StackWorld<C>["expired"],
): ReadonlySet<string> {
  const whole = wholeOf(instance, expired);
  const { template } = whole.stack;
  const { resources: active } = evaluateConditions(template, environmentOf(whole, unreadAttributes));
  const { undecided } = evaluateConditions(template, environmentOf(blinded(whole), unreadAttributes));
  const isOff = (id: string): boolean => (active.has(id) ? expired.has(id) : undecided.has(id));
  return new Set([...template.resources.keys()].filter(isOff));
}

/**
 * Was what is turned off ever ours? By its own tag; else only where base, if it is known, declares it: a line that was off already when it was written says nothing of what
 * somebody else has in that place. What base declares may have been off as well: then it is ours as a part of something that is ours, or where it is to the letter what is
 * declared.
 */
function whoseIs<C extends Cloud>(
  { logicalId, type, observed }: Owned<C>,
  { former, environment, ours, asWritten }: Evidence<C>,
): "ours" | "unclear" | "nobody's" {
  if (observed.tags?.[ownerTag] !== undefined) return "ours";
  if (asWritten && !asWritten.has(logicalId)) return "nobody's";
  const { within } = type;
  const parent = within && { type: within.type, identifier: String(observed.properties[within.identifiedBy]) };
  if (parent && ours.has(ownedKey(parent, parent))) return "ours";
  const { desired } = desire(former, type, logicalId, environment, () => undefined);
  return decide(desired, observed, plain(former.owner)).action === "none" ? "ours" : "unclear";
}
