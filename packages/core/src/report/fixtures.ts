import type { Node } from "yaml";
import { z } from "zod";
import type { Place } from "../diagnostic.ts";
import type { Change, Plan, PropertyChange, StackPlan } from "../plan/model.ts";
import {
  absent,
  createOnly,
  json,
  keyed,
  policyDocument,
  sensitive,
  shared,
  tags,
  unordered,
} from "../resource/annotations.ts";
import { defineResource } from "../resource/define.ts";
import type { CallCounts, Cloud, Handlers, ResourceType } from "../resource/model.ts";
import type { Stack } from "../stack/model.ts";
import { defaultProject } from "../stack/project.ts";
import type { Properties } from "../value.ts";

/** Builders for plans, for the tests of this folder. */

const head = "9d03e71c0ffee0000000000000000000000000aa";
const base = "4f1c2abc0ffee0000000000000000000000000bb";

function never(): never {
  throw new Error("reports call no handler");
}

function neverList(): AsyncIterable<never> {
  return never();
}

function typeOf(type: string, properties: z.ZodObject): ResourceType {
  const handlers: Handlers<Record<string, unknown>, Cloud> = {
    list: neverList,
    read: never,
    create: never,
    update: never,
    delete: never,
  };
  return defineResource({
    type,
    properties,
    identifier: "Id",
    absence: "tagged-list",
    scope: "region",
    actions: { read: [], write: [] },
  }).implement(handlers);
}

const Rule = z.strictObject({
  IpProtocol: z.string(),
  FromPort: z.int().optional(),
  ToPort: z.int().optional(),
  CidrIp: z.string().optional(),
  CidrIpv6: z.string().optional(),
  Description: z.string().optional(),
});

export const types = {
  table: typeOf(
    "AWS::DynamoDB::Table",
    z.strictObject({
      KeySchema: createOnly(z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.string() }))),
      Tags: tags(),
    }),
  ),
  group: typeOf(
    "AWS::EC2::SecurityGroup",
    z.strictObject({
      GroupDescription: createOnly(z.string()),
      SecurityGroupIngress: absent(keyed(["IpProtocol", "FromPort", "ToPort", "CidrIp"], z.array(Rule))),
      SecurityGroupEgress: absent(unordered(z.array(Rule))),
      Tags: tags(),
    }),
  ),
  ingress: typeOf("AWS::EC2::SecurityGroupIngress", Rule.extend({ GroupId: createOnly(z.string()) })),
  alarm: typeOf("AWS::CloudWatch::Alarm", z.strictObject({ Period: z.int().default(60) })),
  repository: typeOf(
    "AWS::ECR::Repository",
    z.strictObject({
      ImageTagMutability: z.string().default("MUTABLE"),
      LifecyclePolicy: absent(json()),
      Tags: tags(),
    }),
  ),
  role: typeOf(
    "AWS::IAM::Role",
    z.strictObject({
      AssumeRolePolicyDocument: policyDocument(),
      ManagedPolicyArns: absent(unordered(z.array(z.string()))),
      Description: absent(z.string()),
    }),
  ),
  parameter: typeOf("AWS::SSM::Parameter", z.strictObject({ Value: z.string(), Description: absent(z.string()) })),
  database: typeOf(
    "AWS::RDS::DBInstance",
    z.strictObject({ MasterUserPassword: sensitive(z.string()), Port: z.int().optional() }),
  ),
  service: typeOf(
    "AWS::ECS::Service",
    z.strictObject({ DesiredCount: shared(z.int()), Environment: absent(z.record(z.string(), sensitive(z.string()))) }),
  ),
  instance: typeOf("AWS::EC2::Instance", z.strictObject({ InstanceType: z.string(), UserData: absent(z.string()) })),
};

export function place(line: number, column = 3): Place {
  return { file: "desired-state/crypto-agent/template.yaml", line, column };
}

export function property(path: string, change: Partial<PropertyChange>): PropertyChange {
  return { path, cause: "change", sensitive: false, requiresReplacement: false, ...change };
}

export function change(logicalId: string, type: ResourceType, given: Partial<Change>): Change {
  const action = given.action ?? "update";
  return {
    stack: instance("crypto-agent"),
    logicalId,
    type,
    action,
    ...(action !== "create" && { identifier: `${logicalId.toLowerCase()}-id` }),
    reasons: [],
    cause: action === "none" ? null : "change",
    impact: "none",
    steps: [],
    place: place(10),
    properties: [],
    ...given,
  };
}

