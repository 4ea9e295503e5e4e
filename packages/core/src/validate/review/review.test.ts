import { describe, expect, test } from "vitest";
import { createRegistry } from "../../resource/registry.ts";
import { lines, load } from "../fixture.ts";
import { validateStacks } from "../validate.ts";
import { reviewed } from "./fixture.ts";
import { reviews } from "./reviews.ts";

async function saidOf(type: string, properties: string): Promise<string[]> {
  return lines(await reviewed(`Resources:\n  A: { Type: ${type}, Properties: ${properties} }\n`));
}

/** The codes and the text that each stands at. */
async function placed(template: string): Promise<string[]> {
  const sources = template.split("\n");
  return (await reviewed(template)).map(({ code, place }) => {
    const end = place?.end?.line === place?.line ? place?.end?.column : undefined;
    return `${code} «${sources[(place?.line ?? 1) - 1]?.slice((place?.column ?? 1) - 1, end && end - 1)}»`;
  });
}

/** Without what is said of the form of policies, which are shortened here. */
const withoutForm = (found: readonly string[]) => found.filter((each) => !each.startsWith("policy.form"));

const ofResource = (type: string, properties: string) =>
  placed(`Resources:\n  A: { Type: ${type}, Properties: ${properties} }\n`);

describe("rules of security groups", () => {
  const rule = (text: string) => `{ IpProtocol: tcp, ${text} }`;
  const ingress = "AWS::EC2::SecurityGroupIngress";

  test.each([
    ["ssh", rule("FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0"), ["network.admin-port-open «0.0.0.0/0»"]],
    ["rdp over IPv6", rule("FromPort: 3389, ToPort: 3389, CidrIpv6: '::/0'"), ["network.admin-port-open «'::/0'»"]],
    [
      "a range that holds it",
      rule("FromPort: 1, ToPort: 1024, CidrIp: 0.0.0.0/0"),
      ["network.admin-port-open «0.0.0.0/0»"],
    ],
    ["a database", rule("FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0"), ["network.database-port-open «0.0.0.0/0»"]],
    ["every port", rule("FromPort: 0, ToPort: 65535, CidrIp: 0.0.0.0/0"), ["network.all-ports-open «0.0.0.0/0»"]],
    ["every protocol", "{ IpProtocol: -1, CidrIp: 0.0.0.0/0 }", ["network.all-ports-open «0.0.0.0/0»"]],
    ["an empty range", rule("FromPort: 90, ToPort: 80, CidrIp: 10.0.0.0/8"), ["network.empty-port-range «90»"]],
    ["the web", rule("FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0"), []],
    ["a range of one's own", rule("FromPort: 22, ToPort: 22, CidrIp: 203.0.113.0/24"), []],
    ["what is not known", rule("FromPort: 22, ToPort: 22, CidrIp: !ImportValue Office"), []],
    ["ping, whose two are a type and a code", "{ IpProtocol: icmp, FromPort: 8, ToPort: -1, CidrIp: 0.0.0.0/0 }", []],
    ["datagrams to a port of SSH's", "{ IpProtocol: udp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 }", []],
    ["tcp without ports, which AWS refuses", "{ IpProtocol: tcp, CidrIp: 0.0.0.0/0 }", []],
    ["a protocol that is not known", "{ IpProtocol: !ImportValue P, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 }", []],
    [
      "a protocol by its number",
      "{ IpProtocol: 6, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 }",
      ["network.admin-port-open «0.0.0.0/0»"],
    ],
  ])("%s", async (_, properties, expected) => {
    const found = await ofResource(ingress, properties);
    expect(found.filter((each) => !each.startsWith("import."))).toEqual(expected);
    const inside = await ofResource("AWS::EC2::SecurityGroup", `{ SecurityGroupIngress: [${properties}] }`);
    expect(inside.filter((each) => !each.startsWith("import."))).toEqual(expected);
  });

  test("a rule that is not known hides no other", async () => {
    const ssh = rule("FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0");
    const found = await ofResource("AWS::EC2::SecurityGroup", `{ SecurityGroupIngress: [!ImportValue Rule, ${ssh}] }`);
    expect(found.filter((each) => !each.startsWith("import."))).toEqual(["network.admin-port-open «0.0.0.0/0»"]);
  });

  test("what goes out is no exposure", async () => {
    const all = "{ IpProtocol: -1, CidrIp: 0.0.0.0/0 }";
    expect(await ofResource("AWS::EC2::SecurityGroup", `{ SecurityGroupEgress: [${all}] }`)).toEqual([]);
    expect(await ofResource("AWS::EC2::SecurityGroupEgress", all)).toEqual([]);
  });

  test("the port is named", async () => {
    expect(await saidOf(ingress, rule("FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0"))).toEqual([
      expect.stringContaining("This rule opens port 22 (SSH) to the world."),
    ]);
  });
});

