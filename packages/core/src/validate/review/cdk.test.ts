// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import { describe, expect, test } from "vitest";
import { reviewed } from "./fixture.ts";

const template = (resource: object, more: object = {}) =>
  JSON.stringify({ ...more, Resources: { R: resource } }, null, 1);

async function saidOf(text: string, more: Record<string, string> = {}): Promise<string[]> {
  return (await reviewed(text, more)).map(({ code, severity, place }) => `${severity} ${code} ${place?.line}`);
}

describe("assets of CDK", () => {
  test.each([
    [
      "a function's code",
      { S3Bucket: { "Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}" }, S3Key: "0a.zip" },
      ["error cdk.asset 7"],
    ],
    [
      "an image",
      {
        ImageUri: {
          "Fn::Sub":
            "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/cdk-hnb659fds-container-assets-${AWS::AccountId}-${AWS::Region}:0a",
        },
      },
      ["error cdk.asset 7"],
    ],
    ["a file of an earlier version", { S3Bucket: `AssetParameters${"0a".repeat(32)}S3Bucket` }, ["error cdk.asset 6"]],
    ["a bucket of one's own", { S3Bucket: "assets-of-mine", S3Key: "0a.zip" }, []],
  ])("%s", async (_, Properties, said) => {
    expect(await saidOf(template({ Type: "AWS::Lambda::LayerVersion", Properties }))).toEqual(said);
  });

  test("are no error once somebody else publishes them", async () => {
    const text = template({
      Type: "AWS::Lambda::LayerVersion",
      Properties: { S3Bucket: "cdk-hnb659fds-assets-1-us-east-1" },
    });
    expect(await saidOf(text, { "desired-state/reconcile.yaml": "checks: { cdk.asset: off }\n" })).toEqual([]);
  });
});

test("what is found in a nested stack's file is silenced and set there, like anywhere", async () => {
  const parent = "Resources:\n  Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: c.yaml } }\n";
  const said = (comment: string, more: Record<string, string> = {}) =>
    saidOf(parent, {
      "desired-state/c.yaml": `Resources:\n  R: { Type: AWS::Lambda::LayerVersion, Properties: { S3Bucket: cdk-a-assets-1 } }${comment}\n`,
      ...more,
    });
  expect(await said("")).toEqual(["error cdk.asset 2"]);
  expect(await said(" # reconcile-ignore cdk.asset: published before")).toEqual([]);
  expect(await said("", { "desired-state/reconcile.yaml": "checks: { cdk.asset: off }\n" })).toEqual([]);
});

test("what CDK writes about itself is understood", async () => {
  const text = JSON.stringify({
    Parameters: {
      BootstrapVersion: {
        Type: "AWS::SSM::Parameter::Value<String>",
        Default: "/cdk-bootstrap/hnb659fds/version",
        Description: "Version of the CDK Bootstrap resources in this environment [cdk:skip]",
      },
    },
    Conditions: { CDKMetadataAvailable: { "Fn::Equals": [{ Ref: "AWS::Region" }, "us-east-1"] } },
    Rules: {
      CheckBootstrapVersion: {
        Assertions: [
          {
            Assert: { "Fn::Not": [{ "Fn::Contains": [["1", "2", "3", "4", "5"], { Ref: "BootstrapVersion" }] }] },
            AssertDescription: "CDK bootstrap stack version 6 required.",
          },
        ],
      },
    },
    Resources: {
      Topic: { Type: "AWS::SNS::Topic", Metadata: { "aws:cdk:path": "Stack/Topic/Resource" } },
      CDKMetadata: {
        Type: "AWS::CDK::Metadata",
        Properties: { Analytics: "v2:deflate64:x" },
        Condition: "CDKMetadataAvailable",
      },
    },
  });
  expect(await saidOf(text)).toEqual([]);
});
