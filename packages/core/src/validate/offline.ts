import type { Diagnostic } from "../diagnostic.ts";
import { partitionOf, urlSuffixOf } from "../partition.ts";
import { inputKey } from "../stack/input-key.ts";
import type { Stack } from "../stack/model.ts";
import type { Environment, Known, Template } from "../template/model.ts";
import { sourceOf, Unknown, type Value } from "../value.ts";
import { identityOf } from "./words.ts";

/** What evaluation may look up while nothing is contacted: attributes and outside values are unknown, and so is the account where the stack does not give it. */
export function offlineEnvironment(
  stack: Stack,
  parameters: ReadonlyMap<string, Known>,
  inputs: ReadonlyMap<string, Known>,
  variables: Readonly<Record<string, string | undefined>>,
): Environment {
  const region = stack.region ?? variables.AWS_REGION ?? variables.AWS_DEFAULT_REGION;
  const partition = region === undefined ? undefined : partitionOf(region);
  return {
    parameters,
    pseudo: {
      "AWS::AccountId": stack.account ?? unread("AWS::AccountId"),
      "AWS::Region": region ?? unread("AWS::Region"),
      "AWS::Partition": partition ?? unread("AWS::Partition"),
      "AWS::URLSuffix": partition === undefined ? unread("AWS::URLSuffix") : urlSuffixOf(partition),
      "AWS::StackName": stack.name,
      "AWS::StackId": unread("AWS::StackId"),
      "AWS::NotificationARNs": [],
    },
    attribute: (logicalId, attribute) => ({ value: unread(sourceOf(logicalId, attribute)) }),
    input: (request) => inputs.get(inputKey(request)) ?? { value: unread(inputKey(request)) },
  };
}

/** An environment in which any value may be given for the parameters, and the stack may have any name and live anywhere. */
export function openEnvironment(template: Template, environment: Environment): Environment {
  const entries = [...template.parameters.values()].map(({ name, noEcho }): [string, Known] => [
    name,
    { value: unread(name), ...(noEcho && { sensitive: true }) },
  ]);
  const open = ["AWS::StackName", "AWS::Region", "AWS::Partition", "AWS::URLSuffix"];
  const pseudo = { ...environment.pseudo, ...Object.fromEntries(open.map((name) => [name, unread(name)])) };
  return { ...environment, parameters: new Map(entries), pseudo };
}

/** An error that only the Defaults of a template's parameters cause is a warning: they may be there to be replaced. `certain` is what is wrong whatever they are. */
export function lessSure(diagnostics: readonly Diagnostic[], certain: readonly Diagnostic[]): Diagnostic[] {
  const keys = new Set(certain.map(identityOf));
  return diagnostics.map((diagnostic) => {
    if (diagnostic.severity !== "error" || keys.has(identityOf(diagnostic))) return diagnostic;
    const message = `${diagnostic.message} That is so with the Defaults of the parameters.`;
    return { ...diagnostic, severity: "warning", message };
  });
}

function unread(source: string): Value {
  return new Unknown([source], "unread");
}
