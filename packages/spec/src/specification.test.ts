import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { openSpecification, type Properties, type ResourceFacts } from "./index.ts";

const specification = openSpecification();

function facts(type: string): ResourceFacts {
  const found = specification.resource(type);
  if (!found) throw new Error(`no facts of ${type}`);
  return found;
}

function namesWhere(properties: Properties, createOnly: "yes" | "maybe"): string {
  const names = Object.entries(properties).filter(([, property]) => property.createOnly === createOnly);
  return names.map(([name]) => name).join(" ");
}

const RULE_SOURCES = "SourcePrefixListId SourceSecurityGroupId SourceSecurityGroupName SourceSecurityGroupOwnerId";

test.each([
  {
    type: "AWS::EC2::SecurityGroup",
    ref: ["Id"],
    required: "GroupDescription",
    createOnly: "GroupDescription GroupName VpcId",
    tags: { property: "Tags", style: "standard" },
    attributes: "GroupId Id VpcId",
  },
  {
    type: "AWS::EC2::SecurityGroupIngress",
    ref: ["Id"],
    required: "IpProtocol",
    createOnly: `CidrIp CidrIpv6 FromPort GroupId GroupName IpProtocol ${RULE_SOURCES} ToPort`,
    attributes: "Id",
  },
  {
    type: "AWS::EC2::SecurityGroupEgress",
    ref: ["Id"],
    required: "GroupId IpProtocol",
    createOnly: "CidrIp CidrIpv6 DestinationPrefixListId DestinationSecurityGroupId FromPort GroupId IpProtocol ToPort",
    attributes: "Id",
  },
  {
    type: "AWS::EC2::KeyPair",
    ref: ["KeyName"],
    required: "KeyName",
    createOnly: "KeyFormat KeyName KeyType PublicKeyMaterial Tags",
    tags: { property: "Tags", style: "standard" },
    attributes: "KeyFingerprint KeyPairId",
  },
  {
    type: "AWS::EC2::Instance",
    ref: ["InstanceId"],
    required: "",
    createOnly:
      "AvailabilityZone CpuOptions ElasticGpuSpecifications ElasticInferenceAccelerators EnclaveOptions " +
      "HibernationOptions HostResourceGroupArn ImageId Ipv6AddressCount Ipv6Addresses KeyName LaunchTemplate " +
      "LicenseSpecifications NetworkInterfaces PlacementGroupName PrivateIpAddress SecurityGroups SubnetId",
    maybe:
      "AdditionalInfo Affinity BlockDeviceMappings EbsOptimized HostId InstanceType KernelId PrivateDnsNameOptions " +
      "RamdiskId SecurityGroupIds Tenancy UserData",
    tags: { property: "Tags", style: "standard" },
    attributes: "AvailabilityZone InstanceId PrivateDnsName PrivateIp PublicDnsName PublicIp State VpcId",
  },
  {
    // The one whose Ref is not what names it: the API wants both.
    type: "AWS::EC2::EIP",
    ref: ["PublicIp"],
    primaryIdentifier: ["PublicIp", "AllocationId"],
    required: "",
    createOnly: "Address Domain IpamPoolId NetworkBorderGroup TransferAddress",
    tags: { property: "Tags", style: "standard" },
    attributes: "AllocationId PublicIp",
  },
  {
    type: "AWS::EC2::EIPAssociation",
    ref: ["Id"],
    required: "",
    createOnly: "AllocationId EIP InstanceId NetworkInterfaceId PrivateIpAddress",
    attributes: "Id",
  },
  {
    type: "AWS::ECR::Repository",
    ref: ["RepositoryName"],
    required: "",
    createOnly: "EncryptionConfiguration RepositoryName",
    tags: { property: "Tags", style: "standard" },
    attributes: "Arn RepositoryUri",
  },
  {
    type: "AWS::SSM::Parameter",
    ref: ["Name"],
    required: "Type Value",
    createOnly: "Name",
    tags: { property: "Tags", style: "map" },
    attributes: "Arn Type Value",
  },
  {
    type: "AWS::IAM::Role",
    ref: ["RoleName"],
    required: "AssumeRolePolicyDocument",
    createOnly: "Path RoleName",
    tags: { property: "Tags", style: "standard" },
    attributes: "Arn RoleId",
  },
  {
    type: "AWS::IAM::RolePolicy",
    ref: ["PolicyName", "RoleName"],
    required: "PolicyName RoleName",
    createOnly: "PolicyName RoleName",
    attributes: "",
  },
  {
    type: "AWS::IAM::ManagedPolicy",
    ref: ["PolicyArn"],
    required: "PolicyDocument",
    createOnly: "Description ManagedPolicyName Path",
    attributes:
      "AttachmentCount CreateDate DefaultVersionId IsAttachable PermissionsBoundaryUsageCount PolicyArn PolicyId UpdateDate",
  },
  {
    type: "AWS::IAM::InstanceProfile",
    ref: ["InstanceProfileName"],
    required: "Roles",
    createOnly: "InstanceProfileName Path",
    attributes: "Arn",
  },
  {
    type: "AWS::IAM::OIDCProvider",
    ref: ["Arn"],
    required: "",
    createOnly: "Url",
    tags: { property: "Tags", style: "standard" },
    attributes: "Arn",
  },
  {
    type: "AWS::CloudFront::Distribution",
    ref: ["Id"],
    required: "DistributionConfig",
    createOnly: "",
    tags: { property: "Tags", style: "standard" },
    attributes: "DomainName Id",
  },
])("$type: Ref, identifier, required, create-only, tags and attributes", (expected) => {
  const { properties, attributes, ref, primaryIdentifier, tags, type } = facts(expected.type);
  const required = Object.entries(properties).filter(([, property]) => property.required);
  expect({
    type,
    ref,
    primaryIdentifier,
    required: required.map(([name]) => name).join(" "),
    createOnly: namesWhere(properties, "yes"),
    maybe: namesWhere(properties, "maybe"),
    tags,
    attributes: Object.keys(attributes).join(" "),
  }).toEqual({ primaryIdentifier: expected.ref, maybe: "", tags: undefined, ...expected });
});