describe("subnets", () => {
  const subnets = (...ranges: readonly string[]) =>
    [
      "Resources:",
      "  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }",
      ...ranges.map(
        (range, index) =>
          `  S${index}: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: ${range} } }`,
      ),
    ].join("\n");

  test.each([
    [["10.0.0.0/24", "10.0.1.0/24"], []],
    [["10.0.0.0/24", "10.0.0.128/25"], ["network.subnets-overlap «10.0.0.128/25»"]],
    [["10.0.2.0/24", "10.0.0.0/22"], ["network.subnets-overlap «10.0.2.0/24»"]],
    [["10.1.0.0/24"], ["network.subnet-outside «10.1.0.0/24»"]],
    [["!ImportValue Range", "10.0.0.0/16"], []],
    [["300.0.0.0/24", "10.0.0.0/24"], ["network.range-form «300.0.0.0/24»"]],
    [["10.0.0.0/33", "10.0.0.0/24"], ["network.range-form «10.0.0.0/33»"]],
    [["2001:db8::/64", "10.0.0.0/24"], []],
  ])("%j", async (ranges, expected) => {
    const found = await placed(subnets(...ranges));
    expect(found.filter((each) => !each.startsWith("import."))).toEqual(expected);
  });

  test("a range that is added to the VPC counts, also one that is not known", async () => {
    const more = (range: string) =>
      `${subnets("10.1.0.0/24")}\n  More: { Type: AWS::EC2::VPCCidrBlock, Properties: { VpcId: !GetAtt Vpc.VpcId, CidrBlock: ${range} } }\n`;
    expect(await placed(more("10.1.0.0/16"))).toEqual([]);
    expect(await placed(more("10.2.0.0/16"))).toEqual(["network.subnet-outside «10.1.0.0/24»"]);
  });

  test("of which one may not be there do not meet", async () => {
    const template = subnets("10.0.0.0/24", "10.0.0.0/24").replace("S1: { ", "S1: { Condition: Second, ");
    const parameters = "Parameters: { Two: { Type: String } }\nConditions: { Second: !Equals [!Ref Two, a] }\n";
    expect((await placed(parameters + template)).filter((each) => each.startsWith("network."))).toEqual([]);
  });

  test("in a VPC that several values make together are not compared", async () => {
    const vpcs = "VpcId: !Join ['', [!ImportValue A, !ImportValue B]]";
    const template = subnets("10.0.0.0/24", "10.0.0.0/24").replaceAll("VpcId: !Ref Vpc", vpcs);
    expect((await placed(template)).filter((each) => each.startsWith("network."))).toEqual([]);
  });

  test("of different VPCs do not meet", async () => {
    const template = subnets("10.0.0.0/24", "10.0.0.0/24").replace("VpcId: !Ref Vpc", "VpcId: vpc-1");
    expect(await placed(template)).toEqual([]);
  });
});

