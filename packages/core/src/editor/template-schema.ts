import type { Registry } from "../resource/registry.ts";
import { functions, shortForms } from "../template/functions/index.ts";
import { outputKeys } from "../template/output-declaration.ts";
import { keys as parameterKeys, types as parameterTypes } from "../template/parameter-declaration.ts";
import { sections } from "../template/parse.ts";
import { metadataKeys } from "../template/reconcile-metadata.ts";
import { attributes, deletionPolicies, updateReplacePolicies } from "../template/resource-declaration.ts";
import { settableIds } from "../validate/review/index.ts";
import { plainText, tidy } from "./explain-words.ts";
import type { Subject } from "./property-facts.ts";
import type { DocumentedSpecification } from "./specification.ts";
import { type JsonSchema, loops, type SchemaParts, typeDefinitions, withFunctions } from "./type-schema.ts";

export interface TemplateSchemaOptions {
  /** The types whose properties are described; of all others only the name is known. */
  types: readonly string[];
  registry: Pick<Registry<never>, "get">;
  specification: DocumentedSpecification;
}

/** The schema of a CloudFormation template, and the definitions that it refers to. */
export function templateSchema(options: TemplateSchemaOptions): SchemaParts {
  const { registry, specification } = options;
  const subjects = options.types.map((type): Subject => ({ type, native: registry.get(type), specification }));
  return {
    schema: {
      description: "A CloudFormation template",
      type: "object",
      properties: known(sections, sectionSchemas),
      required: ["Resources"],
      additionalProperties: false,
    },
    definitions: {
      ...functionDefinitions(),
      condition: withFunctions({ type: "boolean" }),
      parameter: parameterSchema,
      output: outputSchema,
      resource: resourceSchema(subjects, specification),
      ...Object.assign({}, ...subjects.map(typeDefinitions)),
    },
  };
}

/** Schemas for the keys that a parser knows: what it knows is written there, what it means is written here. */
export function known(keys: Iterable<string>, schemas: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return Object.fromEntries([...keys].map((key) => [key, schemas[key] ?? {}]));
}

/** A section of things by which CloudFormation names others: letters and digits. */
function named(what: string, schema: JsonSchema): JsonSchema {
  return {
    description: what,
    type: "object",
    patternProperties: { "^[A-Za-z0-9]{1,255}$": schema, ...loops },
    additionalProperties: false,
  };
}

/** A section in which it takes any name. */
function namedAtWill(what: string, schema: JsonSchema): JsonSchema {
  return { description: what, type: "object", patternProperties: loops, additionalProperties: schema };
}

const text = { type: ["string", "number", "boolean"] } as const;

const sectionSchemas: Readonly<Record<string, JsonSchema>> = {
  AWSTemplateFormatVersion: { description: "The version of the format: there is one.", enum: ["2010-09-09"] },
  Description: { description: "What the template is for; at most 1,024 bytes.", type: "string" },
  Metadata: { description: "For other tools: nothing here is read.", type: "object" },
  Parameters: named("Values that a stack file gives", { $ref: "#/definitions/parameter" }),
  Mappings: namedAtWill("Constants, looked up by two keys with Fn::FindInMap", {
    type: "object",
    additionalProperties: { type: "object", additionalProperties: withFunctions({ type: ["array", ...text.type] }) },
  }),
  Conditions: namedAtWill("Named conditions, for resources, outputs and Fn::If", { $ref: "#/definitions/condition" }),
  Resources: named("What there is to be", { $ref: "#/definitions/resource" }),
  Outputs: named("What the stack tells others", { $ref: "#/definitions/output" }),
  Transform: { description: "AWS::LanguageExtensions. Macros are run by CloudFormation's service only." },
  Rules: namedAtWill("Assertions on parameters", { type: "object" }),
  Hooks: { description: "Run by CloudFormation's service only.", type: "object" },
};

const parameterSchemas: Readonly<Record<string, JsonSchema>> = {
  Type: { description: "What the value is.", enum: parameterTypes },
  Default: { description: "The value when the stack file gives none.", ...text },
  NoEcho: { description: "true: the value is never shown.", enum: [true, false, "true", "false"] },
  Description: { description: "What it is for.", type: "string" },
  AllowedValues: { description: "The values that it may have.", type: "array", items: text },
  AllowedPattern: { description: "A regular expression that the whole value matches.", type: "string" },
  ConstraintDescription: { description: "What is said of a value that is not allowed.", type: "string" },
  MinLength: { description: "The least number of characters.", type: ["integer", "string"] },
  MaxLength: { description: "The largest number of characters.", type: ["integer", "string"] },
  MinValue: { description: "The least number.", type: ["number", "string"] },
  MaxValue: { description: "The largest number.", type: ["number", "string"] },
};

const parameterSchema: JsonSchema = {
  description: "A parameter",
  type: "object",
  properties: known(parameterKeys, parameterSchemas),
  required: ["Type"],
  additionalProperties: false,
};

const outputSchemas: Readonly<Record<string, JsonSchema>> = {
  Description: { description: "What it is for.", type: "string" },
  Value: { description: "What the output gives.", ...withFunctions(text) },
  Condition: { description: "The condition under which it is there.", ...withFunctions({ type: "string" }) },
  Export: {
    description: "The name by which other stacks import it with Fn::ImportValue.",
    type: "object",
    properties: { Name: { description: "Unique in the account and region.", ...withFunctions(text) } },
    required: ["Name"],
    additionalProperties: false,
  },
};

const outputSchema: JsonSchema = {
  description: "An output",
  type: "object",
  properties: known(outputKeys, outputSchemas),
  required: ["Value"],
  additionalProperties: false,
};

const pointers: JsonSchema = {
  anyOf: [
    { type: "string", pattern: "^/" },
    { type: "array", items: { type: "string", pattern: "^/" } },
  ],
};