test("AWS has more than 1,700 types, in the order of the alphabet, each of them known by name", () => {
  const types = specification.types();
  expect(types.length).toBeGreaterThan(1700);
  expect(types).toEqual([...types].sort());
  expect(types.filter((type) => !specification.has(type))).toEqual([]);
});

test("every type has facts, and each of them refers only to definitions that it has", () => {
  const broken: string[] = [];
  for (const type of specification.types()) {
    const { definitions } = facts(type);
    const text = JSON.stringify(facts(type));
    for (const [, name = ""] of text.matchAll(/"kind":"object","definition":"([^"]+)"/g)) {
      if (!definitions[name]) broken.push(`${type}: ${name}`);
    }
    if (facts(type).type !== type) broken.push(type);
  }
  expect(broken).toEqual([]);
});

test.each([
  ["an unknown type", "AWS::EC2::Nothing"],
  ["the wrong case", "AWS::ec2::Instance"],
  ["a name of JavaScript", "__proto__"],
  ["a path", "../../package"],
])("%s is not found: %s", (_, type) => {
  expect(specification.has(type)).toBe(false);
  expect(specification.resource(type)).toBeUndefined();
  expect(specification.propertyAt(type, "/Tags")).toBeUndefined();
  expect(specification.propertiesAt(type, "")).toBeUndefined();
  expect(specification.documentation(type)).toBeUndefined();
});

test.each([
  ["a string with allowed values", "AWS::EC2::KeyPair", "/KeyType", { kind: "string", values: ["rsa", "ed25519"] }],
  ["a boolean", "AWS::ECR::Repository", "/ImageScanningConfiguration/ScanOnPush", { kind: "boolean" }],
  [
    "an integer in a list, by index",
    "AWS::EC2::SecurityGroup",
    "/SecurityGroupIngress/0/FromPort",
    { kind: "integer" },
  ],
  ["an integer in a list, any", "AWS::EC2::SecurityGroup", "/SecurityGroupIngress/*/FromPort", { kind: "integer" }],
  ["a list element", "AWS::EC2::SecurityGroup", "/SecurityGroupIngress/12", { kind: "object", definition: "Ingress" }],
  ["a tag, which AWS builds in", "AWS::EC2::SecurityGroup", "/Tags/0/Value", { kind: "string" }],
  ["a key of a map", "AWS::SSM::Parameter", "/Tags/any~1key", { kind: "string" }],
  ["inside a policy document", "AWS::IAM::Role", "/AssumeRolePolicyDocument/Statement/0/Effect", { kind: "json" }],
  [
    "a document that may be text",
    "AWS::ECR::Repository",
    "/RepositoryPolicyText",
    { kind: "union", of: [{ kind: "json" }, { kind: "string" }] },
  ],
  ["the object branch of a union", "AWS::DynamoDB::Table", "/KeySchema/0/KeyType", { kind: "string" }],
  [
    "a type that contains itself",
    "AWS::WAFv2::WebACL",
    "/Rules/0/Statement/AndStatement/Statements/*/NotStatement/Statement/GeoMatchStatement/CountryCodes/0",
    { kind: "string" },
  ],
])("%s: the type of %s %s", (_, type, pointer, expected) => {
  expect(specification.propertyAt(type, pointer)?.type).toEqual(expected);
});

