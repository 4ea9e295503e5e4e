import type { Diagnostic } from "../diagnostic.ts";
import { type Pointer, segmentsOf } from "../pointer.ts";
import type { ResourceType } from "../resource/model.ts";
import type { Shape } from "../resource/shape.ts";
import { resourceLabel } from "../template/label.ts";
import type { ResourceDeclaration } from "../template/model.ts";
import { didYouMean } from "../template/nearest.ts";
import { listed, namesOf, shapesAt } from "./words.ts";

/** Pointers of `Metadata.Reconcile` must lead to a property of the type: a misspelt one would be without effect, silently. */
export function checkMetadata(
  declaration: ResourceDeclaration,
  type: Pick<ResourceType, "type" | "shape" | "handlers">,
): Diagnostic[] {
  const { ignore = [], exclusive = [] } = declaration.reconcile;
  const about = { severity: "error", resource: resourceLabel(declaration), place: declaration.place } as const;
  const policies = [declaration.deletionPolicy, declaration.updateReplacePolicy];
  const noSnapshot = policies.includes("Snapshot") && !type.handlers.snapshot;
  // So it is with nearly all.
  if (ignore.length === 0 && exclusive.length === 0 && !noSnapshot) return [];
  const unknown = [...ignore, ...exclusive].filter((path) => shapesAt(type.shape, segmentsOf(path)).length === 0);
  const slots = Object.entries(type.shape.properties).flatMap(([name, shape]) =>
    shape.annotation.slot ? [`/${name}`] : [],
  );
  const noSlots = exclusive.filter((path) => !unknown.includes(path) && !slots.includes(path));
  return [
    ...(noSnapshot
      ? [
          {
            ...about,
            code: "deletion-policy.snapshot",
            message: `There is no snapshot of ${type.type} to make before it is deleted.`,
            remedy: "Use Retain or Delete.",
          },
        ]
      : []),
    ...unknown.map((path) => ({
      ...about,
      code: "metadata.unknown-property",
      message: `Metadata.Reconcile names "${path}", which is no property of ${type.type}.`,
      remedy: nearestProperty(type.shape, path),
    })),
    ...noSlots.map((path) => ({
      ...about,
      code: "metadata.exclusive",
      message: `Metadata.Reconcile.exclusive names "${path}", whose elements cannot be declared as resources of their own.`,
      remedy: slots.length > 0 ? `It is for ${listed(slots)}.` : `Remove it: ${type.type} has no such property.`,
    })),
  ];
}

function nearestProperty(shape: Shape, path: Pointer): string {
  const segments = segmentsOf(path);
  const wrong = segments.findIndex((_, index) => shapesAt(shape, segments.slice(0, index + 1)).length === 0);
  const names = namesOf(shapesAt(shape, segments.slice(0, wrong)));
  return didYouMean(segments[wrong] ?? "", names, names.length > 0 ? `There are ${listed(names)}.` : "Remove it.");
}
