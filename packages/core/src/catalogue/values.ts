import type { Family } from "./model.ts";
import { above, parameter, resource, stackFile } from "./samples.ts";

const guide = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide";
const types = `${guide}/aws-template-resource-type-ref.html`;
const parameters = `${guide}/parameters-section-structure.html`;

function declared(constraint: string): string {
  return above(`Parameters: { Size: { ${constraint} } }`);
}

export const values: Family = {
  title: "Parameters, types and properties",
  about:
    "Told when values are held against the parameters of a template, and against AWS's own specification of every type.",
  entries: {
    "parameter.allowed-values": {
      says: "A value is not one of those that a parameter allows.",
      why: "AllowedValues lists all of them, in the same case.",
      mend: "Use one of them.",
      see: parameters,
      example: declared("Type: String, Default: smal, AllowedValues: [small, large]"),
    },
    "parameter.length": {
      says: "A value is too short or too long for its parameter.",
      why: "MinLength and MaxLength say how many characters it has.",
      mend: "Use one that fits, or change the limit.",
      see: parameters,
      example: declared("Type: String, Default: s, MinLength: 2"),
    },
    "parameter.number": {
      says: "A value is not a number.",
      why: "The parameter has the type Number, or is a list of numbers.",
      mend: "Write a number, or make it a String.",
      see: parameters,
      example: declared("Type: Number, Default: ten"),
    },
    "parameter.pattern": {
      says: "A value does not match the pattern of its parameter.",
      why: "AllowedPattern must match the whole value.",
      mend: "Use a value that it matches; ConstraintDescription often says what is meant.",
      see: parameters,
      example: declared("Type: String, Default: Small, AllowedPattern: '[a-z]+'"),
    },
    "parameter.pattern-syntax": {
      says: "The pattern of a parameter is no regular expression.",
      why: "A bracket without an end, or a repetition of nothing.",
      mend: "Correct the pattern.",
      see: parameters,
      example: declared("Type: String, Default: small, AllowedPattern: '[a-z'"),
    },
    "parameter.pattern-unchecked": {
      says: "The pattern of a parameter is not checked here.",
      why: "Patterns are matched in linear time, so that no template can keep a run busy for ever. Look-around, back-references and possessive repetition have no such way.",
      mend: "Write it without them to have it checked. AWS checks what it is sent in any case.",
      see: "https://github.com/google/re2/wiki/Syntax",
      example: declared("Type: String, Default: small, AllowedPattern: '(?!x)[a-z]+'"),
    },
    "parameter.range": {
      says: "A number is outside the range of its parameter.",
      why: "MinValue and MaxValue say from where to where.",
      mend: "Use one that is in it, or change the limit.",
      see: parameters,
      example: declared("Type: Number, Default: 11, MaxValue: 10"),
    },
    "parameter.missing": {
      says: "A parameter has no value.",
      why: "It has no Default, and the stack file gives it none. Of a template alone that is a note: its values are given where it is used.",
      mend: "Add it to parameters: in the stack file, or give it a Default.",
      see: parameters,
      example: stackFile([], `Parameters: { Size: { Type: String } }\n${parameter("Value: !Ref Size")}`),
    },
    "parameter.unknown": {
      says: "The template has no such parameter.",
      why: "A value is given for a name that it does not declare.",
      mend: "Correct the name, remove the value, or declare the parameter.",
      example: stackFile(["parameters: { Size: small }"]),
    },
    "input.env-missing": {
      says: "A variable of the environment is not set.",
      why: "A stack file asks for it with { env: NAME }. What is not set is never taken for empty.",
      mend: "Set it for this run. In GitHub Actions: env: with the secret.",
      example: stackFile(
        ["parameters: { Size: { env: SIZE_OF_GREETING } }"],
        `Parameters: { Size: { Type: String } }\n${parameter("Value: !Ref Size")}`,
      ),
    },
    "type.unknown": {
      says: "There is no such resource type.",
      why: "It is in neither AWS's specification, which lists all 1,800 types, nor among those of CloudFormation's registry.",
      mend: "Correct the name.",
      see: types,
      example: resource("AWS::SSM::Paramter"),
    },
    "type.deprecated": {
      says: "AWS says that a type is deprecated.",
      why: "Its service is closed, or another type has taken its place.",
      mend: "Use what AWS names instead.",
      example: resource("AWS::OpsWorks::Stack", "DefaultInstanceProfileArn: arn", "Name: x", "ServiceRoleArn: arn"),
    },
    "not-yet.type": {
      says: "There is no provider for a type of AWS's yet.",
      why: "Its properties are checked against AWS's specification; to read and change such a resource needs a provider. A plan refuses it, validation only mentions it.",
      mend: "Manage the resource elsewhere until there is one, or leave it out with --skip-unsupported.",
      example: resource("AWS::SQS::Queue", "QueueName: jobs"),
    },
    "not-yet.attribute": {
      says: "An attribute of AWS's is not supported yet.",
      why: "AWS's specification lists it, and the provider of the type does not read it.",
      mend: "Use another attribute, or give the value as a parameter.",
    },
    "unsupported.type": {
      says: "A type is a feature of CloudFormation's service, or of its registry.",
      why: "Custom resources, wait conditions, stack sets, modules and types of other organisations are code that CloudFormation runs.",
      mend: "Declare the resources that it would make, or leave it out with --skip-unsupported.",
      example: resource("Custom::Greeting", "ServiceToken: arn:aws:lambda:us-east-1:123456789012:function:greet"),
    },
    "unsupported.attribute": {
      says: "An attribute of a resource has no effect here.",
      why: "CreationPolicy and UpdatePolicy tell CloudFormation's service what to wait for, or how to roll a change out. The resource is the same without.",
      mend: "Write checks: in the stack file to wait until the resource does its work.",
      see: `${guide}/aws-product-attribute-reference.html`,
      example: `Resources:\n  Example:\n    Type: AWS::SSM::Parameter\n    UpdatePolicy: { UseOnlineResharding: true }\n    Properties: { Type: String, Value: hello }\n`,
    },
    "unsupported.metadata": {
      says: "Metadata is read by CloudFormation's helper scripts only.",
      why: "cfn-init and cfn-hup ask CloudFormation's service for it, and the service does not know resources that it has not made.",
      mend: "Do it in UserData, or in the image.",
      example: `Resources:\n  Example:\n    Type: AWS::SSM::Parameter\n    Metadata: { "AWS::CloudFormation::Init": { config: {} } }\n    Properties: { Type: String, Value: hello }\n`,
    },
    "unsupported.section": {
      says: "A section of a template is carried out by CloudFormation's service only.",
      why: "Hooks hand a deployment of containers to CodeDeploy.",
      mend: "Remove the section.",
      example: above("Hooks: { Greet: { Type: AWS::CodeDeploy::BlueGreen } }"),
    },
    "unsupported.transform": {
      says: "A macro has to change the template before it is one.",
      why: "The Serverless Application Model and other macros are functions that CloudFormation's service runs. AWS::LanguageExtensions is evaluated here.",
      mend: "Use the template that it produces: aws cloudformation get-template --template-stage Processed.",
      see: `${guide}/transform-reference.html`,
      example: above("Transform: AWS::Serverless-2016-10-31"),
    },
    "property.unknown": {
      says: "A type has no such property.",
      why: "It is in AWS's documentation of neither the type nor of the object that it stands in. AWS would refuse it.",
      mend: "Correct the name, or move it to where it belongs: reconcile explain TYPE lists all.",
      see: types,
      example: parameter("Value: hello", "Tipe: String"),
    },
    "property.read-only": {
      says: "A value is declared that only AWS sets.",
      why: "It is an attribute of the type. CloudFormation takes such a value without a word and passes it over, so that it is not what it says.",
      mend: "Remove it. Where it is needed, !GetAtt reads it.",
      see: types,
      example: resource("AWS::ECR::Repository", "RepositoryUri: example.com/app"),
    },
    "property.missing": {
      says: "A property is missing.",
      why: "AWS makes no such resource without it.",
      mend: "Add it.",
      see: types,
      example: resource("AWS::SSM::Parameter", "Type: String"),
    },
    "property.type": {
      says: "The value of a property has the wrong type.",
      why: "A list is asked for and a map is there, or a number and text that is none. Numbers in quotes, and single values in the place of a list of one, are understood.",
      mend: "Write what is asked for.",
      see: types,
      example: parameter("Value: [hello]", "Tags: hello"),
    },
    "property.value": {
      says: "A property cannot have this value.",
      why: "AWS allows a few values only.",
      mend: "Use one of them.",
      see: types,
      example: parameter("Value: hello", "Tier: Premium"),
    },
    "property.pattern": {
      says: "A value does not have the form that AWS asks for.",
      why: "AWS gives a pattern for it: an ARN, a range of addresses, a name without spaces.",
      mend: "Correct the value.",
      see: types,
      example: parameter("Value: hello", "Name: my greeting"),
    },
    "property.length": {
      says: "A value is too short or too long.",
      why: "AWS limits the characters of a text and the elements of a list.",
      mend: "Shorten it, or add what is missing.",
      see: types,
      example: parameter("Value: hello", `Description: ${"very ".repeat(210)}long`),
    },
    "property.range": {
      says: "A number is too small or too large.",
      why: "AWS limits it.",
      mend: "Write a number that is in the range.",
      see: types,
    },
    "property.conflict": {
      says: "Properties do not go together.",
      why: "Of some properties only one may be there, or one needs another.",
      mend: "Change or remove one of them.",
      see: types,
      example: resource(
        "AWS::EC2::SecurityGroup",
        "GroupDescription: web",
        "SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.0.0/8, CidrIpv6: fd00::/8 }]",
      ),
    },
    "property.deprecated": {
      says: "AWS says that a property is deprecated.",
      why: "It still works, and will not for ever.",
      mend: "See what AWS's documentation of the property recommends.",
    },
    "property.unsupported": {
      says: "A property of AWS's is not supported yet.",
      why: "The provider of the type neither reads nor sets it. To pass over it would be to say that it is as declared.",
      mend: "Remove it, or manage the resource elsewhere.",
      example: resource("AWS::ECR::Repository", "EmptyOnDelete: true"),
    },
    "slot.declared-twice": {
      says: "The same element is declared twice.",
      why: "A rule stands in its security group and as a resource of its own, or twice in one list. Each would be made and deleted by the other.",
      mend: "Declare it once.",
      example: resource(
        "AWS::EC2::SecurityGroup",
        "GroupDescription: web",
        "SecurityGroupIngress:",
        "  - { IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.0.0/8 }",
        "  - { IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.0.0/8 }",
      ),
    },
    "name.declared-twice": {
      says: "Two resources have the same name.",
      why: "In an account and region there is one of a name and type: the two would be changed in turns.",
      mend: "Give one of them another name, or none so that one is generated.",
      example: [
        "Resources:",
        "  One: { Type: AWS::SSM::Parameter, Properties: { Name: greeting, Type: String, Value: hello } }",
        "  Two: { Type: AWS::SSM::Parameter, Properties: { Name: greeting, Type: String, Value: goodbye } }",
        "",
      ].join("\n"),
    },
    "deletion-policy.snapshot": {
      says: "A type has no snapshots that could be made before it is deleted.",
      why: "Snapshot is for volumes, databases, clusters and caches.",
      mend: "Use Retain or Delete.",
      see: `${guide}/aws-attribute-deletionpolicy.html`,
    },
    "expires.referred": {
      says: "Something refers to a resource that expires.",
      why: "After its day the resource is gone, and the reference would lead nowhere.",
      mend: "Remove the reference, or expires.",
      example: [
        "Resources:",
        "  One:",
        "    Type: AWS::SSM::Parameter",
        '    Metadata: { Reconcile: { expires: "2099-01-31" } }',
        "    Properties: { Type: String, Value: hello }",
        "  Two: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref One } }",
        "",
      ].join("\n"),
    },
    "skipped.dependent": {
      says: "A resource is left out, because it refers to one that is left out, or waits for it.",
      why: "With --skip-unsupported what is not supported is left out, and with it everything that needs it. What only waits for it (`DependsOn`) is not made either: whether it could do without is not for a program to guess.",
      mend: "Give it the value as a parameter, or remove the DependsOn, and it is part of the run.",
    },
    "quota.rules-per-security-group": {
      says: "A security group has more rules than the account allows.",
      why: "AWS allows 60 in each direction, for IPv4 and IPv6 by themselves; a prefix list counts as many as it may have entries, CloudFront's 55.",
      mend: "Spread them over several groups, or raise the quota and say so in reconcile.yaml.",
      see: "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
      example: resource(
        "AWS::EC2::SecurityGroup",
        "GroupDescription: web",
        "SecurityGroupIngress:",
        ...Array.from(
          { length: 61 },
          (_, index) =>
            `  - { IpProtocol: tcp, FromPort: ${8000 + index}, ToPort: ${8000 + index}, CidrIp: 10.0.0.0/8 }`,
        ),
      ),
    },
    "rule.no-effect": {
      says: "A rule of a security group has no effect.",
      why: "Packets from 127.0.0.0/8 or ::1 never leave the host, so none ever passes a security group.",
      mend: "Remove it. That a service is reached from its own host only is up to what it listens on.",
      example: resource(
        "AWS::EC2::SecurityGroup",
        "GroupDescription: web",
        "SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 127.0.0.1/32 }]",
      ),
    },
    "distribution.plain-origin": {
      says: "CloudFront speaks to an origin without encryption.",
      why: "Whatever visitors use, everybody on the way between CloudFront and the origin can read along.",
      mend: "Give the origin a certificate and take OriginProtocolPolicy: https-only.",
      see: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html",
      example: distribution("http-only"),
    },
    "distribution.root-is-health-check": {
      says: "Visitors of / get what looks like a health check.",
      why: "DefaultRootObject is what CloudFront asks the origin for in the place of /.",
      mend: "Name the page that visitors should see, or leave it out.",
      see: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DefaultRootObject.html",
      example: distribution("https-only", "DefaultRootObject: health"),
    },
    "distribution.unused-opening": {
      says: "A port is open to CloudFront, and no origin is reached there.",
      why: "The port of the rule and that of the origin differ: CloudFront gets no answer, and something else is open.",
      mend: "Correct one of the two, or remove the rule.",
    },
  },
};

function distribution(policy: string, ...more: readonly string[]): string {
  return resource(
    "AWS::CloudFront::Distribution",
    "DistributionConfig:",
    "  Enabled: true",
    ...more.map((line) => `  ${line}`),
    "  Origins:",
    `    - { Id: web, DomainName: web.example.com, CustomOriginConfig: { OriginProtocolPolicy: ${policy} } }`,
    "  DefaultCacheBehavior:",
    "    TargetOriginId: web",
    "    ViewerProtocolPolicy: redirect-to-https",
    "    CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6",
  );
}
