import { type Pointer, pointer } from "../../pointer.ts";
import { isRecord, Unknown, type Value } from "../../value.ts";
import type { Finding, Review, Reviewed } from "./model.ts";

export const tableAttributes: Review = {
  id: "dynamodb.attributes",
  severity: "error",
  title: "The attributes of a table are not those of its keys",
  about:
    "AttributeDefinitions lists the attributes of the keys of a table and of its indexes, and no others. DynamoDB refuses a table with a key that is not among them, and one with an attribute that is no key: what else items hold is not declared.",
  remedy: "List exactly the attributes of the keys.",
  resource: { types: ["AWS::DynamoDB::Table"], look },
};

interface Name {
  name: string;
  at: Pointer;
}

function look({ properties }: Reviewed): Finding[] {
  const { AttributeDefinitions: definitions, KeySchema: keySchema } = properties;
  const indexes = ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"].map((name) => properties[name]);
  const keys = [named(keySchema, "/KeySchema")];
  for (const [number, list] of indexes.entries()) {
    if (list === undefined) continue;
    if (!Array.isArray(list)) return [];
    const at = pointer(number === 0 ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes");
    for (const [index, each] of list.entries())
      keys.push(isRecord(each) ? named(each.KeySchema as Value, at + pointer(index, "KeySchema")) : undefined);
  }
  const defined = named(definitions, "/AttributeDefinitions");
  if (!defined || keys.includes(undefined)) return [];
  const used = keys.flatMap((each) => each ?? []);
  const definedNames = new Set(defined.map(({ name }) => name));
  const usedNames = new Set(used.map(({ name }) => name));
  return [
    ...used
      .filter(({ name }) => !definedNames.has(name))
      .map(({ name, at }) => ({ at, message: `The key "${name}" is not among the AttributeDefinitions.` })),
    ...defined
      .filter(({ name }) => !usedNames.has(name))
      .map(({ name, at }) => ({ at, message: `"${name}" is the attribute of no key.` })),
  ];
}

/** The attributes that a list names; undefined as soon as one is not known. */
function named(list: Value | undefined, at: Pointer): Name[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const names: Name[] = [];
  for (const [index, each] of list.entries()) {
    const name = isRecord(each) ? each.AttributeName : undefined;
    if (typeof name !== "string" || each instanceof Unknown) return undefined;
    names.push({ name, at: at + pointer(index, "AttributeName") });
  }
  return names;
}
