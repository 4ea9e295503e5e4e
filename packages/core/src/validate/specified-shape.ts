import type { Shape, Undeclared } from "../resource/shape.ts";
import type { SpecifiedProperties, SpecifiedType, SpecifiedValue } from "./specification.ts";

const shapes = new WeakMap<SpecifiedType, Shape>();

/** The shape of a type's properties as AWS's specification has it: what the values of a type without a provider are read by. Made once for each type. */
export function specifiedShape(specified: SpecifiedType): Shape {
  const known = shapes.get(specified);
  if (known) return known;
  const shape = objectShape("required", () => propertyShapes(specified, specified.properties));
  shapes.set(specified, shape);
  return shape;
}

function propertyShapes(specified: SpecifiedType, properties: SpecifiedProperties): Record<string, Shape> {
  const entries = Object.entries(properties).map(
    ([name, { type, required }]) => [name, valueShape(specified, type, required ? "required" : "computed")] as const,
  );
  return Object.fromEntries(entries);
}

function valueShape(specified: SpecifiedType, value: SpecifiedValue, undeclared: Undeclared): Shape {
  switch (value.kind) {
    case "object":
      return objectShape(undeclared, () =>
        propertyShapes(specified, specified.definitions[value.definition]?.properties ?? {}),
      );
    case "list":
      return { ...plain("array", undeclared), items: valueShape(specified, value.of, "required") };
    case "map":
      return { ...plain("map", undeclared), items: valueShape(specified, value.of, "required") };
    case "union":
      return {
        ...plain("union", undeclared),
        branches: value.of.map((branch) => valueShape(specified, branch, "required")),
      };
    case "json":
      return plain("any", undeclared);
    default:
      return plain(value.kind, undeclared);
  }
}

function plain(type: Shape["type"], undeclared: Undeclared): Shape {
  return { type, undeclared, annotation: {}, properties: {}, branches: [] };
}

/** Its properties are made when they are first asked for: definitions refer to one another, and to themselves. */
function objectShape(undeclared: Undeclared, make: () => Record<string, Shape>): Shape {
  let properties: Record<string, Shape> | undefined;
  return {
    ...plain("object", undeclared),
    get properties() {
      properties ??= make();
      return properties;
    },
  };
}
