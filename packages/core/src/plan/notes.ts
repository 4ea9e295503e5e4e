import type { Observed, ResourceType } from "../resource/model.ts";
import { protectTag } from "../resource/owner.ts";
import { type Properties, stableText } from "../value.ts";

/** Tags that somebody else has put there. */
export function foreignTagNote(keys: readonly string[]): string {
  return `has ${keys.length} foreign tag${keys.length === 1 ? "" : "s"} (${keys.join(", ")})`;
}

/** A protection that does not do what its line says by itself. */
export function protectionNotes(
  type: ResourceType,
  logicalId: string,
  declared: boolean | undefined,
  observed: Observed | undefined,
): { logicalId: string; message: string }[] {
  if (declared && !type.handlers.tag)
    return [{ logicalId, message: "cannot be tagged: it is protected as long as git says so" }];
  if (declared === undefined && observed?.tags?.[protectTag] !== undefined)
    return [{ logicalId, message: "is still protected; protect: false lifts it" }];
  return [];
}

/** Properties that others write too, and that are left alone. */
export function sharedNotes(
  type: ResourceType,
  logicalId: string,
  properties: Properties,
  observed: Observed | undefined,
): { logicalId: string; message: string }[] {
  return Object.entries(type.shape.properties)
    .filter(
      ([name, shape]) =>
        shape.undeclared === "shared" && properties[name] === undefined && observed?.properties[name] !== undefined,
    )
    .map(([name, shape]) => {
      const value = shape.annotation.sensitive ? "set" : stableText(observed?.properties[name]);
      return { logicalId, message: `${name} is ${value} and not declared` };
    });
}
