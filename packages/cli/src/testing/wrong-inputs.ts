import { symlinkSync } from "node:fs";
import { join } from "node:path";

/** Something that a person may get wrong, and what has to be said about it. */
export interface WrongInput {
  name: string;
  files: Readonly<Record<string, string | Uint8Array>>;
  /** After `plan --format json`. */
  args?: readonly string[];
  env?: Readonly<Record<string, string | undefined>>;
  code: string;
  /** Where a person has to look: `line:column` in the template or stack file, or with the name of another file. Not given: the problem is in no file. */
  place?: string;
  prepare?(folder: string): void;
}

const file = "desired-state/a.yaml";

/** A bare template. */
function template(...lines: string[]): WrongInput["files"] {
  return { [file]: `${["Resources:", ...lines].join("\n")}\n` };
}

/** One resource; its properties begin at line 5, column 7. */
function resource(type: string, ...lines: string[]): WrongInput["files"] {
  return template("  A:", `    Type: ${type}`, "    Properties:", ...lines.map((line) => `      ${line}`));
}

const sound = "Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Properties: { Type: String, Value: x }\n";
const withParameter = `Parameters:\n  P: { Type: String, AllowedValues: [one, two], Default: one }\n  Q: { Type: String }\n${sound}`;

/** A stack file whose template is sound; its lines begin at line 2. */
function stackFile(...lines: string[]): WrongInput["files"] {
  return { [file]: `${["template-file-path: t/t.yaml", ...lines].join("\n")}\n`, "t/t.yaml": sound };
}

function parameters(...lines: string[]): WrongInput["files"] {
  return { ...stackFile("parameters:", ...lines.map((line) => `  ${line}`)), "t/t.yaml": withParameter };
}

function twice<T>(value: T): [T, T] {
  return [value, value];
}

const group = "AWS::EC2::SecurityGroup";
const ssm = "AWS::SSM::Parameter";

