import { createHash } from "node:crypto";
import { canonicalProperties } from "../plan/canonical.ts";
import type { Change } from "../plan/model.ts";
import { isWithin, pointer, segmentsOf } from "../pointer.ts";
import { childShape, redactDocument, shown } from "../report/redact.ts";
import type { Shape } from "../resource/shape.ts";
import { stableText } from "../value.ts";

export interface Preimage {
  /** `sha256:…` over what a change was planned from and what it would make of it. */
  fingerprint: string;
  /** Properties that are secret and of which nothing else tells whether they moved: they are not part of it. */
  excluded: readonly string[];
}

/**
 * What was approved when a change was: the resource as it was, and what would become of it. Secrets are never part of a hash, which could be tried out until it fits: the
 * version, ETag or modification time of the resource stands for them, where its type has one. `redact` takes out what is secret elsewhere.
 */
export function preimageOf(change: Change, redact: (text: string) => string = (text) => text): Preimage {
  const { type, observed, desired, identifier, logicalId } = change;
  const sources = desired?.evaluated.sensitive ?? new Set<string>();
  const own = observed ? (type.secrets?.({ ...observed.properties }) ?? []) : [];
  const wished = desired ? (type.secrets?.(desired.properties) ?? []) : [];
  const secrets = new Set([...sources, ...own, ...wished]);
  const before = observed && withoutSecrets(canonicalProperties(type, observed.properties), type.shape, secrets);
  const makes = change.action === "create" || change.action === "replace";
  const after =
    desired && makes
      ? withoutSecrets(canonicalProperties(type, desired.properties), type.shape, secrets).value
      : change.properties.map((each) => wish(each, type.shape));
  const hidden = before?.hidden ?? [];
  const isMarked = observed?.version !== undefined;
  const content = {
    logicalId,
    type: type.type,
    identifier: identifier ?? null,
    before: before?.value ?? null,
    after,
    tags: observed?.tags ?? null,
    ...(hidden.length > 0 && isMarked && { version: observed.version }),
  };
  return {
    fingerprint: `sha256:${createHash("sha256")
      .update(stableText(redactDocument({ value: content }, redact)))
      .digest("hex")}`,
    excluded: isMarked ? [] : hidden,
  };
}

function wish({ path, after, sensitive }: Change["properties"][number], root: Shape) {
  const shape = segmentsOf(path).reduce<Shape | undefined>(childShape, root);
  return { path, ...(after !== undefined && { after: shown(after, sensitive, shape) }) };
}

/** The properties without the secret ones, and their names. */
function withoutSecrets(
  properties: Readonly<Record<string, unknown>>,
  shape: Shape,
  secrets: ReadonlySet<string>,
): { value: unknown; hidden: string[] } {
  const hidden: string[] = [];
  const value = Object.fromEntries(
    Object.entries(properties).map(([name, part]) => {
      const path = pointer(name);
      const isSecret = [...secrets].some((secret) => isWithin(secret, path));
      const seen = shown(part, isSecret, childShape(shape, name));
      if (isSecret || stableText(seen) !== stableText(shown(part, false))) hidden.push(path);
      return [name, seen];
    }),
  );
  return { value, hidden };
}
