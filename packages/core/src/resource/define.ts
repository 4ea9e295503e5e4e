import type { z } from "zod";
import type { Cloud, Handlers, ResourceFacts, ResourceType } from "./model.ts";
import { type Shape, shapeOf } from "./shape.ts";

/**
 * A resource type: facts first, as data, then the handlers.
 *
 * ```ts
 * export const Repository = defineResource({ type: "AWS::ECR::Repository", properties: z.strictObject({ … }), … }).implement({ list, read, create, update, delete });
 * ```
 */
export function defineResource<S extends z.ZodObject, C extends Cloud = Cloud>(facts: ResourceFacts<S, C>) {
  return {
    implement(handlers: Handlers<z.output<S>, C>): ResourceType<C> {
      let shape: Shape | undefined;
      const identifier = typeof facts.identifier === "string" ? [facts.identifier] : facts.identifier;
      // This is the one file that ties types together: the engine sees every type with its property types erased.
      const erased = { ...facts, handlers } as unknown as ResourceType<C>;
      const named = identifier.every((part) => part in facts.properties.shape);
      return {
        ...erased,
        identifier,
        attributes: erased.attributes ?? {},
        ...(!facts.naturalKey &&
          named && { naturalKey: (properties: Record<string, unknown>) => joinedIdentifier(identifier, properties) }),
        get shape() {
          shape ??= shapeOf(facts.properties);
          return shape;
        },
      };
    },
  };
}

/** The parts of an identifier joined by `|`, as CloudFormation writes them; undefined when one of them is not known. */
export function joinedIdentifier(
  parts: readonly string[],
  properties: Readonly<Record<string, unknown>>,
): string | undefined {
  const values = parts.map((part) => properties[part]);
  return values.every((value) => typeof value === "string") ? values.join("|") : undefined;
}
