import {
  type CloudFormationOptions,
  checkCloudFormation,
  createRegistry,
  type Diagnostic,
  diskTree,
  loadStacks,
} from "@reconcile/core";
import { types } from "@reconcile/providers";
import { describe, expect, it } from "vitest";
import { specification } from "../specification.ts";
import { makeFolder, reconcile } from "../testing/cli.ts";

const options: Omit<CloudFormationOptions, "sources"> = {
  registry: createRegistry(types),
  specification: specification(),
};

/** What is listed of a template, and of a stack file that names it where there is one. */
async function listed(template: string, stackFile?: string): Promise<Diagnostic[]> {
  const files: Record<string, string> = { ...others, "t.yaml": template };
  if (stackFile !== undefined) files["s.yaml"] = stackFile;
  const tree = diskTree(makeFolder(files, { git: false }));
  const { stacks } = await loadStacks({ tree, paths: [stackFile === undefined ? "t.yaml" : "s.yaml"] });
  return checkCloudFormation(stacks, { ...options, sources: (file) => files[file] });
}

const others = {
  "inner.yaml": "Resources:\n  B: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: x } }\n",
};

function lines(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(
    ({ code, severity, place }) => `${place?.file}:${place?.line}:${place?.column} ${severity} ${code}`,
  );
}

const parameter = (properties: string) =>
  `Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Properties:\n      ${properties}\n`;
const repository = (properties: string) =>
  `Resources:\n  A:\n    Type: AWS::ECR::Repository\n    Properties:\n      ${properties}\n`;
const group = (properties: string) =>
  `Resources:\n  A:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: x\n      ${properties}\n`;