describe("the form of policies", () => {
  const identity = (text: string) => ofResource("AWS::IAM::Policy", `{ PolicyDocument: { Statement: [{ ${text} }] } }`);
  const queue = (text: string) =>
    ofResource("AWS::SQS::QueuePolicy", `{ PolicyDocument: { Statement: [{ ${text} }] } }`);

  test.each([
    [
      "an element that there is not",
      "Efect: Allow, Effect: Allow, Action: s3:GetObject, Resource: arn:aws:s3:::a",
      ["policy.form «Efect»"],
    ],
    ["another Effect", "Effect: allow, Action: s3:GetObject, Resource: arn:aws:s3:::a", ["policy.form «allow»"]],
    [
      "no Effect",
      "Action: s3:GetObject, Resource: arn:aws:s3:::a",
      ["policy.form «{ Action: s3:GetObject, Resource: arn:aws:s3:::a }»"],
    ],
    [
      "no Action",
      "Effect: Allow, Resource: arn:aws:s3:::a",
      ["policy.form «{ Effect: Allow, Resource: arn:aws:s3:::a }»"],
    ],
    ["no Resource", "Effect: Allow, Action: s3:GetObject", ["policy.form «{ Effect: Allow, Action: s3:GetObject }»"]],
    [
      "a principal",
      "Effect: Allow, Principal: { AWS: a }, Action: s3:GetObject, Resource: arn:aws:s3:::a",
      ["policy.form «{ AWS: a }»"],
    ],
    [
      "what is not known",
      "Effect: !ImportValue Effect, NotAction: !ImportValue Actions, NotResource: arn:aws:s3:::a",
      [],
    ],
  ])("of roles: %s", async (_, text, expected) => {
    const found = await identity(text);
    expect(found.filter((each) => !each.startsWith("import."))).toEqual(expected);
  });

  test("versions are those of the language", async () => {
    const statement = "Statement: { Effect: Allow, Action: s3:GetObject, Resource: arn:aws:s3:::a }";
    const versioned = (type: string, version: string) =>
      ofResource(type, `{ PolicyDocument: { ${version}${statement} } }`);
    expect(await versioned("AWS::IAM::Policy", "Version: 2017-10-17, ")).toEqual(["policy.form «2017-10-17»"]);
    expect(await versioned("AWS::IAM::Policy", "")).toEqual([]);
    expect(await versioned("AWS::IAM::ManagedPolicy", "Version: 2012-10-17, ")).toEqual([]);
    expect(await versioned("AWS::IAM::ManagedPolicy", "Version: !ImportValue Version, ")).toEqual([
      "import.not-in-project «Version»",
    ]);
    for (const version of ["", "Version: 2008-10-17, "])
      expect(await versioned("AWS::IAM::ManagedPolicy", version)).toEqual([
        `policy.no-version «{ ${version}${statement} }»`,
      ]);
  });

  test("of resources: they name a principal", async () => {
    expect(await queue("Effect: Allow, Action: sqs:SendMessage")).toContain(
      "policy.form «{ Effect: Allow, Action: sqs:SendMessage }»",
    );
    expect(await queue("Effect: Allow, Principal: { AWS: a }, Action: 's3:*'")).toEqual([]);
  });
});

describe("tables", () => {
  const table = (attributes: string, more: string) =>
    ofResource("AWS::DynamoDB::Table", `{ AttributeDefinitions: [${attributes}], ${more} }`);
  const id = "{ AttributeName: Id }";
  const keys = "KeySchema: [{ AttributeName: Id }]";

  test.each([
    ["what is right", id, keys, []],
    [
      "a key without its attribute",
      "{ AttributeName: Other }",
      keys,
      ["dynamodb.attributes «Other»", "dynamodb.attributes «Id»"],
    ],
    ["an attribute that is no key", `${id}, { AttributeName: Title }`, keys, ["dynamodb.attributes «Title»"]],
    [
      "the key of an index",
      `${id}, { AttributeName: Title }`,
      `${keys}, GlobalSecondaryIndexes: [{ KeySchema: [{ AttributeName: Title }] }]`,
      [],
    ],
    [
      "indexes that are not known",
      `${id}, { AttributeName: Title }`,
      `${keys}, GlobalSecondaryIndexes: !ImportValue Indexes`,
      [],
    ],
    ["keys of which one is not known", id, "KeySchema: [{ AttributeName: !ImportValue Key }]", []],
    ["keys of which nothing is known", id, "KeySchema: !ImportValue Keys", []],
    [
      "the key of an index of the same partition",
      `${id}, { AttributeName: Title }`,
      `${keys}, LocalSecondaryIndexes: [{ KeySchema: [{ AttributeName: Date }] }]`,
      ["dynamodb.attributes «Title»", "dynamodb.attributes «Date»"],
    ],
    [
      "an index of which nothing is known",
      `${id}, { AttributeName: Title }`,
      `${keys}, LocalSecondaryIndexes: [!ImportValue I]`,
      [],
    ],
    ["attributes of which one is not known", `${id}, !ImportValue Title`, keys, []],
  ])("%s", async (_, attributes, more, expected) => {
    const found = await table(attributes, more);
    expect(found.filter((each) => !each.startsWith("import."))).toEqual(expected);
  });
});