/** What a resource is declared as, for the dangers that show only in the whole. */
export function desired(
  logicalId: string,
  type: ResourceType,
  properties: Properties,
  secret: readonly string[] = [],
): Pick<Change, "desired"> {
  const evaluated = {
    properties,
    sensitive: new Set(secret),
    references: [],
    placeOf: () => place(1),
    placeOfKey: () => place(1),
    textOf: () => undefined,
    diagnostics: [],
  };
  return { desired: { logicalId, type, properties, tags: {}, evaluated } };
}

function instance(name: string): StackPlan["stack"] {
  const location = { account: "123456789012", region: "us-east-1", partition: "aws" };
  const template = {
    source: { path: `desired-state/${name}/template.yaml`, text: "" },
    parameters: new Map(),
    mappings: new Map(),
    conditions: new Map(),
    resources: new Map(),
    outputs: new Map(),
    placeOf: () => place(1),
    placeAt: () => place(1),
    target: (node: Node) => node,
  };
  const stack: Stack = {
    name,
    project: { ...defaultProject, name: "news" },
    file: `desired-state/${name}.yaml`,
    template,
    parameters: new Map(),
    tags: {},
    dependsOn: [],
    place: { file: `desired-state/${name}.yaml`, line: 1, column: 1 },
  };
  const cloud: Cloud = {
    ...location,
    planned: never,
    input: never,
    ownedTypes: never,
    ownedStacks: never,
    calls: () => calls(0),
    diagnose: never,
  };
  const owner = `news/${name}@us-east-1`;
  return { stack, cloud, location, owner, parameters: new Map(), inputs: new Map(), imports: new Map() };
}

export function calls(total: number, given: Partial<CallCounts> = {}): CallCounts {
  return { total, byService: { ec2: total }, throttled: 0, ...given };
}

export function stackPlan(changes: readonly Change[], given: Partial<StackPlan> & { name?: string } = {}): StackPlan {
  const { name = "crypto-agent", ...rest } = given;
  return { stack: instance(name), changes, unowned: [], orphans: [], notes: [], ...rest };
}

export function plan(stacks: readonly StackPlan[], given: Partial<Plan> = {}): Plan {
  const counts = Object.fromEntries(stacks.map((stack) => [stack.stack.stack.name, calls(31)]));
  return { revision: head, base, stacks, diagnostics: [], calls: counts, ...given };
}

export function unchanged(count: number): Change[] {
  return Array.from({ length: count }, (_, index) => change(`Same${index}`, types.alarm, { action: "none" }));
}

/** What design calls a plan: a bit of everything. */
export function everything(): Plan {
  const trust = (principal: unknown) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal }],
  });
  const changes = [
    change("CryptoTable", types.table, {
      action: "replace",
      impact: "replaces",
      reasons: ["must-replace"],
      place: place(88),
      properties: [
        property("/KeySchema/0/AttributeName", { before: "id", after: "tenant", requiresReplacement: true }),
      ],
    }),
    change("AppSecurityGroup", types.group, {
      reasons: ["property-changed"],
      place: place(41),
      properties: [
        property("/SecurityGroupIngress/tcp,22,22,0.0.0.0~10", {
          after: { IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIp: "0.0.0.0/0", Description: "temporary" },
        }),
      ],
    }),
    change("NightlyAlarm", types.alarm, { action: "create", reasons: ["not-found"], place: place(120) }),
    change("ImageRepository", types.repository, {
      reasons: ["property-changed"],
      place: place(60),
      properties: [
        property("/ImageTagMutability", { before: "MUTABLE", after: "IMMUTABLE" }),
        property("/LifecyclePolicy", {
          before: { rules: [{ rulePriority: 1, selection: { countNumber: 10 } }] },
          after: { rules: [{ rulePriority: 1, selection: { countNumber: 20 } }] },
        }),
      ],
    }),
    change("InstanceRole", types.role, {
      reasons: ["property-changed"],
      cause: "drift",
      place: place(70),
      properties: [
        property("/AssumeRolePolicyDocument", {
          before: trust("*"),
          after: trust({ Service: "ec2.amazonaws.com" }),
          cause: "drift",
        }),
      ],
    }),
    ...unchanged(14),
  ];
  const notes = [
    { logicalId: "AppService", message: "DesiredCount is 3 and not declared" },
    { logicalId: "AppSecurityGroup", message: "has 1 foreign tag (CostCenter)" },
  ];
  return plan([stackPlan(changes, { notes })], {
    diagnostics: [
      {
        code: "guard.holds-data",
        severity: "error",
        message: "CryptoTable (crypto) holds what cannot be made again.",
        remedy: "allow its replacement with --allow-delete CryptoTable",
        resource: "CryptoTable (AWS::DynamoDB::Table)",
        place: place(88),
      },
    ],
  });
}
