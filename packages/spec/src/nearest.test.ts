import { expect, test } from "vitest";
import { openSpecification } from "./index.ts";

const specification = openSpecification();

test.each([
  ["a plural", "AWS::EC2::SecurityGroups", "AWS::EC2::SecurityGroup"],
  ["a plural", "AWS::SSM::Parameters", "AWS::SSM::Parameter"],
  ["a plural that changes letters", "AWS::IAM::ManagedPolicies", "AWS::IAM::ManagedPolicy"],
  ["wrong case in the service", "AWS::Ec2::Instance", "AWS::EC2::Instance"],
  ["wrong case in the resource", "AWS::IAM::OidcProvider", "AWS::IAM::OIDCProvider"],
  ["wrong case where another type is one letter away", "AWS::EC2::eip", "AWS::EC2::EIP"],
  ["a letter missing", "AWS::CloudFront::Distributon", "AWS::CloudFront::Distribution"],
  ["two letters swapped", "AWS::ECR::Repositroy", "AWS::ECR::Repository"],
  ["a neighbouring service", "AWS::ECS::Repository", "AWS::ECR::Repository"],
  ["a service that has another name", "AWS::CloudWatch::LogGroup", "AWS::Logs::LogGroup"],
  ["a service that does not exist", "AWS::VPC::SecurityGroup", "AWS::EC2::SecurityGroup"],
  ["no service", "AWS::SecurityGroup", "AWS::EC2::SecurityGroup"],
  ["no vendor", "EC2::SecurityGroup", "AWS::EC2::SecurityGroup"],
  ["a short form", "AWS::ECR::Repo", "AWS::ECR::Repository"],
  ["a prefix missing", "AWS::RDS::Instance", "AWS::RDS::DBInstance"],
  ["single colons", "AWS:EC2:SecurityGroup", "AWS::EC2::SecurityGroup"],
  ["dots", "aws.ec2.security-group", "AWS::EC2::SecurityGroup"],
  ["the name of another tool", "aws_security_group", "AWS::EC2::SecurityGroup"],
  ["the type itself", "AWS::EC2::Instance", "AWS::EC2::Instance"],
])("%s: %s was meant to be %s", (_, written, meant) => {
  expect(specification.nearestType(written)).toBe(meant);
});

test.each([
  ["nothing", ""],
  ["the vendor only", "AWS"],
  ["a service only", "AWS::EC2"],
  ["a service and no resource", "AWS::EC2::"],
  ["too little to guess from", "AWS::EC2::SG"],
  ["nonsense", "AWS::Foo::Bar"],
  ["a custom resource", "Custom::Thing"],
  ["somebody else's type", "Datadog::Monitors::Monitor"],
  ["a name of JavaScript", "__proto__"],
])("for %s there is no suggestion: %j", (_, written) => {
  expect(specification.nearestType(written)).toBeUndefined();
});

test("a name of a million letters is not compared at all", () => {
  expect(specification.nearestType(`AWS::EC2::${"a".repeat(1_000_000)}`)).toBeUndefined();
});

test("a typing error in any of a hundred types finds its way back", () => {
  const types = specification.types().filter((_, index) => index % 18 === 0);
  const missed = types.filter((type) => {
    // The third letter from the end is written twice.
    const written = `${type.slice(0, -2)}${type.at(-3)}${type.slice(-2)}`;
    return specification.nearestType(written) !== type;
  });
  expect(types.length).toBeGreaterThan(100);
  expect(missed).toEqual([]);
});