describe("policies", () => {
  const statement = (text: string) => `{ Statement: [{ Effect: Allow, ${text} }] }`;
  const policy = (text: string) => `{ PolicyDocument: ${statement(text)} }`;

  test.each([
    ["everything", 'Action: "*", Resource: "*"', ['policy.full-access «"*"»']],
    ["everything in lists", 'Action: [s3:GetObject, "*"], Resource: ["*"]', ['policy.full-access «"*"»']],
    ["everything on something", 'Action: "*", Resource: "arn:aws:s3:::a"', []],
    ["everything under a condition", 'Action: "*", Resource: "*", Condition: { Bool: { "aws:A": "true" } }', []],
    ["passing any role", 'Action: iam:PassRole, Resource: "*"', ["policy.pass-any-role «iam:PassRole»"]],
    ["passing any role to one service", 'Action: iam:PassRole, Resource: "*", Condition: { A: { B: c } }', []],
    ["passing one role", "Action: iam:PassRole, Resource: !Ref Role", []],
    [
      "an action that does not exist",
      "Action: s3:GetObjekt, Resource: arn:aws:s3:::a",
      ["policy.unknown-action «s3:GetObjekt»"],
    ],
    [
      "a pattern that matches nothing",
      'Action: "s3:Lost*", Resource: arn:aws:s3:::a',
      ['policy.unknown-action «"s3:Lost*"»'],
    ],
    [
      "a service that does not exist",
      "Action: s4:GetObject, Resource: arn:aws:s3:::a",
      ["policy.unknown-action «s4:GetObject»"],
    ],
    ["no action at all", "Action: GetObject, Resource: arn:aws:s3:::a", ["policy.unknown-action «GetObject»"]],
    [
      "other letters, and wildcards",
      'Action: [S3:getobject, "s3:Get*", "s3:?utObject", "s3:*Acl", "s3:*t*"], Resource: arn:aws:s3:::a',
      [],
    ],
    [
      "what all but some may do",
      "NotAction: s3:GetObjekt, Resource: arn:aws:s3:::a",
      ["policy.unknown-action «s3:GetObjekt»"],
    ],
  ])("of roles: %s", async (_, text, expected) => {
    const role = "\n  Role: { Type: AWS::IAM::Role, Properties: {} }\n";
    const of = (type: string, properties: string) =>
      placed(`Resources:\n  A: { Type: ${type}, Properties: ${properties} }${role}`);
    expect(withoutForm(await of("AWS::IAM::Policy", policy(text)))).toEqual(expected);
    expect(withoutForm(await of("AWS::IAM::Role", `{ Policies: [${policy(text)}] }`))).toEqual(expected);
  });

  test("what is near is offered", async () => {
    const remedies = async (action: string) =>
      (
        await reviewed(
          `Resources:\n  A: { Type: AWS::IAM::Policy, Properties: ${policy(`Action: ${action}, Resource: arn:aws:s3:::a`)} }\n`,
        )
      ).map(({ remedy }) => remedy);
    expect(await remedies("s3:GetObjekt")).toEqual(['Did you mean "s3:GetObject"?']);
    expect(await remedies("s4:GetObject")).toEqual(['Did you mean "s3:GetObject"?']);
  });

  test("without AWS's specification no action is held against it", async () => {
    const template = `Resources:\n  A: { Type: AWS::IAM::Policy, Properties: ${policy("Action: s3:GetObjekt, Resource: arn:aws:s3:::a")} }\n`;
    const { stacks } = await load({ "desired-state/t.yaml": template });
    const found = validateStacks({ stacks, diagnostics: [] }, { registry: createRegistry([]), environment: {} });
    expect(found.map(({ code }) => code)).not.toContain("policy.unknown-action");
  });

  test("AdministratorAccess is everything", async () => {
    const arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    expect(
      await ofResource("AWS::IAM::Role", `{ ManagedPolicyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess, ${arn}] }`),
    ).toEqual([`policy.full-access «${arn}»`]);
  });

  test.each([
    ["AWS::S3::BucketPolicy", policy('Principal: "*"'), ['policy.public-principal «"*"»']],
    ["AWS::S3::BucketPolicy", policy('Principal: { AWS: ["*"] }'), ['policy.public-principal «{ AWS: ["*"] }»']],
    ["AWS::S3::BucketPolicy", policy('Principal: "*", Condition: { A: { B: c } }'), []],
    ["AWS::S3::BucketPolicy", policy("Principal: { AWS: '123456789012' }"), []],
    ["AWS::S3::BucketPolicy", policy('Principal: { Service: "*" }'), []],
    [
      "AWS::IAM::Role",
      `{ AssumeRolePolicyDocument: ${statement('Principal: "*"')} }`,
      ['policy.public-principal «"*"»'],
    ],
    [
      "AWS::SQS::QueuePolicy",
      `{ PolicyDocument: '{"Statement":{"Effect":"Allow","Principal":"*"}}' }`,
      ['policy.public-principal «\'{"Statement":{"Effect":"Allow","Principal":"*"}}\'»'],
    ],
    [
      "AWS::Events::EventBusPolicy",
      '{ Statement: { Effect: Allow, Principal: "*" } }',
      ['policy.public-principal «"*"»'],
    ],
    ["AWS::EC2::VPCEndpoint", policy('Principal: "*", Action: "*", Resource: "*"'), []],
    ["AWS::Lambda::Permission", '{ Principal: "*" }', ['policy.public-principal «"*"»']],
    ["AWS::Lambda::Permission", '{ Principal: "*", SourceArn: a }', []],
    [
      "AWS::Elasticsearch::Domain",
      `{ EncryptionAtRestOptions: { Enabled: true }, AccessPolicies: ${statement('Principal: "*"')} }`,
      ['policy.public-principal «"*"»'],
    ],
    [
      "AWS::Elasticsearch::Domain",
      `{ EncryptionAtRestOptions: { Enabled: true }, VPCOptions: {}, AccessPolicies: ${statement('Principal: "*"')} }`,
      [],
    ],
    ["AWS::SQS::QueuePolicy", "{ PolicyDocument: '{\"Statement\":' }", []],
    ["AWS::SQS::QueuePolicy", '{ PolicyDocument: { Version: "2012-10-17" } }', []],
    ["AWS::SQS::QueuePolicy", "{ PolicyDocument: [] }", []],
    ["AWS::SQS::QueuePolicy", '{ PolicyDocument: { Statement: "*" } }', []],
    ["AWS::SQS::QueuePolicy", '{ PolicyDocument: { Statement: ["*"] } }', []],
    [
      "AWS::SQS::QueuePolicy",
      `{ PolicyDocument: '{"Statement":[{"Effect":"Allow","Principal":"*"}]}' }`,
      ['policy.public-principal «\'{"Statement":[{"Effect":"Allow","Principal":"*"}]}\'»'],
    ],
    ["AWS::IAM::Role", "{ Policies: { PolicyDocument: x } }", []],
  ])("everybody: %s %s", async (type, properties, expected) => {
    expect(withoutForm(await ofResource(type, properties))).toEqual(expected);
  });

  test("everybody is let in who is not denied under a condition", async () => {
    const both =
      '{ Policy: { Statement: [{ Effect: Allow, Principal: "*" }, { Effect: Deny, Principal: "*", Condition: { A: { B: c } } }] } }';
    expect(withoutForm(await ofResource("AWS::ApiGateway::RestApi", both))).toEqual([]);
  });

  test("a Sid twice", async () => {
    const twice =
      "{ PolicyDocument: { Statement: [{ Sid: A, Effect: Allow }, { Sid: B, Effect: Allow }, { Sid: A, Effect: Deny }] } }";
    expect(withoutForm(await ofResource("AWS::IAM::Policy", twice))).toEqual(["policy.duplicate-sid «A»"]);
    expect(withoutForm(await ofResource("AWS::S3::BucketPolicy", twice))).toEqual([]);
  });
});

