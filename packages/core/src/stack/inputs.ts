import { evaluateConditions, evaluateOutput, evaluateResource } from "../template/evaluate.ts";
import type { Environment, InputRequest, Known } from "../template/model.ts";
import { Unknown } from "../value.ts";
import { inputKey } from "./input-key.ts";
import type { Stack } from "./model.ts";
import { resolveParameters } from "./parameters.ts";

/**
 * Every outside value that a stack asks for: those of its parameters, and the dynamic references of its template, also where functions put them together.
 * `pseudo` helps where the name of one depends on the account or the region. Each value once.
 */
export function inputsOf(stack: Stack, pseudo: Partial<Environment["pseudo"]> = {}): InputRequest[] {
  const requests = new Map<string, InputRequest>();
  for (const value of stack.parameters.values()) {
    if (value.kind === "input") requests.set(inputKey(value.request), value.request);
  }
  const { template } = stack;
  let place = stack.place;
  const environment: Environment = {
    parameters: resolveParameters(stack, new Map()).parameters,
    pseudo: { ...unknownPseudo(stack), ...pseudo },
    attribute: (logicalId, attribute) => ({
      value: new Unknown([attribute ? `${logicalId}.${attribute}` : logicalId], "unread"),
    }),
    input: (request) => {
      const key = inputKey(request);
      if (!requests.has(key)) requests.set(key, { ...request, place });
      return { value: new Unknown([key], "unread") };
    },
  };
  const active = evaluateConditions(template, environment);
  for (const logicalId of active.resources) {
    place = template.resources.get(logicalId)?.place ?? stack.place;
    evaluateResource(template, logicalId, environment);
  }
  for (const name of active.outputs) {
    place = template.outputs.get(name)?.place ?? stack.place;
    evaluateOutput(template, name, environment);
  }
  return [...requests.values()];
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
