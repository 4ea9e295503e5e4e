import type { Parameter } from "@aws-sdk/client-ssm";
import { type Diagnostic, DiagnosticError, type InputRequest, type Known } from "@reconcile/core";
import { loader } from "./batch.ts";
import type { Aws } from "./context.ts";
import { pages } from "./pages.ts";

/** An outside value that a stack reads from AWS. Rejects with a DiagnosticError, at the place that asks, when there is none. */
export async function lookUpInput(aws: Aws, request: InputRequest): Promise<Known> {
  switch (request.kind) {
    case "ssm":
      return parameterValue(aws, request);
    case "prefix-list":
      return prefixListId(aws, request);
    case "env":
      throw new Error("The environment is not AWS's to read.");
  }
}

async function parameterValue(aws: Aws, request: InputRequest): Promise<Known> {
  const { name, version } = request;
  const asked = version === undefined ? name : `${name}:${version}`;
  const read = loader(aws, "ssm:GetParameters", (names) => readParameters(aws, names), 10);
  const parameter = await read(asked);
  if (!parameter) {
    throw refused(
      request,
      "input.ssm-missing",
      `There is no SSM parameter "${asked}" in ${aws.region}.`,
      "Create it, or correct its name.",
    );
  }
  if (parameter.Type === "SecureString") {
    const message = `The SSM parameter "${name}" is a SecureString, which {{resolve:ssm:…}} does not read, as in CloudFormation.`;
    throw refused(request, "input.ssm-secure", message, "Make it a String if it is no secret.");
  }
  return { value: parameter.Value ?? "", verbatim: true };
}

/** By name and by ARN, each with its version; without one it is the latest, which is the highest of the answer. */
async function readParameters(aws: Aws, names: readonly string[]): Promise<ReadonlyMap<string, Parameter>> {
  const { Parameters = [] } = await aws.ssm.getParameters({ Names: [...names] });
  const found = new Map<string, Parameter>();
  for (const parameter of Parameters.sort((a, b) => (a.Version ?? 0) - (b.Version ?? 0))) {
    for (const name of [parameter.Name, parameter.ARN]) {
      if (name) found.set(name, parameter).set(`${name}:${parameter.Version}`, parameter);
    }
  }
  return found;
}

async function prefixListId(aws: Aws, request: InputRequest): Promise<Known> {
  const { name } = request;
  const read = loader(aws, "ec2:DescribeManagedPrefixLists", (names) => readPrefixLists(aws, names), 100);
  const ids = (await read(name)) ?? [];
  const [id] = ids;
  if (id === undefined) {
    throw refused(
      request,
      "input.prefix-list-missing",
      `There is no prefix list "${name}" in ${aws.region}.`,
      "Correct its name; `aws ec2 describe-managed-prefix-lists` shows them.",
    );
  }
  if (ids.length > 1) {
    throw refused(
      request,
      "input.prefix-list-ambiguous",
      `There are ${ids.length} prefix lists "${name}" in ${aws.region}: ${ids.join(", ")}.`,
      "Pass the id of the one that is meant as the parameter's value.",
    );
  }
  return { value: id };
}

async function readPrefixLists(aws: Aws, names: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const found = new Map<string, string[]>();
  const list = pages(
    (NextToken) =>
      aws.ec2.describeManagedPrefixLists({
        Filters: [{ Name: "prefix-list-name", Values: [...names] }],
        MaxResults: 100,
        NextToken,
      }),
    (page) => page.NextToken,
  );
  for await (const { PrefixLists = [] } of list) {
    for (const { PrefixListName = "", PrefixListId } of PrefixLists) {
      if (PrefixListId) found.set(PrefixListName, [...(found.get(PrefixListName) ?? []), PrefixListId]);
    }
  }
  return found;
}

function refused(request: InputRequest, code: string, message: string, remedy: string): DiagnosticError {
  const diagnostic: Diagnostic = { code, severity: "error", message, remedy, place: request.place };
  return new DiagnosticError(diagnostic);
}