describe("what would not go back to CloudFormation", () => {
  it.each<{ what: string; template: string; says: string[] }>([
    {
      what: "a SecureString",
      template: parameter("{ Type: SecureString, Value: x }"),
      says: ["t.yaml:5:15 warning cloudformation.secure-string"],
    },
    {
      what: "one value for a list",
      template: group("SecurityGroupIngress: { IpProtocol: tcp }"),
      says: ["t.yaml:6:29 warning cloudformation.coercion"],
    },
    {
      what: "an object for JSON text",
      template: repository("LifecyclePolicy: { LifecyclePolicyText: { rules: [] } }"),
      says: ["t.yaml:5:47 warning cloudformation.coercion"],
    },
    {
      what: "a parameter's text for a list",
      template: `Parameters:\n  R: { Type: String, Default: my-role }\nResources:\n  A:\n    Type: AWS::IAM::InstanceProfile\n    Properties:\n      Roles: !Ref R\n`,
      says: ["t.yaml:7:19 warning cloudformation.coercion"],
    },
    {
      what: "what AWS requires and Reconcile does not",
      template: repository("EncryptionConfiguration: { KmsKey: alias/a }"),
      says: ["t.yaml:5:32 warning cloudformation.required"],
    },
    {
      what: "an existing resource",
      template:
        "Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Metadata: { Reconcile: { existing: true } }\n    Properties: { Type: String, Value: x }\n",
      says: ["t.yaml:2:3 note cloudformation.existing"],
    },
    {
      what: "a template beside it",
      template:
        "Resources:\n  A:\n    Type: AWS::CloudFormation::Stack\n    Properties: { TemplateURL: ./inner.yaml }\n",
      says: ["t.yaml:2:3 note cloudformation.nested-template"],
    },
    {
      what: "a secure reference in a property that takes none",
      template: parameter('{ Type: String, Value: "{{resolve:ssm-secure:/a}}" }'),
      says: ["t.yaml:5:30 warning cloudformation.ssm-secure"],
    },
    {
      what: "a secure reference in a function",
      template: parameter('{ Type: String, Value: !Join ["", [a, "{{resolve:ssm-secure:/a}}"]] }'),
      says: ["t.yaml:5:45 warning cloudformation.ssm-secure"],
    },
    {
      what: "a secret outside of properties",
      template: `${parameter("{ Type: String, Value: x }")}Outputs:\n  O: { Value: "{{resolve:secretsmanager:a}}" }\n`,
      says: ["t.yaml:7:15 warning cloudformation.dynamic-reference"],
    },
    {
      what: "aliases",
      template: `${parameter("&a { Type: String, Value: x }").replace("Properties:\n      ", "Properties: ")}  B:\n    Type: AWS::SSM::Parameter\n    Properties: *a\n`,
      says: ["t.yaml:7:17 warning cloudformation.alias"],
    },
    {
      what: "short forms of what a transform brings",
      template: `Transform: AWS::LanguageExtensions\n${parameter("Value: !Join ['', [!Length [x], !ToJsonString { c: d }]]\n      Type: String")}`,
      says: ["t.yaml:6:34 warning cloudformation.short-form", "t.yaml:6:53 warning cloudformation.short-form"],
    },
    {
      what: "their long forms",
      template: `Transform: AWS::LanguageExtensions\n${parameter("Value: { Fn::ToJsonString: { c: d } }\n      Type: String")}`,
      says: [],
    },
    {
      what: "what YAML 1.1 takes for something else",
      template: parameter("{ Type: String, Value: on, Description: no, Name: 0123 }"),
      says: ["t.yaml:5:30 note cloudformation.yaml", "t.yaml:5:57 note cloudformation.yaml"],
    },
    {
      what: "a long description",
      template: `Description: ${"x".repeat(1025)}\n${parameter("{ Type: String, Value: x }")}`,
      says: ["t.yaml:1:1 warning cloudformation.length"],
    },
    {
      what: "a large template",
      template: `# ${"x".repeat(51_200)}\n${parameter("{ Type: String, Value: x }")}`,
      says: ["t.yaml:1:1 note cloudformation.size"],
    },
    {
      what: "a template that is too large",
      template: `# ${"x".repeat(1_048_576)}\n${parameter("{ Type: String, Value: x }")}`,
      says: ["t.yaml:1:1 warning cloudformation.size"],
    },
    {
      what: "many resources",
      template: `Resources:\n${Array.from({ length: 501 }, (_, index) => `  A${index}: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: x } }\n`).join("")}`,
      says: ["t.yaml:1:1 warning cloudformation.count"],
    },
    {
      what: "many dynamic references",
      template: parameter(`{ Type: String, Value: "${"{{resolve:ssm:/a}}".repeat(61)}" }`),
      says: ["t.yaml:5:30 warning cloudformation.count"],
    },
  ])("$what", async ({ template, says }) => {
    const diagnostics = await listed(template);

    expect(lines(diagnostics)).toEqual(says);
    for (const { message, remedy } of diagnostics) {
      expect(message).toMatch(/[.]$/);
      expect(remedy).toMatch(/[.:…]/);
    }
  });

  it("of a stack file", async () => {
    const template = `Parameters:\n  P: { Type: String }\n  Q: { Type: CommaDelimitedList }\n${parameter("{ Type: String, Value: !Ref P }")}`;
    const stackFile =
      "template-file-path: t.yaml\nregion: us-east-1\nparameters:\n  P: { env: P }\n  Q: [a, b]\ntags: { A: b }\n";

    expect(lines(await listed(template, stackFile))).toEqual([
      "s.yaml:2:1 note cloudformation.stack-file",
      "s.yaml:4:6 note cloudformation.parameter-value",
      "s.yaml:5:6 note cloudformation.parameter-value",
    ]);
  });
});

describe("what goes back as it is", () => {
  it.each([
    ["numbers and booleans as text", repository('ImageScanningConfiguration: { ScanOnPush: "true" }')],
    ["a policy as text", repository(`RepositoryPolicyText: '{ "Statement": [] }'`)],
    [
      "metadata of Reconcile's own",
      parameter("{ Type: String, Value: x }").replace(
        "    Properties",
        "    Metadata: { Reconcile: { protect: true } }\n    Properties",
      ),
    ],
    [
      "a secure reference where AWS takes one",
      "Resources:\n  A:\n    Type: AWS::RDS::DBInstance\n    Properties: { MasterUserPassword: '{{resolve:ssm-secure:/a:1}}' }\n",
    ],
    ["what only AWS can know", group("VpcId: !ImportValue vpc").replace("x\n", "!Ref AWS::StackName\n")],
    [
      "JSON",
      '{ "Resources": { "A": { "Type": "AWS::SSM::Parameter", "Properties": { "Type": "String", "Value": "on" } } } }',
    ],
  ])("%s", async (_, template) => {
    expect(lines(await listed(template))).toEqual([]);
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