test.each([
  ["the resource itself", ""],
  ["an unknown property", "/Nothing"],
  ["an unknown nested property", "/SecurityGroupIngress/0/Nothing"],
  ["a name where an index belongs", "/SecurityGroupIngress/first"],
  ["an index with a leading zero", "/SecurityGroupIngress/01"],
  ["something below a string", "/GroupName/0"],
  ["names of JavaScript", "/constructor/prototype"],
  ["names of JavaScript, nested", "/SecurityGroupIngress/0/toString"],
])("%s is no property: %j", (_, pointer) => {
  expect(specification.propertyAt("AWS::EC2::SecurityGroup", pointer)).toBeUndefined();
});

test("text that is no pointer is a mistake of the caller", () => {
  expect(() => specification.propertyAt("AWS::EC2::SecurityGroup", "GroupName")).toThrow("not a JSON pointer");
});

test.each([
  ["said of the nested property itself", "AWS::EC2::Instance", "/BlockDeviceMappings/0/Ebs/KmsKeyId", "yes"],
  ["said of the list that holds it", "AWS::EC2::Instance", "/BlockDeviceMappings/0/NoDevice", "maybe"],
  ["said of the list of which it is an element", "AWS::EC2::Instance", "/SecurityGroups/0", "yes"],
  ["said of the tags as a whole", "AWS::EC2::KeyPair", "/Tags/0/Value", "yes"],
  ["said nowhere", "AWS::EC2::SecurityGroup", "/SecurityGroupIngress/0/CidrIp", undefined],
])("create-only, %s: %s %s", (_, type, pointer, expected) => {
  expect(specification.propertyAt(type, pointer)?.createOnly).toBe(expected);
});

test("looking at a nested place leaves what is said of the definition as it is", () => {
  specification.propertyAt("AWS::EC2::KeyPair", "/Tags/0/Value");
  expect(facts("AWS::EC2::KeyPair").definitions.Tag?.properties.Value).toEqual({
    type: { kind: "string" },
    required: true,
  });
});

test("a default is a value, not its text", () => {
  expect(specification.propertyAt("AWS::EC2::KeyPair", "/KeyType")?.default).toBe("rsa");
  expect(specification.propertyAt("AWS::EC2::Instance", "/HibernationOptions/Configured")?.default).toBe(false);
});

test("a reference names the type and what of it is meant", () => {
  expect(specification.propertyAt("AWS::EC2::Instance", "/SubnetId")?.references).toContainEqual({
    type: "AWS::EC2::Subnet",
    property: "SubnetId",
  });
});

test("a deprecated property says so", () => {
  const deprecated = specification
    .types()
    .flatMap((type) => Object.values(facts(type).properties))
    .filter((property) => property.deprecated);
  expect(deprecated.length).toBeGreaterThan(10);
});

test("an attribute of a nested object is found under its dotted name", () => {
  expect(facts("AWS::RDS::DBInstance").attributes["Endpoint.Address"]?.type).toEqual({ kind: "string" });
});

test("an ARN has the form that IAM documents", () => {
  expect(facts("AWS::ECR::Repository").arnTemplate).toMatch(
    /^arn:\$\{Partition\}:ecr:.*:repository\/\$\{RepositoryName\}$/,
  );
});

