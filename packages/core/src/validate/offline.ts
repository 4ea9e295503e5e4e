import { inputKey } from "../stack/input-key.ts";
import type { Stack } from "../stack/model.ts";
import type { Environment, Known } from "../template/model.ts";
import { Unknown, type Value } from "../value.ts";

/** What evaluation may look up while nothing is contacted: attributes and outside values are unknown, and so is the account where the stack does not give it. */
export function offlineEnvironment(
  stack: Stack,
  parameters: ReadonlyMap<string, Known>,
  inputs: ReadonlyMap<string, Known>,
  variables: Readonly<Record<string, string | undefined>>,
): Environment {
  const region = stack.region ?? variables.AWS_REGION ?? variables.AWS_DEFAULT_REGION;
  const partition = region === undefined ? undefined : partitionOf(region);
  const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return {
    parameters,
    pseudo: {
      "AWS::AccountId": stack.account ?? unread("AWS::AccountId"),
      "AWS::Region": region ?? unread("AWS::Region"),
      "AWS::Partition": partition ?? unread("AWS::Partition"),
      "AWS::URLSuffix": partition === undefined ? unread("AWS::URLSuffix") : suffix,
      "AWS::StackName": stack.name,
      "AWS::StackId": unread("AWS::StackId"),
      "AWS::NotificationARNs": [],
    },
    attribute: (logicalId, attribute) => ({
      value: unread(attribute === undefined ? logicalId : `${logicalId}.${attribute}`),
    }),
    input: (request) => inputs.get(inputKey(request)) ?? { value: unread(inputKey(request)) },
  };
}

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

function unread(source: string): Value {
  return new Unknown([source], "unread");
}
