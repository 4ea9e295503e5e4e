import { createRegistry, explain, explanationPage, isUnknownName, renderExplanation } from "@reconcile/core";
import { types } from "@reconcile/providers";
import { describe, expect, it } from "vitest";
import { specification } from "../specification.ts";
import { reconcile } from "../testing/cli.ts";

const options = { registry: createRegistry(types), specification: specification() };

function text(name: string): string {
  const answer = explain(name, options);
  if (isUnknownName(answer)) throw new Error(answer.message);
  return renderExplanation(answer, { color: false, width: 100 });
}

describe("what a property is, of AWS's specification and of the provider", () => {
  it.each([
    { name: "AWS::EC2::SecurityGroup.SecurityGroupIngress", says: "declared as AWS::EC2::SecurityGroupIngress" },
    { name: "AWS::EC2::SecurityGroup.SecurityGroupIngress[0].CidrIp", says: "IPv4 address range" },
    { name: "AWS::EC2::SecurityGroup.VpcId", says: "Refers to   AWS::EC2::VPC.VpcId" },
    { name: "AWS::ECR::Repository.ImageTagMutability", says: "MUTABLE, AWS's default" },
    {
      name: "AWS::CloudFront::Distribution.DistributionConfig.Origins.OriginCustomHeaders.HeaderValue",
      says: "its value is never shown",
    },
    { name: "AWS::RDS::DBInstance.Endpoint.Address", says: "!GetAtt LogicalId.Endpoint.Address" },
  ])("$name", ({ name, says }) => {
    expect(text(name)).toContain(says);
  });
});

describe("what a type is", () => {
  it("names its properties, what it returns, and what its provider does", () => {
    const page = text("AWS::EC2::SecurityGroup");

    expect(page).toContain("GroupDescription      text               required · a change replaces the resource");
    expect(page).toContain("Ref      Id");
    expect(page).toContain("AWS::EC2::SecurityGroupEgress, elements of SecurityGroupEgress");
    expect(page).toContain("ec2:AuthorizeSecurityGroupIngress");
  });

  it("says what stays without a provider", () => {
    expect(text("AWS::Lambda::Function")).toContain("AWS has it, and Reconcile does not support it yet.");
    expect(text("AWS::CloudFormation::WaitCondition")).toContain("A feature of CloudFormation's service");
  });

  it("keeps within the width", () => {
    const wide = types.flatMap(({ type }) => text(type).split("\n")).filter((line) => line.length > 100);

    expect(wide.filter((line) => line.trim().includes(" "))).toEqual([]);
  });

  it.each(types.map((type) => type.type))("has a page for %s with a row for each property", (type) => {
    const answer = explain(type, options);
    if (isUnknownName(answer) || answer.kind !== "type") throw new Error(type);

    const rows = explanationPage(answer)
      .split("\n")
      .filter((line) => line.startsWith("| `"));

    for (const { name } of answer.properties) expect(rows.join("\n")).toContain(`\`${name}\``);
  });
});

describe("a name that does not exist", () => {
  it("is wrong usage", async () => {
    const ran = await reconcile(["explain", "AWS::EC2::SecurityGrup"], { cwd: "/" });

    expect(ran).toEqual({
      exitCode: 64,
      stdout: "",
      stderr: expect.stringContaining("did you mean AWS::EC2::SecurityGroup?"),
    });
  });

  it("of a member gets a list in which each is named once", async () => {
    const { stderr } = await reconcile(["explain", "AWS::EC2::SecurityGroup.Nope"], { cwd: "/" });

    expect(stderr.match(/VpcId/g)).toHaveLength(1);
  });
});

describe("what a diagnostic means", () => {
  const explained = async (id: string, format: "text" | "json" | "markdown" = "text") => {
    const { exitCode, stdout, stderr } = await reconcile(["explain", id, "--format", format], { cwd: "/" });
    return { exitCode, text: stdout + stderr };
  };

  it.each([
    { id: "ref.undefined", format: "text", says: "What to do: Correct the name" },
    { id: "ref.undefined", format: "json", says: '"kind": "diagnostic"' },
    { id: "ref.undefined", format: "markdown", says: "# ref.undefined" },
    { id: "aws.load-balancer-not-found", format: "text", says: "AWS refused a call, in its own words." },
  ] as const)("$id as $format", async ({ id, format, says }) => {
    expect(await explained(id, format)).toEqual({ exitCode: 0, text: expect.stringContaining(says) });
  });

  it("offers what is near", async () => {
    expect(await explained("ref.undefind")).toEqual({
      exitCode: 64,
      text: expect.stringMatching(/no diagnostic "ref.undefind".\n.*Did you mean "ref.undefined"/),
    });
  });
});
