import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Properties, PropertyFacts, ResourceFacts } from "./facts.ts";
import { locate, propertiesOf } from "./locate.ts";
import { nearestType } from "./nearest.ts";

/** Look-ups in AWS's resource specification. All are synchronous; a file is read when it is first needed, and once. */
export interface Specification {
  /** Whether AWS has this type, spelt exactly so. Reads the index only. */
  has(type: string): boolean;
  /** All type names in the order of the alphabet. Reads the index only. */
  types(): readonly string[];
  /** The type that was probably meant by a name that does not exist; undefined where nothing is near. Case does not count. Reads the index only. */
  nearestType(name: string): string | undefined;
  /** The facts of a type; undefined for a type that AWS does not have. */
  resource(type: string): ResourceFacts | undefined;
  /**
   * The facts at a JSON pointer below the properties of a type: "/Rules/0/Peer", with "*" for any index. An element of
   * a list or map gives its type. `createOnly` also says what follows from the properties above. Undefined where the
   * specification has nothing, and for the empty pointer. Throws for text that is no JSON pointer.
   */
  propertyAt(type: string, pointer: string): PropertyFacts | undefined;
  /** The properties that the object at a JSON pointer may have ("" is the resource itself); undefined where there is no such object. */
  propertiesAt(type: string, pointer: string): Properties | undefined;
  /** AWS's text (Markdown) on a type, or on the property at a JSON pointer; undefined where AWS wrote none. */
  documentation(type: string, pointer?: string): string | undefined;
  /** The services that IAM knows, by the prefix of their actions ("s3"), in the order of the alphabet. */
  actionServices(): readonly string[];
  /** The actions of a service, as IAM's documentation spells them ("GetObject"); undefined for a prefix that IAM does not know. */
  actions(service: string): readonly string[] | undefined;
  /** AWS's text (Markdown) on an attribute, named as in `Fn::GetAtt`. */
  attributeDocumentation(type: string, attribute: string): string | undefined;
}

/** Gives the parsed content of a JSON file. */
export type ReadJson = (path: string) => unknown;

interface Index {
  readonly services: readonly {
    readonly namespace: string;
    readonly file: string;
    readonly types: readonly string[];
  }[];
}

type Texts = Readonly<Record<string, string>>;

interface ResourceTexts {
  readonly text: string;
  readonly properties: Texts;
  readonly attributes: Texts;
  readonly definitions: Readonly<Record<string, { readonly text: string; readonly properties: Texts }>>;
}

/**
 * Opens the compiled specification. Reads nothing yet.
 *
 * @param folder where the data are; by default beside this package's code. A program that was bundled into one file
 *   brings its own copy of the folder and says where.
 * @param read how a file is read
 */
export function openSpecification(folder: string = dataFolder(), read: ReadJson = readJson): Specification {
  const load = memoize((file: string) => read(join(folder, file)));
  let files: ReadonlyMap<string, string> | undefined;

  function fileOfType(): ReadonlyMap<string, string> {
    files ??= filesByType(load("index.json") as Index);
    return files;
  }

  // File names come from the index alone, never from what a user wrote.
  function entryOf<Entry>(type: string, suffix: ".json" | ".docs.json"): Entry | undefined {
    const file = fileOfType().get(type);
    return file === undefined ? undefined : (load(file + suffix) as Record<string, Entry>)[type];
  }
  const factsOf = memoize((type: string) => {
    const facts = entryOf<ResourceFacts>(type, ".json");
    return facts && withoutPrototypes(facts);
  });
  const actionTexts = () => load("actions.json") as Readonly<Record<string, string>>;
  const actions = memoize((service: string) =>
    Object.hasOwn(actionTexts(), service) ? actionTexts()[service]?.split(" ") : undefined,
  );
  const textsOf = (type: string) => entryOf<ResourceTexts>(type, ".docs.json");

  function propertyAt(type: string, pointer: string): PropertyFacts | undefined {
    const facts = factsOf(type);
    return facts && locate(facts, pointer)?.facts;
  }

  function propertiesAt(type: string, pointer: string): Properties | undefined {
    const facts = factsOf(type);
    if (!facts || pointer === "") return facts?.properties;
    const found = locate(facts, pointer);
    return found && propertiesOf(facts, found.facts.type);
  }

  function documentation(type: string, pointer = ""): string | undefined {
    const facts = factsOf(type);
    if (!facts) return undefined;
    if (pointer === "") return textsOf(type)?.text || undefined;
    const found = locate(facts, pointer);
    if (!found) return undefined;
    const texts = textsOf(type);
    const holder = found.definition === undefined ? texts : texts?.definitions[found.definition];
    const ofProperty = holder?.properties[found.property];
    const ofType =
      found.facts.type.kind === "object" ? texts?.definitions[found.facts.type.definition]?.text : undefined;
    // An element has no text of its own: what AWS says of its type comes first, then what it says of the list.
    return (found.named ? ofProperty || ofType : ofType || ofProperty) || undefined;
  }

  function attributeDocumentation(type: string, attribute: string): string | undefined {
    const facts = factsOf(type);
    return facts?.attributes[attribute] && textsOf(type)?.attributes[attribute];
  }

  return {
    has: (type) => fileOfType().has(type),
    types: () => [...fileOfType().keys()],
    nearestType: (name) => nearestType(name, fileOfType().keys()),
    resource: factsOf,
    propertyAt,
    propertiesAt,
    documentation,
    attributeDocumentation,
    actionServices: () => Object.keys(actionTexts()),
    actions,
  };
}

function dataFolder(): string {
  // The same from src/ and from dist/.
  return fileURLToPath(new URL("../data", import.meta.url));
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    throw new Error(`${path} is missing: the "prepare" script of @reconcile/spec writes it`, { cause: error });
  }
}

function filesByType(index: Index): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { namespace, file, types } of index.services) {
    for (const type of types) files.set(`${namespace}::${type}`, file);
  }
  return files;
}

function memoize<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, { readonly value: Value }>();
  return (key) => {
    const entry = known.get(key) ?? { value: compute(key) };
    known.set(key, entry);
    return entry.value;
  };
}

/** So that `properties["constructor"]`, asked for a name in somebody's template, is undefined. */
function withoutPrototypes(facts: ResourceFacts): ResourceFacts {
  const definitions = Object.values(facts.definitions);
  const records = [
    facts.properties,
    facts.attributes,
    facts.definitions,
    ...definitions.map((each) => each.properties),
  ];
  for (const record of records) Object.setPrototypeOf(record, null);
  return facts;
}