describe("stores", () => {
  test.each([
    ["AWS::EC2::Volume", "{ Size: 1 }", ["storage.unencrypted «A»"]],
    ["AWS::EC2::Volume", "{ Encrypted: false }", ["storage.unencrypted «false»"]],
    ["AWS::EC2::Volume", "{ Encrypted: true }", []],
    ["AWS::EC2::Volume", "{ SnapshotId: snap-1 }", []],
    ["AWS::EC2::Volume", "{ Encrypted: !ImportValue Encrypted }", []],
    ["AWS::RDS::DBInstance", "{ Engine: postgres }", ["storage.unencrypted «A»"]],
    ["AWS::RDS::DBInstance", "{ Engine: aurora-mysql, DBClusterIdentifier: c }", []],
    ["AWS::RDS::DBInstance", "{ Engine: !ImportValue Engine }", []],
    ["AWS::RDS::DBCluster", "{ Engine: aurora-mysql }", ["storage.unencrypted «A»"]],
    ["AWS::RDS::DBCluster", "{ EngineMode: serverless }", []],
    ["AWS::RDS::DBCluster", "{ SourceDbClusterResourceId: c }", []],
    ["AWS::DocDB::DBCluster", "{ BackupRetentionPeriod: 1 }", ["storage.unencrypted «A»"]],
    ["AWS::DocDB::DBCluster", "{ SnapshotIdentifier: s }", []],
    ["AWS::Neptune::DBCluster", "{ DBSubnetGroupName: n }", ["storage.unencrypted «A»"]],
    ["AWS::Neptune::DBCluster", "{ SourceDBClusterIdentifier: c }", []],
    ["AWS::ElastiCache::ReplicationGroup", "{ Engine: redis }", ["storage.unencrypted «A»"]],
    ["AWS::ElastiCache::ReplicationGroup", "{ Engine: redis, SnapshotName: s }", []],
    ["AWS::ElastiCache::ReplicationGroup", "{ Engine: valkey }", []],
    [
      "AWS::EC2::Instance",
      "{ BlockDeviceMappings: [{ NoDevice: {} }, { Ebs: { Encrypted: false } }] }",
      ["storage.unencrypted «false»"],
    ],
    [
      "AWS::OpenSearchService::Domain",
      "{ EncryptionAtRestOptions: { Enabled: false } }",
      ["storage.unencrypted «false»"],
    ],
    ["AWS::OpenSearchService::Domain", "{ EncryptionAtRestOptions: !ImportValue Options }", []],
    ["AWS::Redshift::Cluster", "{ DBName: a }", []],
    ["AWS::SQS::Queue", "{ SqsManagedSseEnabled: false }", ["storage.unencrypted «false»"]],
    ["AWS::SQS::Queue", "{ SqsManagedSseEnabled: false, KmsMasterKeyId: a }", []],
    [
      "AWS::EC2::LaunchTemplate",
      "{ LaunchTemplateData: { BlockDeviceMappings: [{ Ebs: { VolumeSize: 8 } }, { Ebs: { Encrypted: false } }] } }",
      ["storage.unencrypted «false»"],
    ],
    ["AWS::RDS::DBInstance", "{ StorageEncrypted: true, PubliclyAccessible: true }", ["storage.public «true»"]],
    ["AWS::S3::Bucket", "{ AccessControl: PublicRead, OwnershipControls: { } }", ["storage.public «PublicRead»"]],
    ["AWS::S3::Bucket", "{ AccessControl: LogDeliveryWrite }", ["storage.bucket-acl «LogDeliveryWrite»"]],
    ["AWS::S3::Bucket", "{ AccessControl: Private }", []],
    ["AWS::S3::Bucket", "{ AccessControl: BucketOwnerFullControl }", []],
  ])("%s %s", async (type, properties, expected) => {
    const found = await ofResource(type, properties);
    expect(found.filter((each) => !each.startsWith("import."))).toEqual(expected);
  });
});

