import { expect } from "vitest";
import type { Diagnostic, Place } from "../diagnostic.ts";
import { inputKey } from "../stack/input-key.ts";
import { Unknown, type Value } from "../value.ts";
import { evaluateResource } from "./evaluate.ts";
import type { Environment, Evaluated, Known, Template } from "./model.ts";
import { parseTemplate } from "./parse.ts";

/** For the tests of this folder: a template around one expression, and diagnostics in a form that reads well in a table. */

/** The template, which must be free of problems: a test that expects some asks `parseTemplate` itself. */
export function templateOf(text: string): Template {
  const { value, diagnostics } = parseTemplate({ path: "template.yaml", text });
  expect(described(diagnostics, text)).toEqual([]);
  return value as Template;
}

export const unread = (source: string) => new Unknown([source], "unread");

export interface World {
  parameters?: Record<string, Known | Value>;
  attributes?: Record<string, Known>;
  inputs?: Record<string, Known>;
}

/** Attributes and inputs that the world does not name are unread. */
export function environmentOf(world: World = {}): Environment {
  const parameters = Object.entries(world.parameters ?? {}).map(([name, value]): [string, Known] => [
    name,
    isKnown(value) ? value : { value },
  ]);
  return {
    parameters: new Map(parameters),
    pseudo: {
      "AWS::AccountId": unread("AWS::AccountId"),
      "AWS::Region": "us-east-1",
      "AWS::Partition": "aws",
      "AWS::URLSuffix": "amazonaws.com",
      "AWS::StackName": "agent",
      "AWS::StackId": "arn:stack",
      "AWS::NotificationARNs": [],
    },
    attribute: (logicalId, attribute) => {
      const name = attribute === undefined ? logicalId : `${logicalId}.${attribute}`;
      return world.attributes?.[name] ?? { value: unread(name) };
    },
    input: (request) => {
      const name = inputKey(request);
      return world.inputs?.[name] ?? { value: unread(name) };
    },
  };
}

function isKnown(value: Known | Value): value is Known {
  return typeof value === "object" && value !== null && "value" in value;
}

const around = `
Parameters:
  Name: { Type: String }
  Names: { Type: CommaDelimitedList }
  Secret: { Type: String, NoEcho: true }
  Secrets: { Type: CommaDelimitedList, NoEcho: true }
  Late: { Type: String }
Mappings:
  Regions:
    us-east-1: { Image: ami-1, Zones: [a, b], Code: 0123 }
    eu-west-1: { Image: ami-2 }
  Many:
    a: { b1: 1, b2: 2, b3: 3, b4: 4, b5: 5, b6: 6, b7: 7, b8: 8, b9: 9 }
Conditions:
  Yes: !Equals [a, a]
  No: !Equals [a, b]
  Maybe: !Equals [a, !Ref Late]
Resources:
  Bucket: { Type: "AWS::S3::Bucket" }
  Gone: { Type: "AWS::S3::Bucket", Condition: No }
  Perhaps: { Type: "AWS::S3::Bucket", Condition: Maybe }
  Subject:
    Type: AWS::Test::Subject
    Properties:
      P: `;

const world: World = {
  parameters: {
    Name: "app",
    Names: ["a", "b", "c"],
    Secret: { value: "s3cret", sensitive: true },
    Secrets: { value: ["x", "y"], sensitive: true },
    Late: unread("Late"),
  },
};

export interface Outcome {
  /** Of the property; undefined where it was removed. */
  value: Value | undefined;
  evaluated: Evaluated;
  /** See `described`. */
  problems: string[];
}

/** Evaluates an expression as a property in a template with some of everything: parameters Name, Names, Secret, Secrets, Late; conditions Yes, No, Maybe; a mapping; resources. */
export function evaluateProperty(expression: string, also: World = {}): Outcome {
  const text = around + expression.replaceAll("\n", "\n      ");
  const template = templateOf(text);
  const environment = environmentOf({ ...world, ...also, parameters: { ...world.parameters, ...also.parameters } });
  const evaluated = evaluateResource(template, "Subject", environment);
  return { value: evaluated.properties.P, evaluated, problems: described(evaluated.diagnostics, text) };
}

/** `code «the text that is underlined»`, each. */
export function described(diagnostics: readonly Diagnostic[], text: string): string[] {
  return diagnostics.map((diagnostic) => `${diagnostic.code} «${underlined(diagnostic.place, text)}»`);
}

export function underlined(place: Place | undefined, text: string): string {
  const { line, column, end } = place as Place;
  return String(text.split(/\r?\n/)[line - 1]).slice(column - 1, end && end.column - 1);
}
