import { z } from "zod";
import { guardKeys } from "../stack/guards.ts";
import { accountForm, regionForm, roleForm, stackNameRule } from "../stack/names.ts";
import { sources } from "../stack/parameter-source.ts";
import { keys as stackKeys } from "../stack/parse.ts";
import { checkSeverities, defaultsKeys, keys as projectKeys, quotaKeys } from "../stack/project.ts";
import { reviews, settableIds } from "../validate/review/index.ts";
import { checkType } from "../verify/settings.ts";
import { functionDefinitions, known } from "./template-schema.ts";
import { type JsonSchema, type SchemaParts, withFunctions } from "./type-schema.ts";

const text: JsonSchema = { type: ["string", "number", "boolean"] };
const name: JsonSchema = {
  type: "string",
  pattern: "^(?!aws|ssm)[A-Za-z][A-Za-z0-9-]{0,63}$",
  patternErrorMessage: stackNameRule,
};
const region: JsonSchema = {
  type: "string",
  pattern: regionForm.source,
  patternErrorMessage: "Write a region's code, for instance us-east-1.",
};
/** Twelve digits; without quotes a YAML reader takes them for a number. */
const account: JsonSchema = { anyOf: [{ type: "string", pattern: accountForm.source }, { type: "integer" }] };
const tags: JsonSchema = { type: "object", additionalProperties: { type: ["string", "number", "boolean", "null"] } };

const sourceSchemas: Readonly<Record<string, JsonSchema>> = {
  env: {
    description: "A variable of the run's environment: a secret, written nowhere.",
    type: "string",
    pattern: "^(?!AWS_|GITHUB_|ACTIONS_)[A-Za-z_][A-Za-z0-9_]*$",
    patternErrorMessage: "AWS_*, GITHUB_* and ACTIONS_* hold what belongs to the run itself.",
  },
  "prefix-list": { description: "The id of the prefix list with this name.", type: "string" },
  ssm: { description: "A parameter in Parameter Store.", type: "string" },
  "ssm-secure": { description: "A SecureString in Parameter Store: a secret.", type: "string" },
  secretsmanager: { description: "A secret in Secrets Manager, by name or ARN.", type: "string" },
  version: { description: "Which version of the parameter; default: the newest.", type: ["integer", "string"] },
  "json-key": { description: "The key of the secret's JSON whose value is meant.", type: "string" },
  "version-stage": { description: "Which version of the secret, by stage; default: AWSCURRENT.", type: "string" },
  "version-id": { description: "Which version of the secret, by id.", type: "string" },
};

function requestSchemas(): JsonSchema[] {
  return [...sources].map(([source, { also }]) => ({
    type: "object",
    properties: known([source, ...also], sourceSchemas),
    required: [source],
    additionalProperties: false,
  }));
}

const stackSchemas: Readonly<Record<string, JsonSchema>> = {
  "template-file-path": {
    description:
      "The template: from the repository's root as in CloudFormation's Git sync, else from this file's folder.",
    type: "string",
  },
  parameters: {
    description: "The values of the template's parameters.",
    type: "object",
    additionalProperties: { anyOf: [text, { type: "array", items: text }, ...requestSchemas()] },
  },
  tags: { description: "Tags of every resource of the stack that can have any.", ...tags },
  "stack-name": {
    description: 'Default: the path below desired-state, "/" as "-". It is part of the owner of every resource.',
    ...name,
  },
  region: { description: "Default: reconcile.yaml's, then that of the AWS environment.", ...region },
  account: { description: "The account that the stack lives in. A run against any other is refused.", ...account },
  "role-arn": {
    description: "A role that is assumed for this stack.",
    type: "string",
    pattern: roleForm.source,
    patternErrorMessage: "Write the role's ARN: arn:aws:iam::123456789012:role/name.",
  },
  "depends-on": {
    description: "Stacks that are made before this one.",
    anyOf: [name, { type: "array", items: name }],
  },
  checks: {
    description: "What tells whether it works, once it is there. Functions of the template may stand in it.",
    type: "array",
    items: { $ref: "#/definitions/check" },
  },
};

const projectSchemas: Readonly<Record<string, JsonSchema>> = {
  project: {
    description:
      "The owner of everything that is made from here: it stands in a tag on each resource, and resources of another project are not touched.",
    ...name,
  },
  defaults: {
    description: "What holds for every stack that does not say otherwise.",
    type: "object",
    properties: known(defaultsKeys, {
      region: { description: "Where the stacks live.", ...region },
      account: { description: "The account that they live in. A run against any other is refused.", ...account },
      tags: { description: "Tags of every resource.", ...tags },
    }),
    additionalProperties: false,
  },
  guards: {
    description: "What a run may not do without being told so by name.",
    type: "object",
    properties: known(guardKeys, {
      "max-delete-percent": {
        description:
          "A run that would delete more of a stack stops; the default is 30. One that would delete everything always does.",
        type: "integer",
        minimum: 0,
        maximum: 100,
      },
      "min-deletes": {
        description: "How many deletions it takes at least to stop a run for their share; the default is 3.",
        type: "integer",
        minimum: 1,
        maximum: 10_000,
      },
      "allow-data-loss-of": {
        description: "Types that may be deleted although they hold data: AWS::ECR::Repository",
        anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
      },
    }),
    additionalProperties: false,
  },
  quotas: {
    description: "AWS's quotas, where the account has others than AWS's defaults.",
    type: "object",
    properties: known(quotaKeys, {
      "rules-per-security-group": {
        description: "Rules of a security group, each direction by itself; AWS's default is 60.",
        type: "integer",
        minimum: 1,
        maximum: 1000,
      },
    }),
    additionalProperties: false,
  },
  checks: {
    description: "Which severity checks of templates have instead of their own.",
    type: "object",
    properties: Object.fromEntries(
      settableIds.map((id) => [id, { description: describedCheck(id), enum: [...checkSeverities] }]),
    ),
    additionalProperties: false,
  },
};

function describedCheck(id: string): string {
  const review = reviews.find((each) => each.id === id);
  return review ? `${review.title}. Its own severity: ${review.severity}.` : "A check of a resource type.";
}

export function stackSchema(): SchemaParts {
  return {
    schema: {
      description: "A stack file: which template, where, and with what",
      type: "object",
      properties: known(stackKeys, stackSchemas),
      required: ["template-file-path"],
      additionalProperties: false,
    },
    definitions: {
      ...functionDefinitions(),
      check: withFunctionsInside(
        z.toJSONSchema(checkType.properties, { io: "input", target: "draft-7", unrepresentable: "any" }),
      ),
    },
  };
}

/** Every property may be a function instead. */
function withFunctionsInside({ $schema: _, ...schema }: JsonSchema): JsonSchema {
  const below = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  if (below.length === 0) return schema;
  const properties = below.map(([key, each]) => [key, withFunctions(withFunctionsInside(each))]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

export function projectSchema(): SchemaParts {
  return {
    schema: {
      description: "reconcile.yaml: what holds for every stack below its folder",
      type: "object",
      properties: known(projectKeys, projectSchemas),
      additionalProperties: false,
    },
    definitions: {},
  };
}