describe("references", () => {
  const template = (properties: string) => `
Resources:
  Vpc: { Type: AWS::EC2::VPC }
  Role: { Type: AWS::IAM::Role }
  Subnet: { Type: AWS::EC2::Subnet }
  Api: { Type: AWS::CloudFormation::Stack }
  A: { Type: Test::Function, Properties: ${properties} }
`;
  test.each([
    ["another type", "{ SubnetId: !Ref Vpc }", ["ref.wrong-type «Vpc»"]],
    ["another type in the long form", "{ SubnetId: { Ref: Vpc } }", ["ref.wrong-type «Vpc»"]],
    ["another type in a list", "{ SubnetIds: [!Ref Subnet, !Ref Vpc] }", ["ref.wrong-type «Vpc»"]],
    ["another type in a list that the specification does not know", "{ VpcIds: [!Ref Subnet] }", []],
    ["another type in what is not known to take one", "{ VpcName: !Ref Subnet }", []],
    ["the name of a role for its ARN", "{ Role: !Ref Role }", ["ref.name-for-arn «Role»"]],
    ["a network for its group", "{ GroupId: !Ref Vpc }", ["ref.wrong-type «Vpc»"]],
    ["the group of a network", "{ GroupId: !GetAtt Vpc.DefaultSecurityGroup }", []],
    ["what is wanted", "{ SubnetId: !Ref Subnet, Role: !GetAtt Role.Arn }", []],
    ["an attribute, which may hold anything", "{ SubnetId: !GetAtt Vpc.Anything }", []],
    ["what a stack gives", "{ SubnetId: !GetAtt Api.Outputs.Subnet }", []],
    ["text that holds it", `{ Role: !Sub '$\{Role}', SubnetId: !Join ['', [!Ref Vpc]] }`, []],
    ["a property that takes much", "{ Target: !Ref Vpc }", []],
  ])("%s", async (_, properties, expected) => {
    const found = await placed(template(properties));
    expect(found.filter((each) => each.startsWith("ref."))).toEqual(expected);
  });
});

