import { shortForms } from "../template/functions/index.ts";
import { projectSchema, stackSchema } from "./stack-schema.ts";
import { type TemplateSchemaOptions, templateSchema } from "./template-schema.ts";
import type { JsonSchema, SchemaParts } from "./type-schema.ts";

/** any: whichever of the three a file is, by its keys. */
export type SchemaKind = "any" | "stack" | "project" | "template";

/** A JSON Schema (draft 7) for the files of a desired state, as the language servers for YAML read it: completion, hover, and what is certainly wrong. */
export function editorSchema(kind: SchemaKind, options: TemplateSchemaOptions): JsonSchema {
  const { schema, definitions } = partsOf(kind, options);
  return { $schema: "http://json-schema.org/draft-07/schema#", ...schema, definitions };
}

function partsOf(kind: SchemaKind, options: TemplateSchemaOptions): SchemaParts {
  if (kind === "stack") return stackSchema();
  if (kind === "project") return projectSchema();
  if (kind === "template") return templateSchema(options);
  const [stack, project, template] = [stackSchema(), projectSchema(), templateSchema(options)];
  // Nothing tells yet what it is: whoever begins a file is offered everything.
  const begun = {
    type: "object",
    properties: { ...project.schema.properties, ...template.schema.properties, ...stack.schema.properties },
    additionalProperties: false,
  };
  const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
  return {
    schema: whenItHas(
      ["Resources"],
      ref("template"),
      whenItHas(["template-file-path"], ref("stack"), whenItHas(["project", "defaults"], ref("project"), begun)),
    ),
    definitions: {
      ...stack.definitions,
      ...template.definitions,
      stack: stack.schema,
      project: project.schema,
      template: template.schema,
    },
  };
}

function whenItHas(keys: readonly string[], schema: JsonSchema, otherwise: JsonSchema): JsonSchema {
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
  return { if: { anyOf: keys.map((key) => ({ required: [key] })) }, then: schema, else: otherwise };
}

/** What the settings of an editor with the YAML language server have to say, for a schema in a file: where it holds, and which tags there are. */
export function editorSettings(schemaFile: string, globs: readonly string[]): Record<string, unknown> {
  const kinds = ["scalar", "sequence", "mapping"];
  return {
    "yaml.schemas": { [schemaFile]: globs },
    "yaml.customTags": shortForms.flatMap((name) => kinds.map((kind) => `!${name} ${kind}`)),
  };
}
