import { type CloudFormationOptions, checkCloudFormation, createRegistry, diskTree, loadStacks } from "@reconcile/core";
import { types } from "@reconcile/providers";
import { describe, expect, it } from "vitest";
import { specification } from "../specification.ts";
import { makeFolder, reconcile } from "../testing/cli.ts";

const options: Omit<CloudFormationOptions, "sources"> = {
  registry: createRegistry(types),
  specification: specification(),
};

/** What is listed of a template. */
async function listed(template: string): Promise<string[]> {
  const tree = diskTree(makeFolder({ "t.yaml": template }, { git: false }));
  const { stacks } = await loadStacks({ tree, paths: ["t.yaml"] });
  const diagnostics = checkCloudFormation(stacks, { ...options, sources: () => undefined });
  return diagnostics.map(({ code, severity, place }) => `${place?.line}:${place?.column} ${severity} ${code}`);
}

const parameter = (properties: string) =>
  `Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Properties:\n      ${properties}\n`;
const repository = (properties: string) =>
  `Resources:\n  A:\n    Type: AWS::ECR::Repository\n    Properties:\n      ${properties}\n`;
const group = (properties: string) =>
  `Resources:\n  A:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: x\n      ${properties}\n`;

describe("what would not go back to CloudFormation, by AWS's specification", () => {
  it.each<{ what: string; template: string; says: string[] }>([
    {
      what: "a SecureString",
      template: parameter("{ Type: SecureString, Value: x }"),
      says: ["5:15 warning cloudformation.secure-string"],
    },
    {
      what: "one text for a list",
      template: `Resources:\n  A: { Type: AWS::Lambda::LayerVersion, Properties: { Content: { S3Bucket: a, S3Key: b }, CompatibleRuntimes: c } }\n`,
      says: ["2:111 warning cloudformation.coercion"],
    },
    {
      what: "an object for JSON text",
      template: repository("LifecyclePolicy: { LifecyclePolicyText: { rules: [] } }"),
      says: ["5:47 warning cloudformation.coercion"],
    },
    {
      what: "what AWS requires and Reconcile does not",
      template: repository("EncryptionConfiguration: { KmsKey: alias/a }"),
      says: ["5:32 warning cloudformation.required"],
    },
  ])("$what", async ({ template, says }) => {
    expect(await listed(template)).toEqual(says);
  });
});

describe("what goes back as it is", () => {
  it.each([
    ["numbers and booleans as text", repository('ImageScanningConfiguration: { ScanOnPush: "true" }')],
    ["a policy as text", repository(`RepositoryPolicyText: '{ "Statement": [] }'`)],
    ["what only AWS can know", group("VpcId: !ImportValue vpc").replace("x\n", "!Ref AWS::StackName\n")],
  ])("%s", async (_, template) => {
    expect(await listed(template)).toEqual([]);
  });
});

describe("reconcile validate --cloudformation", () => {
  it("lists, and is no error by itself", async () => {
    const cwd = makeFolder({ "desired-state/a.yaml": parameter("{ Type: SecureString, Value: x }") });

    const ran = await reconcile(["validate", "--cloudformation", "--format", "json"], { cwd });

    expect(ran.exitCode).toBe(0);
    expect(JSON.parse(ran.stdout).diagnostics).toMatchObject([{ code: "cloudformation.secure-string" }]);
  });
});