describe("secrets", () => {
  test.each([
    ["AWS::RDS::DBInstance", "{ StorageEncrypted: true, MasterUserPassword: hunter2 }", ["secret.literal «hunter2»"]],
    [
      "AWS::Lambda::Function",
      "{ Environment: { Variables: { DB_PASSWORD: hunter2, TOKEN_URL: a-b-c } } }",
      ["secret.literal «hunter2»"],
    ],
    [
      "AWS::ECS::TaskDefinition",
      "{ ContainerDefinitions: [{ Environment: [{ Name: API_KEY, Value: hunter2 }] }] }",
      ["secret.literal «hunter2»"],
    ],
    ["AWS::RDS::DBInstance", "{ StorageEncrypted: true, MasterUserPassword: '{{resolve:secretsmanager:a}}' }", []],
    ["AWS::Lambda::Function", "{ Environment: { Variables: { DB_PASSWORD: 'arn:aws:secretsmanager:a' } } }", []],
    [
      "AWS::CodeBuild::Project",
      "{ Environment: { EnvironmentVariables: [{ Name: TOKEN, Type: SECRETS_MANAGER, Value: 'build/token:value' }] } }",
      [],
    ],
    ["AWS::RDS::DBInstance", "{ StorageEncrypted: true, ManageMasterUserPassword: true }", []],
    ["AWS::Cognito::UserPoolClient", "{ TokenValidityUnits: { AccessToken: hours } }", []],
  ])("written out: %s %s", async (type, properties, expected) => {
    expect(await ofResource(type, properties)).toEqual(expected);
  });

  test("a secret is hidden from reviews, and what stands beside it is not", async () => {
    const template = `Parameters: { Word: { Type: String, NoEcho: true } }
Resources:
  A:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Environment: [{ Name: API_KEY, Value: !Ref Word }, { Name: DB_PASSWORD, Value: hunter2 }] }]
`;
    expect(await placed(template)).toEqual(["secret.literal «hunter2»"]);
  });

  test("a parameter's value counts unless it is NoEcho", async () => {
    const template = (more: string) =>
      `Parameters: { Word: { Type: String, Default: hunter2${more} } }\nResources:\n  A: { Type: AWS::DMS::Endpoint, Properties: { Password: !Ref Word } }\n`;
    expect(await placed(template(""))).toEqual(["secret.literal «Word»"]);
    expect(await placed(template(", NoEcho: true"))).toEqual([]);
  });

  test.each([
    ["Password: { Type: String }", ["secret.parameter «Password»"]],
    ["DbPassword: { Type: String, Default: hunter2 }", ["secret.parameter «DbPassword»"]],
    ["DbPassword: { Type: String, NoEcho: true }", []],
    ["CreateSecret: { Type: String, AllowedValues: [yes, no] }", []],
    ["PasswordLength: { Type: Number }", []],
    ["SecretArn: { Type: String }", []],
  ])("parameter %s", async (parameter, expected) => {
    const found = await placed(`Parameters:\n  ${parameter}\nResources:\n  A: { Type: AWS::SNS::Topic }\n`);
    expect(found.filter((each) => each.startsWith("secret."))).toEqual(expected);
  });

  test("keys, wherever they stand, and never in a message", async () => {
    const key = ["AKIA", "Z".repeat(16)].join("");
    const template = `# ${key}\nResources:\n  A: { Type: AWS::SNS::Topic, Metadata: { Key: "-----BEGIN RSA PRIVATE KEY-----" } }\n  # AKIAIOSFODNN7EXAMPLE\n`;
    expect(await placed(template)).toEqual([`secret.key «${key}»`, "secret.key «-----BEGIN RSA PRIVATE KEY-----»"]);
    expect(JSON.stringify((await reviewed(template)).map(({ message, remedy }) => [message, remedy]))).not.toContain(
      key,
    );
  });
});