test("a type that AWS gives up says why", () => {
  expect(facts("AWS::QLDB::Ledger").deprecated).toEqual({ reason: "Amazon QLDB was shut down in July 2025." });
  expect(facts("AWS::AutoScaling::LaunchConfiguration").deprecated?.instead).toBe("Use AWS::EC2::LaunchTemplate.");
  expect(facts("AWS::AutoScaling::AutoScalingGroup").deprecated).toBeUndefined();
});

test("the actions of IAM, by service", () => {
  expect(specification.actionServices()).toContain("s3");
  expect(specification.actions("s3")).toEqual(expect.arrayContaining(["GetObject", "ListAllMyBuckets"]));
  expect(specification.actions("s4")).toBeUndefined();
  expect(specification.actions("constructor")).toBeUndefined();
});

test("a type that needs a transform says which", () => {
  expect(facts("AWS::Serverless::Function").transform).toBe("AWS::Serverless-2016-10-31");
});

test.each([
  ["the resource", "AWS::SSM::Parameter", "", "Value"],
  ["a nested object", "AWS::ECR::Repository", "/ImageScanningConfiguration", "ScanOnPush"],
  ["an element of a list", "AWS::EC2::SecurityGroup", "/SecurityGroupIngress/0", "CidrIp"],
  ["objects in one branch of a union", "AWS::DynamoDB::Table", "/KeySchema/*", "KeyType"],
])("the properties that %s may have: %s %j", (_, type, pointer, name) => {
  expect(Object.keys(specification.propertiesAt(type, pointer) ?? {})).toContain(name);
});

test.each([
  ["a string", "/Name"],
  ["a map, whose keys the user chooses", "/Tags"],
  ["nothing", "/Nothing"],
])("%s has no properties of its own: %s", (_, pointer) => {
  expect(specification.propertiesAt("AWS::SSM::Parameter", pointer)).toBeUndefined();
});

test.each([
  ["a type", "", /users can push and pull Docker images/],
  ["a property", "/RepositoryName", /name to use for the repository/],
  ["a nested property", "/ImageScanningConfiguration/ScanOnPush", /scanned after being pushed/],
])("the documentation of %s: %s", (_, pointer, text) => {
  expect(specification.documentation("AWS::ECR::Repository", pointer)).toMatch(text);
});

test("an element is documented by its type, its list by the property", () => {
  const type = "AWS::EC2::SecurityGroup";
  expect(specification.documentation(type, "/SecurityGroupIngress/0")).toMatch(/^Adds an inbound/);
  expect(specification.documentation(type, "/SecurityGroupIngress")).toMatch(/^The inbound rules/);
});

test("the documentation of an attribute", () => {
  expect(specification.attributeDocumentation("AWS::ECR::Repository", "RepositoryUri")).toMatch(/URI/);
});

test.each([
  ["property", specification.documentation("AWS::ECR::Repository", "/Nothing")],
  ["attribute", specification.attributeDocumentation("AWS::ECR::Repository", "constructor")],
])("there is no documentation of an unknown %s", (_, text) => {
  expect(text).toBeUndefined();
});

test("names are answered from the index, a service's facts are read once, its documentation only when asked for", () => {
  const read: string[] = [];
  const counted = openSpecification(undefined, (path) => {
    read.push(basename(path));
    return JSON.parse(readFileSync(path, "utf8"));
  });
  expect(read).toEqual([]);

  counted.has("AWS::ECR::Repository");
  counted.has("AWS::ECR::Nothing");
  counted.types();
  counted.nearestType("AWS::ECR::Repo");
  counted.resource("AWS::ECR::Nothing");
  expect(read).toEqual(["index.json"]);

  counted.resource("AWS::ECR::Repository");
  counted.resource("AWS::ECR::PublicRepository");
  counted.propertyAt("AWS::ECR::Repository", "/Tags/0/Key");
  expect(read).toEqual(["index.json", "ecr.json"]);

  counted.documentation("AWS::ECR::Repository");
  counted.documentation("AWS::ECR::Repository", "/Tags");
  expect(read).toEqual(["index.json", "ecr.json", "ecr.docs.json"]);
});

test("a folder without data is named, with what makes them", () => {
  expect(() => openSpecification("/nowhere").has("AWS::ECR::Repository")).toThrow(
    /\/nowhere\/index\.json is missing.*prepare/,
  );
});