const metadataSchemas: Readonly<Record<string, JsonSchema>> = {
  adopt: {
    description: "true: take over what has this natural key, if there is one. An identifier: take over exactly that.",
    ...withFunctions({ type: ["boolean", "string"] }),
  },
  exclusive: {
    description: "JSON pointers to properties whose elements are removed when nobody declares them: /Policies",
    ...pointers,
  },
  existing: {
    description:
      "It must exist: under its natural key (true), or this identifier. It is read and referred to, and never changed.",
    ...withFunctions({ type: ["boolean", "string"] }),
  },
  expires: { description: "After this day (UTC) it counts as not declared: 2030-01-31", ...withFunctions(text) },
  ignore: {
    description: "JSON pointers to properties that are used at creation and left alone afterwards: /DesiredCount",
    ...pointers,
  },
  "ignore-checks": {
    description:
      "Checks that are silent about this resource, each with the reason. In YAML a comment does it for a line.",
    type: "object",
    properties: Object.fromEntries(
      settableIds.map((id) => [id, { description: "The reason.", type: "string", minLength: 1 }]),
    ),
    additionalProperties: false,
  },
  "moved-from": {
    description: "The stack that it was declared in before: network, or network/EarlierLogicalId.",
    ...withFunctions(text),
  },
  protect: {
    description: "true: never deleted or replaced; recorded on the resource itself.",
    ...withFunctions({ type: "boolean" }),
  },
  "renamed-from": { description: "The earlier logical id of the same resource.", ...withFunctions(text) },
};

const attributeSchemas: Readonly<Record<string, JsonSchema>> = {
  Properties: { description: "What it is to be like.", type: "object" },
  DependsOn: {
    description: "Resources that are made before it, where no reference says so.",
    ...withFunctions({ anyOf: [{ type: "string" }, { type: "array", items: withFunctions({ type: "string" }) }] }),
  },
  Condition: { description: "The condition under which it is there.", ...withFunctions({ type: "string" }) },
  DeletionPolicy: {
    description: "What becomes of it when it is no longer declared.",
    ...withFunctions({ enum: deletionPolicies }),
  },
  UpdateReplacePolicy: {
    description: "What becomes of the old one when a change replaces it.",
    ...withFunctions({ enum: updateReplacePolicies }),
  },
  Metadata: {
    description: "For other tools, but for Reconcile's own key.",
    type: "object",
    properties: {
      Reconcile: {
        description: "How Reconcile treats this resource. CloudFormation and its linters ignore it.",
        type: "object",
        properties: known(metadataKeys, metadataSchemas),
        additionalProperties: false,
      },
    },
  },
  Description: { description: "What it is for.", type: "string" },
  Version: { description: "Of a custom resource or an extension: which version of it is meant.", ...text },
  CreationPolicy: { description: "What its creation waits for.", type: "object" },
  UpdatePolicy: { description: "How it is updated.", type: "object" },
};

function resourceSchema(subjects: readonly Subject[], specification: DocumentedSpecification): JsonSchema {
  return {
    description: "A resource",
    type: "object",
    properties: known(attributes, { ...attributeSchemas, Type: typeSchema(specification.types()) }),
    required: ["Type"],
    additionalProperties: false,
    allOf: subjects.map((subject) => ofType(subject)),
  };
}

/** Not an `enum`: an editor would list all of them wherever it shows the key, and whenever a name is wrong. */
function typeSchema(types: readonly string[]): JsonSchema {
  const names = types.filter((type) => type.startsWith("AWS::")).map((type) => type.slice("AWS::".length));
  return {
    type: "string",
    // Custom resources, modules and private types have names of their own, and CDK notes something about itself.
    pattern: `^(?!AWS::(?!(?:${names.join("|")}|CDK::Metadata)$))`,
    patternErrorMessage: "AWS has no resource type of this name.",
    defaultSnippets: types.map((type) => ({ label: type, body: type })),
  };
}

function ofType({ type, specification }: Subject): JsonSchema {
  const documentation = specification.documentation(type) ?? "";
  const required = Object.values(specification.resource(type)?.properties ?? {}).some((each) => each.required);
  const [first = ""] = plainText(documentation).split("\n\n");
  return {
    // Not a `const`: while one types, a language server takes every name that begins alike for it.
    if: { properties: { Type: { pattern: `^${type}$` } }, required: ["Type"] },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
    then: {
      properties: {
        Type: { description: first, markdownDescription: tidy(documentation) },
        Properties: withFunctions({ $ref: `#/definitions/${type}` }),
      },
      ...(required && { required: ["Properties"] }),
    },
  };
}

/** What a value may also be. */
export function functionDefinitions(): JsonSchema {
  return { function: functionSchema(), "short-form": shortForm };
}

/** Long forms. What stands in a function is left to `reconcile validate`. */
function functionSchema(): JsonSchema {
  const described = [...functions.values()].map(({ name, form }) => [name, { description: `${form}.` }] as const);
  const others = shortForms
    .map((name) => [`Fn::${name}`, {}] as const)
    .filter(([name]) => !functions.has(name) && !functions.has(name.slice("Fn::".length)));
  return {
    description: "A function",
    type: "object",
    properties: Object.fromEntries([...described, ...others]),
    minProperties: 1,
    maxProperties: 1,
    additionalProperties: false,
  };
}

/**
 * What a language server sees of a short form: it does not look at the tag. `!Ref A` and `!GetAtt A.B` are a text, `!If [A, b, c]` and the others a list that begins with a
 * text or a number.
 */
const shortForm: JsonSchema = {
  anyOf: [{ type: "string" }, { type: "array", items: [{ type: ["string", "number"] }], minItems: 1 }],
};
