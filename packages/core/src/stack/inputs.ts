import { evaluateConditions, evaluateOutput, evaluateResource } from "../template/evaluate.ts";
import type { Environment, InputRequest, Known } from "../template/model.ts";
import { evaluateRules } from "../template/rules.ts";
import { sourceOf, Unknown, unknownsIn } from "../value.ts";
import { inputKey } from "./input-key.ts";
import { readLate } from "./late.ts";
import type { Stack } from "./model.ts";
import { resolveParameters } from "./parameters.ts";

/**
 * Every outside value that a stack asks for: those of its parameters, and the dynamic references of its template, also where functions put them together; each once.
 * What is known already helps, pseudo parameters and `inputs` by `inputKey`: without the value of a parameter, a reference whose name holds it cannot be found.
 * Ask again when more is known; what is given is never asked for again. `usedOnly`: a parameter that nothing uses is not asked for.
 */
export function inputsOf(
  stack: Stack,
  pseudo: Partial<Environment["pseudo"]> = {},
  inputs: ReadonlyMap<string, Known> = new Map(),
  usedOnly = false,
): InputRequest[] {
  const { parameters, requests: ofParameters } = resolveParameters(stack, inputs);
  const requests = new Map(ofParameters.map((request): [string, InputRequest] => [inputKey(request), request]));
  const environment: Environment = {
    parameters,
    pseudo: { ...unknownPseudo(stack), ...pseudo },
    attribute: (logicalId, attribute) => ({ value: unreadAttribute(logicalId, attribute) }),
    input: (request) => {
      const key = inputKey(request);
      if (!requests.has(key)) requests.set(key, request);
      return inputs.get(key) ?? { value: new Unknown([key], "unread") };
    },
  };
  const { template } = readLate(stack, environment).stack;
  const active = evaluateConditions(template, environment);
  const values: unknown[] = [...active.undecided.values(), new Unknown(template.late?.sources ?? [], "unread")];
  for (const logicalId of active.resources) values.push(evaluateResource(template, logicalId, environment).properties);
  for (const name of active.outputs) values.push(evaluateOutput(template, name, environment).known.value);
  // For what its rules look up.
  if (!usedOnly) evaluateRules(template, environment);
  const used = new Set(usedOnly ? unknownsIn(values).flatMap((unknown) => unknown.sources) : requests.keys());
  return [...requests].filter(([key]) => !inputs.has(key) && used.has(key)).map(([, request]) => request);
}

/** What evaluation may look up when nothing but the stack's own files is read. */
export function environmentOfFiles(stack: Stack): Environment {
  return {
    parameters: resolveParameters(stack, new Map()).parameters,
    pseudo: unknownPseudo(stack),
    attribute: (logicalId, attribute) => ({ value: unreadAttribute(logicalId, attribute) }),
    input: (request) => ({ value: new Unknown([inputKey(request)], "unread") }),
  };
}

function unreadAttribute(logicalId: string, attribute: string | undefined): Unknown {
  return new Unknown([sourceOf(logicalId, attribute)], "unread");
}

function unknownPseudo(stack: Stack): Environment["pseudo"] {
  const unknown = (name: string): Known["value"] => new Unknown([name], "unread");
  return {
    "AWS::AccountId": stack.account ?? unknown("AWS::AccountId"),
    "AWS::Region": stack.region ?? unknown("AWS::Region"),
    "AWS::Partition": unknown("AWS::Partition"),
    "AWS::URLSuffix": unknown("AWS::URLSuffix"),
    "AWS::StackName": stack.name,
    "AWS::StackId": unknown("AWS::StackId"),
    "AWS::NotificationARNs": [],
  };
}