describe("names, sizes and runtimes", () => {
  test.each([
    ["AWS::S3::Bucket", "{ BucketName: Upper }", ["name.refused «Upper»"]],
    ["AWS::S3::Bucket", "{ BucketName: ab }", ["name.refused «ab»"]],
    ["AWS::ElasticLoadBalancingV2::TargetGroup", `{ Name: ${"a".repeat(33)} }`, [`name.refused «${"a".repeat(33)}»`]],
    ["AWS::SQS::Queue", "{ QueueName: a.fifo }", []],
    ["AWS::SQS::Queue", '{ QueueName: "" }', ['name.refused «""»']],
    ["AWS::Lambda::Function", `{ FunctionName: ${"a".repeat(65)} }`, [`name.refused «${"a".repeat(65)}»`]],
    ["AWS::Lambda::Function", "{ FunctionName: any/thing }", []],
    ["AWS::AutoScaling::AutoScalingGroup", '{ MinSize: "3", MaxSize: "2" }', ['scaling.sizes «"3"»']],
    [
      "AWS::AutoScaling::AutoScalingGroup",
      '{ MinSize: "1", MaxSize: "2", DesiredCapacity: "3" }',
      ['scaling.sizes «"3"»'],
    ],
    ["AWS::AutoScaling::AutoScalingGroup", '{ MinSize: "1", MaxSize: "2", DesiredCapacity: "2" }', []],
    ["AWS::AutoScaling::AutoScalingGroup", '{ MaxSize: 2, DesiredCapacity: "3" }', ['scaling.sizes «"3"»']],
    ["AWS::AutoScaling::AutoScalingGroup", '{ MinSize: 2, DesiredCapacity: "3" }', []],
    ["AWS::AutoScaling::AutoScalingGroup", "{ MinSize: 1, MaxSize: 2, DesiredCapacity: two }", []],
    ["AWS::Lambda::Function", "{ Runtime: nodejs12.x }", ["lambda.old-runtime «nodejs12.x»"]],
    ["AWS::Lambda::Function", "{ Runtime: nodejs24.x }", []],
  ])("%s %s", async (type, properties, expected) => {
    expect(await ofResource(type, properties)).toEqual(expected);
  });

  test("a name grows with the stack's, which a template by itself does not know", async () => {
    const template = `Resources:\n  A: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { Name: !Sub "\${AWS::StackName}-${"a".repeat(31)}" } }\n`;
    const [bare] = await reviewed(template);
    const [named] = await reviewed(template, {
      "desired-state/s.yaml": "template-file-path: t.yaml\nstack-name: web\n",
    });
    expect([bare?.severity, named?.severity]).toEqual(["warning", "error"]);
    expect(named?.message).toBe("Name may have 32 characters; this one has 35.");
  });
});

describe("what is not used", () => {
  const template = (use: string) => `
Parameters:
  Used: { Type: String, Default: a }
  Environment: { Type: String, Default: a }
Mappings: { Sizes: { a: { b: c } } }
Conditions: { Always: !Equals [a, a] }
Resources:
  A: { Type: AWS::Lambda::Function, Properties: { Environment: { Variables: { A: !Ref Used } }, Handler: ${use} } }
`;
  test("is noted", async () => {
    expect(await placed(template("a"))).toEqual([
      "unused.parameter «Environment»",
      "unused.mapping «Sizes»",
      "unused.condition «Always»",
    ]);
  });
  test.each([
    `!Sub '$\{Environment}'`,
    "!Ref Environment",
    "{ Ref: Environment }",
    '{ "Ref" : "Environment" }',
    `{ "Fn::Sub": "a-$\{Environment}" }`,
  ])("%s is a use", async (use) => {
    expect(await placed(template(use))).toEqual(["unused.mapping «Sizes»", "unused.condition «Always»"]);
  });
  test("what a stack file checks is a use", async () => {
    const checks = (...urls: string[]) => ({
      "desired-state/s.yaml": `template-file-path: t.yaml\nchecks:\n${urls.map((url, index) => `  - { name: a${index}, http: { url: ${url} } }\n`).join("")}`,
    });
    const codes = async (...urls: string[]) =>
      (await reviewed(template("a"), checks(...urls))).map(({ code }) => code).filter((code) => /^unused/.test(code));
    expect(await codes("https://example.com")).toEqual(["unused.parameter", "unused.mapping", "unused.condition"]);
    expect(await codes(`!Sub 'https://$\{Environment}.example.com'`)).toEqual(["unused.mapping", "unused.condition"]);
    expect(await codes("!If [Always, !FindInMap [Sizes, a, b], x]")).toEqual(["unused.parameter"]);
  });
  test("a condition that is the same as another by an alias is noted at its name", async () => {
    const aliased = template("!If [Always, a, b]").replace(
      "Conditions: { Always: !Equals [a, a] }",
      "Conditions: { Always: &c !Equals [a, a], Never: *c }",
    );
    const found = await placed(aliased);
    expect(found.filter((each) => each.startsWith("unused.condition"))).toEqual(["unused.condition «Never»"]);
  });

  test("a name that is written with an escape is noted at what it names", async () => {
    const escaped = template("a").replace("Always:", '"Al\\u0077ays":');
    const found = await placed(escaped);
    expect(found.filter((each) => each.startsWith("unused.condition"))).toEqual(["unused.condition «[a, a]»"]);
  });

  test("nothing is said where loops make names", async () => {
    const looped = `Transform: AWS::LanguageExtensions${template("a")}`;
    expect(await placed(looped)).toEqual([]);
  });
});

test("every review has what its page needs, and an id of its own", () => {
  expect(new Set(reviews.map(({ id }) => id)).size).toBe(reviews.length);
  for (const { id, title, about, remedy } of reviews) {
    expect(id).toMatch(/^[a-z]+\.[a-z-]+$/);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(about).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  }
});
