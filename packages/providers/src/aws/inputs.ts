import type { Parameter } from "@aws-sdk/client-ssm";
import { type Diagnostic, DiagnosticError, type InputRequest, type Known } from "@reconcile/core";
import { loader } from "./batch.ts";
import type { Aws } from "./context.ts";
import { hasCode, ifFound } from "./errors.ts";
import { existingOf } from "./existing.ts";
import { pages } from "./pages.ts";
import { zonesOf } from "./zones.ts";

/** An outside value that a stack reads from AWS. Rejects with a DiagnosticError, at the place that asks, when there is none. */
export async function lookUpInput(aws: Aws, request: InputRequest): Promise<Known> {
  switch (request.kind) {
    case "ssm":
    case "ssm-secure":
      return parameterValue(aws, request);
    case "secretsmanager":
      return secretValue(aws, request);
    case "prefix-list":
      return prefixListId(aws, request);
    case "export":
      return exportedValue(aws, request);
    case "stack-output":
      return outputValue(aws, request);
    case "zones":
      return { value: await zonesOf(aws, request.name) };
    case "existing":
      return { value: await existingOf(aws, request.name), verbatim: true };
    case "env":
      throw new Error("The environment is not AWS's to read.");
  }
}

async function parameterValue(aws: Aws, request: InputRequest): Promise<Known> {
  const { kind, name, version } = request;
  const secure = kind === "ssm-secure";
  const asked = version === undefined ? name : `${name}:${version}`;
  const read = loader(aws, `input ${kind}:GetParameters`, (names) => readParameters(aws, names, secure), 10);
  const parameter = await read(asked);
  if (!parameter) {
    throw refused(
      request,
      "input.ssm-missing",
      `There is no SSM parameter "${asked}" in ${aws.region}.`,
      "Create it, or correct its name.",
    );
  }
  if (!secure && parameter.Type === "SecureString") {
    const message = `The SSM parameter "${name}" is a SecureString, which {{resolve:ssm:…}} does not read, as in CloudFormation.`;
    throw refused(
      request,
      "input.ssm-secure",
      message,
      `Write {{resolve:ssm-secure:${asked}}}, or { ssm-secure: ${name} }.`,
    );
  }
  return { value: parameter.Value ?? "", verbatim: true };
}

/** By name and by ARN, each with its version; without one it is the latest, which is the highest of the answer. */
async function readParameters(
  aws: Aws,
  names: readonly string[],
  secure: boolean,
): Promise<ReadonlyMap<string, Parameter>> {
  const { Parameters = [] } = await aws.ssm.getParameters({
    Names: [...names],
    ...(secure && { WithDecryption: true }),
  });
  const found = new Map<string, Parameter>();
  for (const parameter of Parameters.sort((a, b) => (a.Version ?? 0) - (b.Version ?? 0))) {
    for (const name of [parameter.Name, parameter.ARN]) {
      if (name) found.set(name, parameter).set(`${name}:${parameter.Version}`, parameter);
    }
  }
  return found;
}

async function secretValue(aws: Aws, request: InputRequest): Promise<Known> {
  const { name, secret: { jsonKey, versionStage, versionId } = {} } = request;
  // Several keys of one secret take one call.
  const text = await aws.memo(JSON.stringify(["secretsmanager:GetSecretValue", name, versionStage, versionId]), () =>
    readSecret(aws, request),
  );
  const value = jsonKey === undefined ? text : valueOfKey(text, jsonKey);
  if (value !== undefined) return { value, verbatim: true, sensitive: true };
  const message = `The secret "${name}" has no key "${jsonKey}".`;
  throw refused(request, "input.secret-key", message, "Correct the key, or leave it out for all of the secret.");
}

/** The text of a secret. */
async function readSecret(aws: Aws, request: InputRequest): Promise<string> {
  const { name, secret: { versionStage, versionId } = {} } = request;
  try {
    const { SecretString } = await aws.secretsmanager.getSecretValue({
      SecretId: name,
      ...(versionStage && { VersionStage: versionStage }),
      ...(versionId && { VersionId: versionId }),
    });
    if (SecretString !== undefined) return SecretString;
  } catch (error) {
    const deleted = hasCode(error, "InvalidRequest");
    if (!deleted && !hasCode(error, "ResourceNotFound")) throw error;
    const message = deleted
      ? `The secret "${name}" cannot be read as it is now: it may be marked for deletion.`
      : `There is no secret "${name}" in ${aws.region}, or not in the version that is asked for.`;
    throw refused(request, "input.secret-missing", message, "Create or restore it, or correct its name.");
  }
  const message = `The secret "${name}" is binary, and only texts can be referred to, as in CloudFormation.`;
  throw refused(request, "input.secret-binary", message, "Store it as a text.");
}

/** A value of the JSON object that a secret is; undefined: it is none, or has no such key. */
function valueOfKey(text: string, key: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof parsed !== "object" || parsed === null || !Object.hasOwn(parsed, key)) return undefined;
  const value = (parsed as Record<string, unknown>)[key];
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function prefixListId(aws: Aws, request: InputRequest): Promise<Known> {
  const { name } = request;
  const read = loader(aws, "input ec2:DescribeManagedPrefixLists", (names) => readPrefixLists(aws, names), 100);
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

/** CloudFormation's exports, of stacks that are not ours. All of them take one listing. */
async function exportedValue(aws: Aws, request: InputRequest): Promise<Known> {
  const exports = await aws.memo("cloudformation:ListExports", async () => {
    const found = new Map<string, string>();
    const list = pages(
      (NextToken) => aws.cloudformation.listExports({ NextToken }),
      (page) => page.NextToken,
    );
    for await (const { Exports = [] } of list) for (const { Name = "", Value = "" } of Exports) found.set(Name, Value);
    return found;
  });
  const value = exports.get(request.name);
  if (value !== undefined) return { value, verbatim: true };
  const message = `No stack of CloudFormation's exports "${request.name}" in ${aws.region}.`;
  throw refused(request, "import.undefined", message, "Correct the name.");
}

async function outputValue(aws: Aws, request: InputRequest): Promise<Known> {
  const { name, stack: { name: stackName = "", region = aws.region, roleArn } = {} } = request;
  if (roleArn !== undefined) {
    const message = `The stack "${stackName}" is none of the project's, and roles are not taken to look elsewhere.`;
    throw refused(
      request,
      "import.role-arn",
      message,
      "Make it a stack of the project, or pass the value as a parameter.",
    );
  }
  const outputs = await aws.memo(JSON.stringify(["cloudformation:DescribeStacks", region, stackName]), async () => {
    const described = aws.at(region).cloudformation.describeStacks({ StackName: stackName });
    // CloudFormation calls a stack that is not there a mistake in the request.
    const { Stacks = [] } = (await ifFound(described, "ValidationError")) ?? {};
    return new Map(Stacks[0]?.Outputs?.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
  });
  const value = outputs.get(name);
  if (value !== undefined) return { value, verbatim: true };
  const message = `No stack "${stackName}" of CloudFormation's has an output "${name}" in ${region}.`;
  throw refused(request, "import.undefined", message, "Correct the names.");
}

function refused(request: InputRequest, code: string, message: string, remedy: string): DiagnosticError {
  const diagnostic: Diagnostic = { code, severity: "error", message, remedy, place: request.place };
  return new DiagnosticError(diagnostic);
}
