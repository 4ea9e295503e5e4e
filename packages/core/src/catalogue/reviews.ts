import { reviews as all } from "../validate/review/index.ts";
import type { Entry, Family } from "./model.ts";
import { above, parameter, resource } from "./samples.ts";

function rule(text: string): string {
  return resource(
    "AWS::EC2::SecurityGroupIngress",
    "GroupId: sg-0123456789abcdef0",
    "IpProtocol: tcp",
    ...text.split(", "),
  );
}

function policy(...statement: readonly string[]): string {
  return resource(
    "AWS::IAM::ManagedPolicy",
    "PolicyDocument:",
    '  Version: "2012-10-17"',
    "  Statement:",
    ...statement.map((line) => `    - { ${line} }`),
  );
}

function subnets(...ranges: readonly string[]): string {
  const lines = ranges.map(
    (range, index) =>
      `  Subnet${index}: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: ${range} } }`,
  );
  return ["Resources:", "  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }", ...lines, ""].join(
    "\n",
  );
}

const open = "CidrIp: 0.0.0.0/0";
const role = [
  "  Role:",
  "    Type: AWS::IAM::Role",
  "    Properties:",
  "      AssumeRolePolicyDocument:",
  "        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }]",
];
const lambda = ["Code: { S3Bucket: artifacts, S3Key: hello.zip }", "Handler: index.handler", "Runtime: nodejs22.x"];

/** The smallest template for each review; what is said of it stands with the review itself. */
const examples: Readonly<Record<string, string>> = {
  "arn.form": resource(
    "AWS::Lambda::Permission",
    "Action: lambda:InvokeFunction",
    "FunctionName: hello",
    "Principal: s3.amazonaws.com",
    "SourceArn: arn:aws:s3:pictures",
  ),
  "ecs.fargate-size": resource(
    "AWS::ECS::TaskDefinition",
    "RequiresCompatibilities: [FARGATE]",
    "NetworkMode: awsvpc",
    'Cpu: "512"',
    'Memory: "512"',
  ),
  "ref.may-be-absent": [
    "Parameters:",
    "  Alerts: { Type: String, Default: yes }",
    "Conditions:",
    "  HasAlerts: !Equals [!Ref Alerts, yes]",
    "Resources:",
    "  Topic: { Type: AWS::SNS::Topic, Condition: HasAlerts }",
    "Outputs:",
    "  TopicArn: { Value: !Ref Topic }",
    "",
  ].join("\n"),
  "network.port-range": resource(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "Port: 80800",
    "Protocol: HTTP",
    "VpcId: vpc-0123456789abcdef0",
  ),
  "network.range-form": resource(
    "AWS::EC2::Route",
    "RouteTableId: rtb-0123456789abcdef0",
    "DestinationCidrBlock: 10.0.0.0/64",
  ),
  "cdk.asset": resource(
    "AWS::Lambda::Function",
    `Code: { S3Bucket: cdk-hnb659fds-assets-123456789012-us-east-1, S3Key: ${"0123456789abcdef".repeat(4)}.zip }`,
    ...lambda.slice(1),
    "Role: arn:aws:iam::123456789012:role/hello",
  ),
  "dynamodb.attributes": resource(
    "AWS::DynamoDB::Table",
    "BillingMode: PAY_PER_REQUEST",
    "AttributeDefinitions: [{ AttributeName: Id, AttributeType: S }, { AttributeName: Title, AttributeType: S }]",
    "KeySchema: [{ AttributeName: Id, KeyType: HASH }]",
  ),
  "lambda.old-runtime": resource(
    "AWS::Lambda::Function",
    ...lambda.slice(0, 2),
    "Role: arn:aws:iam::123456789012:role/hello",
    "Runtime: nodejs8.10",
  ),
  "name.refused": resource("AWS::S3::Bucket", "BucketName: Greetings"),
  "network.admin-port-open": rule(`FromPort: 22, ToPort: 22, ${open}`),
  "network.all-ports-open": rule(`FromPort: 0, ToPort: 65535, ${open}`),
  "network.database-port-open": rule(`FromPort: 5432, ToPort: 5432, ${open}`),
  "network.empty-port-range": rule("FromPort: 90, ToPort: 80, CidrIp: 10.0.0.0/8"),
  "network.subnet-outside": subnets("10.1.0.0/24"),
  "network.subnets-overlap": subnets("10.0.0.0/24", "10.0.0.128/25"),
  "policy.duplicate-sid": policy(
    "Sid: One, Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::greetings/*'",
    "Sid: One, Effect: Allow, Action: s3:PutObject, Resource: 'arn:aws:s3:::greetings/*'",
  ),
  "policy.form": policy("Effect: allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::greetings/*'"),
  "policy.no-version": resource(
    "AWS::IAM::ManagedPolicy",
    "PolicyDocument: { Statement: [{ Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::greetings/*' }] }",
  ),
  "policy.full-access": policy("Effect: Allow, Action: '*', Resource: '*'"),
  "policy.pass-any-role": policy("Effect: Allow, Action: iam:PassRole, Resource: '*'"),
  "policy.public-principal": resource(
    "AWS::S3::BucketPolicy",
    "Bucket: greetings",
    "PolicyDocument: { Statement: [{ Effect: Allow, Principal: '*', Action: s3:GetObject, Resource: 'arn:aws:s3:::greetings/*' }] }",
  ),
  "policy.unknown-action": policy("Effect: Allow, Action: s3:GetObjekt, Resource: 'arn:aws:s3:::greetings/*'"),
  "ref.name-for-arn": [
    "Resources:",
    "  Hello:",
    "    Type: AWS::Lambda::Function",
    "    Properties:",
    ...[...lambda, "Role: !Ref Role"].map((line) => `      ${line}`),
    ...role,
    "",
  ].join("\n"),
  "ref.wrong-type": [
    "Resources:",
    "  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }",
    "  Server: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-0123456789abcdef0, SubnetId: !Ref Vpc } }",
    "",
  ].join("\n"),
  "scaling.sizes": resource("AWS::AutoScaling::AutoScalingGroup", "MinSize: 3", "MaxSize: 2"),
  // Put together here, so that nobody who looks for keys in this repository finds one.
  "secret.key": parameter(`Value: ${["AKIA", "Q3EGRZ7N5XWMB2TL"].join("")}`),
  "secret.literal": resource(
    "AWS::RDS::DBInstance",
    "Engine: postgres",
    "StorageEncrypted: true",
    "MasterUsername: admin",
    "MasterUserPassword: correct-horse",
  ),
  "secret.parameter": above("Parameters: { DatabasePassword: { Type: String, Default: correct-horse } }"),
  "storage.bucket-acl": resource("AWS::S3::Bucket", "AccessControl: LogDeliveryWrite"),
  "storage.public": resource(
    "AWS::RDS::DBInstance",
    "Engine: postgres",
    "StorageEncrypted: true",
    "PubliclyAccessible: true",
  ),
  "storage.unencrypted": resource("AWS::EC2::Volume", "AvailabilityZone: us-east-1a", "Size: 8"),
  "unused.condition": above("Conditions: { Never: !Equals [a, b] }"),
  "unused.mapping": above("Mappings: { Sizes: { production: { size: large } } }"),
  "unused.parameter": above("Parameters: { Size: { Type: String, Default: small } }"),
};