/** What can be told without asking anybody. */
export const wrongInputs: readonly WrongInput[] = [
  // YAML
  {
    name: "a tab for indentation",
    files: template("  A:", "\tType: AWS::SSM::Parameter"),
    code: "yaml.tab",
    place: "3:1",
  },
  { name: "a quote that does not end", files: template('  A: "x'), code: "yaml.syntax", place: "2:6" },
  {
    name: "a key twice",
    files: template(...twice(`  A: { Type: ${ssm}, Properties: { Type: String, Value: x } }`)),
    code: "yaml.duplicate-key",
    place: "3:3",
  },
  { name: "an alias to nothing", files: template("  A: *nowhere"), code: "yaml.alias", place: "2:6" },
  {
    name: "aliases that multiply",
    files: template(
      "  A: &a [x, x, x, x, x, x, x, x, x, x]",
      ...[..."bcdefgh"].map(
        (key, index) => `  ${key.toUpperCase()}: &${key} [${Array(10).fill(`*${"abcdefgh"[index]}`).join(", ")}]`,
      ),
    ),
    code: "yaml.aliases",
    place: "6:38",
  },
  {
    name: "a file that is not UTF-8",
    files: { [file]: new Uint8Array([0x52, 0xff, 0xfe, 0x3a]) },
    code: "file.encoding",
    place: "1:1",
  },
  { name: "an empty file", files: { [file]: "" }, args: [file], code: "stack.neither", place: "1:1" },
  {
    name: "a list instead of a template",
    files: { [file]: "- a\n- b\n" },
    args: [file],
    code: "stack.neither",
    place: "1:1",
  },
  // Stack files
  {
    name: "a template that is missing",
    files: { [file]: "template-file-path: t/x.yaml\n", "t/t.yaml": sound },
    code: "stack.template-missing",
    place: "1:21",
  },
  {
    name: "a template outside the repository",
    files: { [file]: "template-file-path: ../../../../etc/passwd\n" },
    code: "file.outside",
    place: "1:21",
  },
  {
    name: "a link out of the repository",
    files: { [file]: "template-file-path: link.yaml\n" },
    code: "file.outside",
    place: "link.yaml:1:1",
    prepare: (folder) => symlinkSync("/etc/hostname", join(folder, "link.yaml")),
  },
  { name: "a key that no stack file has", files: stackFile("stack_name: x"), code: "stack.unknown-key", place: "2:1" },
  { name: "a name that no stack can have", files: stackFile("stack-name: 1_x"), code: "stack.name", place: "2:13" },
  { name: "a region that cannot be", files: stackFile("region: us-east"), code: "stack.region", place: "2:9" },
  { name: "an account that cannot be", files: stackFile("account: 1234"), code: "stack.account", place: "2:10" },
  { name: "a role that is no ARN", files: stackFile("role-arn: deployer"), code: "stack.role-arn", place: "2:11" },
  {
    name: "two stacks of one name",
    files: {
      ...stackFile("stack-name: same"),
      "desired-state/b.yaml": "template-file-path: t/t.yaml\nstack-name: same\n",
    },
    code: "stack.duplicate",
    place: "desired-state/b.yaml:2:13",
  },
  { name: "a stack that depends on itself", files: stackFile("depends-on: [a]"), code: "stack.cycle", place: "1:1" },
  {
    name: "a key that reconcile.yaml does not have",
    files: { ...stackFile(), "desired-state/reconcile.yaml": "projekt: x\n" },
    code: "project.unknown-key",
    place: "desired-state/reconcile.yaml:1:1",
  },
  // Parameters
  {
    name: "a parameter without a value",
    files: parameters("P: one"),
    code: "parameter.missing",
    place: "t/t.yaml:3:3",
  },
  {
    name: "a parameter that the template does not have",
    files: parameters("Q: x", "Qq: y"),
    code: "parameter.unknown",
    place: "4:3",
  },
  {
    name: "a value that the parameter does not allow",
    files: parameters("Q: x", "P: three"),
    code: "parameter.allowed-values",
    place: "4:6",
  },
  {
    name: "a variable that is not set",
    files: parameters("Q: { env: NOT_SET_ANYWHERE }"),
    code: "input.env-missing",
    place: "3:6",
  },
  {
    name: "a variable that stacks may not read",
    files: parameters("Q: { env: AWS_SECRET_ACCESS_KEY }"),
    code: "input.env",
    place: "3:13",
  },
  // The language
  { name: "a type that does not exist", files: resource("AWS::SSM::Paramter"), code: "type.unknown", place: "3:11" },
  {
    name: "a type that is not supported yet",
    files: resource("AWS::S3::Bucket", "BucketName: example-bucket"),
    code: "not-yet.type",
    place: "3:11",
  },
  {
    name: "a type that only CloudFormation's service has",
    files: resource("Custom::Thing", "ServiceToken: x"),
    code: "unsupported.type",
    place: "3:11",
  },
  {
    name: "a reference to nothing",
    files: resource(ssm, "Type: String", "Value: !Ref Nowhere"),
    code: "ref.undefined",
    place: "6:19",
  },
  {
    name: "an attribute that does not exist",
    files: template(
      "  A:",
      `    Type: ${ssm}`,
      "    Properties: { Type: String, Value: !GetAtt B.Size }",
      ...["  B:", `    Type: ${ssm}`, "    Properties: { Type: String, Value: x }"],
    ),
    code: "getatt.unknown-attribute",
    place: "4:48",
  },
  {
    name: "a variable in Sub that does not exist",
    files: resource(ssm, "Type: String", `Value: !Sub "$\{Nowhere}-x"`),
    code: "ref.undefined",
    place: "6:22",
  },
  {
    name: "a function that does not exist",
    files: resource(ssm, "Type: String", "Value: !Uppercase x"),
    code: "yaml.tag",
    place: "6:14",
  },
  {
    name: "a mapping that does not exist",
    files: resource(ssm, "Type: String", "Value: !FindInMap [M, a, b]"),
    code: "mapping.missing",
    place: "6:26",
  },
  {
    name: "a condition that does not exist",
    files: template("  A:", `    Type: ${ssm}`, "    Condition: Nope", "    Properties: { Type: String, Value: x }"),
    code: "condition.undefined",
    place: "4:16",
  },
  {
    name: "a dependency that does not exist",
    files: template("  A:", `    Type: ${ssm}`, "    DependsOn: B", "    Properties: { Type: String, Value: x }"),
    code: "depends-on.undefined",
    place: "4:16",
  },
  {
    name: "a rule that is declared twice",
    files: template(
      "  G:",
      `    Type: ${group}`,
      "    Properties:",
      "      GroupDescription: x",
      "      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8 }]",
      "  R:",
      `    Type: ${group}Ingress`,
      "    Properties: { GroupId: !Ref G, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8 }",
    ),
    code: "slot.declared-twice",
    place: "7:3",
  },
  {
    name: "two groups that need each other",
    files: template(
      ...["A", "B"].flatMap((id) => [
        `  ${id}:`,
        `    Type: ${group}`,
        "    Properties:",
        "      GroupDescription: x",
        `      SecurityGroupIngress: [{ IpProtocol: "-1", SourceSecurityGroupId: !Ref ${id === "A" ? "B" : "A"} }]`,
      ]),
    ),
    code: "ref.cycle",
    place: "6:78",
  },
  {
    name: "a section that does not exist",
    files: { [file]: `${sound}Outptus: {}\n` },
    code: "section.unknown",
    place: "5:1",
  },
  {
    name: "metadata that does not exist",
    files: template(
      "  A:",
      `    Type: ${ssm}`,
      "    Metadata: { Reconcile: { portect: true } }",
      "    Properties: { Type: String, Value: x }",
    ),
    code: "metadata.unknown-key",
    place: "4:30",
  },
  // Properties
  {
    name: "a property that is misspelt",
    files: resource(ssm, "Type: String", "Value: x", "Descriptoin: x"),
    code: "property.unknown",
    place: "7:7",
  },
  { name: "a property that is missing", files: resource(ssm, "Type: String"), code: "property.missing", place: "5:7" },
  {
    name: "a value that is not allowed",
    files: resource(ssm, "Type: Text", "Value: x"),
    code: "property.value",
    place: "5:13",
  },
  {
    name: "text for a number",
    files: resource(
      group,
      "GroupDescription: x",
      "SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: ssh, ToPort: 22, CidrIp: 10.0.0.0/8 }]",
    ),
    code: "property.type",
    place: "6:59",
  },
  {
    name: "a range of addresses that cannot be",
    files: resource(
      group,
      "GroupDescription: x",
      "SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/33 }]",
    ),
    code: "property.value",
    place: "6:83",
  },
  {
    name: "a name with characters that AWS refuses",
    files: resource("AWS::ECR::Repository", "RepositoryName: Upper"),
    code: "property.pattern",
    place: "5:23",
  },
  {
    name: "a list for a text",
    files: resource(ssm, "Type: String", "Value: [x, y]"),
    code: "property.type",
    place: "6:14",
  },
  {
    name: "JSON that is none",
    files: resource("AWS::ECR::Repository", 'LifecyclePolicy: { LifecyclePolicyText: "{" }'),
    code: "property.type",
    place: "5:47",
  },
  // The command line
  { name: "a path that does not exist", files: template(), args: ["desired-state/aa.yaml"], code: "path.not-found" },
  { name: "a folder without stacks", files: { "desired-state/x.txt": "" }, code: "stack.none" },
  { name: "no desired state at all", files: { "x.txt": "" }, code: "path.default-missing" },
  {
    name: "a revision that does not exist",
    files: { [file]: sound },
    args: ["--base", "nowhere"],
    code: "git.revision",
  },
  { name: "a revision that is an option", files: { [file]: sound }, args: ["--base=--output=x"], code: "git.revision" },
  {
    name: "a revision with a command in it",
    files: { [file]: sound },
    args: ["--base", "$(touch x)"],
    code: "git.revision",
  },
];
