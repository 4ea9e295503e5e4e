import type { LeftOut } from "./model.ts";

/** Is a resource left out, or a nested stack that it is inside? */
export function isLeftOut(leftOut: Pick<LeftOut, "ids"> | undefined, logicalId: string): boolean {
  if (!leftOut) return false;
  if (leftOut.ids.has(logicalId)) return true;
  const slash = logicalId.lastIndexOf("/");
  return slash > 0 && isLeftOut(leftOut, logicalId.slice(0, slash));
}

/** May something that lives, and is not declared in what is left of a template, be declared in what is left out? */
export function mayBeLeftOut(leftOut: LeftOut | undefined, logicalId: string): boolean {
  return leftOut?.everything === true || isLeftOut(leftOut, logicalId);
}