const ofReviews = all.map(({ id, title, about, remedy }): [string, Entry] => {
  const example = examples[id];
  return [id, { says: `${title}.`, why: about, mend: remedy, ...(example !== undefined && { example }) }];
});

const comment = (text: string) => parameter(`Value: hello # reconcile-ignore ${text}`);

export const reviews: Family = {
  title: "What a reviewer would say",
  about:
    "Told of templates that AWS would take. Their severity can be set under `checks:` in reconcile.yaml, `off` included, and a comment `# reconcile-ignore ID: reason` silences one at its line.",
  entries: {
    ...Object.fromEntries(ofReviews),
    "ignore.no-reason": {
      says: "A comment silences a check without a reason.",
      why: "Whoever reads it next year has to know whether it still may be so. Without a reason the check is not silenced.",
      mend: "Write why: # reconcile-ignore ID: reason.",
      example: comment("storage.unencrypted"),
    },
    "ignore.unknown-check": {
      says: "A comment silences a check that does not exist.",
      why: "A misspelt one silences nothing. Errors of the language and of AWS's types cannot be silenced.",
      mend: "Correct the name.",
      example: comment("storage.unencryptd: it is public anyway"),
    },
    "ignore.unused": {
      says: "A comment silences a check that says nothing there.",
      why: "What it was written for is mended, or has moved to another line.",
      mend: "Remove the comment.",
      example: comment("storage.unencrypted: it is public anyway"),
    },
  },
};
