// For the tests of this folder only.
import type { z } from "zod";
import type { Diagnostic } from "../diagnostic.ts";
import { defineResource } from "../resource/define.ts";
import type { Cloud, ResourceFacts, ResourceType } from "../resource/model.ts";
import { type FileTree, type LoadedStacks, loadStacks } from "../stack/index.ts";
import { evaluateResource, parseTemplate, type Template } from "../template/index.ts";
import type { Environment, Evaluated } from "../template/model.ts";
import { sourceOf, Unknown } from "../value.ts";

/** A resource type without a cloud: the facts are what is tested. */
export function typeOf<S extends z.ZodObject>(
  facts: Partial<ResourceFacts<S, Cloud>> & { properties: S },
): ResourceType {
  const unused = () => {
    throw new Error("no handler is called here");
  };
  return defineResource<S>({
    type: "Test::Thing",
    identifier: "Id",
    absence: "read-by-name",
    scope: "region",
    actions: { read: [], write: [] },
    ...facts,
  }).implement({ list: unused, read: unused, create: unused, update: unused, delete: unused });
}

export function templateOf(text: string): Template {
  const { value, diagnostics } = parseTemplate({ path: "template.yaml", text });
  if (!value || diagnostics.length > 0) throw new Error(diagnostics.map((each) => each.message).join("\n"));
  return value;
}

/** Nothing has been looked up: attributes and inputs are unknown; the parameter `Secret` is sensitive. */
export const unread: Environment = {
  parameters: new Map([["Secret", { value: "hunter2", sensitive: true }]]),
  pseudo: {
    "AWS::AccountId": "123456789012",
    "AWS::Region": "us-east-1",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "test",
    "AWS::StackId": "test",
    "AWS::NotificationARNs": [],
  },
  attribute: (logicalId, attribute) => ({
    value: new Unknown([sourceOf(logicalId, attribute)], "unread"),
  }),
  input: ({ kind, name }) => ({ value: new Unknown([`${kind}:${name}`], "unread") }),
};

/** Evaluates `Properties`, which begin at line 7, indented by 6. `Other` is there to be referred to. */
export function evaluate(properties: string): Evaluated {
  const indented = properties
    .trim()
    .split("\n")
    .map((line) => `      ${line}`);
  const text = [
    "Parameters: { Secret: { Type: String, NoEcho: true } }",
    "Resources:",
    "  Other: { Type: Test::Other }",
    "  Thing:",
    "    Type: Test::Thing",
    "    Properties:",
    ...indented,
  ].join("\n");
  return evaluateResource(templateOf(text), "Thing", unread);
}

/** Stacks from files by path; a run over all of them. */
export async function load(files: Record<string, string>): Promise<LoadedStacks> {
  const tree: FileTree = {
    label: "the test",
    read: async (path) => (files[path] === undefined ? undefined : { path, text: files[path] }),
    list: async (folder) =>
      folder === "desired-state" ? Object.keys(files).map((path) => path.split("/").pop() ?? "") : undefined,
    folders: async () => [],
  };
  return loadStacks({ tree, paths: ["desired-state"] });
}

/** `code line:column message`, in the order given. */
export function lines(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code, place, message }) => `${code} ${place?.line}:${place?.column} ${message}`);
}
