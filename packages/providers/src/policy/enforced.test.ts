import { DiagnosticError, type Stack } from "@reconcile/core";
import { proves, stackOf, tried } from "@reconcile/core/testing";
import { describe, expect, it } from "vitest";
import { openStrictAccount } from "../testing/authorization/strict-account.ts";
import { changesIn } from "../testing/story.ts";
import { useSandbox } from "../testing/use-sandbox.ts";

const sandbox = useSandbox();
let accounts = 0;

const strict = () => openStrictAccount(sandbox().endpoint, String(500_000_000_000 + ++accounts));
const parameter = (Value: unknown, more: object = {}) => ({
  Type: "AWS::SSM::Parameter",
  Properties: { Type: "String", Value, ...more },
});

describe("with the policies that are printed for a stack", { timeout: 60_000 }, () => {
  it(
    "a stack is made and changed, and taking away any of the actions makes that fail",
    proves(11, "sandbox"),
    async (context) => {
      const account = await strict();
      const team = (Value: string) => ({ Tags: { Team: Value, ...(Value === "core" && { Old: "1" }) } });
      const first = stackOf({ P: parameter("one", { Name: "/p", ...team("core") }), Gone: parameter("x") });
      const then = stackOf({ P: parameter("two", { Name: "/p", ...team("data") }) });
      await account.apply(first);
      await account.apply(then, { base: first });
      await account.apply(then, { destroy: true });
      const granted = account.granted(first);
      const unneeded: string[] = [];
      for (const action of granted) {
        const codes = await failing(account, first, then, action);
        if (!codes.includes("aws.access-denied")) unneeded.push(action);
        await account.apply(first, { destroy: true });
      }
      // Of `reconcile history`.
      expect(unneeded).toEqual(["ssm:GetParameterHistory"]);
      tried(context, { cases: granted.length });
    },
  );

  it("outside values are looked up", proves(11, "sandbox"), async () => {
    const account = await strict();
    const put = (Name: string, Type: "String" | "SecureString") =>
      account.owner.ssm.putParameter({ Name, Type, Value: "x" });
    const operations = ["ssm:PutParameter", "secretsmanager:CreateSecret"];
    await account.owner.planned({ logicalId: "somebody", type: "else", operations }, async () => {
      await put("/shared/plain", "String");
      await account.owner.secretsmanager.createSecret({ Name: "shared", SecretString: "{}" });
    });
    const stack = stackOf({
      Plain: parameter("{{resolve:ssm:/shared/plain}}"),
      Secret: parameter("{{resolve:secretsmanager:shared}}", { Type: "SecureString" }),
      Zone: parameter({ "Fn::Select": [0, { "Fn::GetAZs": "" }] }),
    });
    expect(await account.apply(stack)).toHaveLength(3);
    expect(changesIn(await account.plan(stack))).toEqual([]);
  });

  it("values of the project's other stacks are read where they are made", proves(11, "sandbox"), async () => {
    const account = await strict();
    const Outputs = { Out: { Value: { "Fn::GetAtt": ["Group", "GroupId"] }, Export: { Name: "group" } } };
    const group = { Type: "AWS::EC2::SecurityGroup", Properties: { GroupDescription: "shared" } };
    const network = stackOf({ Group: group }, { name: "network", template: { Outputs } });
    const app = stackOf({ P: parameter({ "Fn::ImportValue": "group" }) });
    const given = { neighbours: [network] };
    await account.apply(network);
    await account.apply(app, given);
    expect(changesIn(await account.plan(app, given))).toEqual([]);
    const blind = account.plan(app, { ...given, without: "ec2:DescribeSecurityGroups" });
    await expect(blind).rejects.toMatchObject({ diagnostics: [{ code: "aws.access-denied" }] });
  });
});

/** What a stack is told when nobody may do this. */
async function failing(
  account: Awaited<ReturnType<typeof strict>>,
  first: Stack,
  then: Stack,
  without: string,
): Promise<string[]> {
  try {
    await account.apply(first, { without });
    await account.apply(then, { without, base: first });
    return [];
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map((each) => each.code);
    throw error;
  }
}
