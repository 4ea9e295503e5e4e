import type { Changed } from "@reconcile/core";
import { describe, expect, it } from "vitest";
import { fakeAws } from "../aws/testing.ts";
import { differences } from "../testing/normal-form.ts";
import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { ManagedPolicy } from "./managed-policy.ts";

const allow = (Action: string | string[]) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
});

describeOnSandbox(ManagedPolicy, {
  example: { PolicyDocument: allow("s3:GetObject") },
  name: { ManagedPolicyName: "news-agent" },
  mutations: [{ property: "PolicyDocument", from: allow("s3:GetObject"), to: allow("s3:Get*"), unset: "required" }],
  replacements: { Description: "Reads the news", Path: "/agents/" },
  budget: 5,
});

describe("AWS::IAM::ManagedPolicy in normal form", () => {
  const live = { ManagedPolicyName: "read", Path: "/", PolicyDocument: allow(["s3:Get*", "s3:List*"]) };

  it.each([
    ["no path", { ...live, Path: undefined }, live, []],
    ["actions in another order", { ...live, PolicyDocument: allow(["s3:List*", "s3:Get*"]) }, live, []],
    ["an action less", { ...live, PolicyDocument: allow("s3:Get*") }, live, ["/PolicyDocument"]],
    ["a description that nobody declares", live, { ...live, Description: "By hand" }, ["/Description"]],
  ])("%s", (_, declared, actual, paths) => {
    expect(differences(ManagedPolicy, declared, actual)).toEqual(paths);
  });
});

describe("a new document", () => {
  /** What is sent for it while the policy has these versions, the first of them in force. */
  async function sentFor(...ids: string[]): Promise<string[]> {
    const members = ids.map(
      (id, index) => `<member><VersionId>${id}</VersionId><IsDefaultVersion>${index === 0}</IsDefaultVersion></member>`,
    );
    // One on a page.
    const answers = members.map((each, index) => {
      const more = index < members.length - 1;
      return `<ListPolicyVersionsResponse><ListPolicyVersionsResult><Versions>${each}</Versions><IsTruncated>${more}</IsTruncated><Marker>${index}</Marker></ListPolicyVersionsResult></ListPolicyVersionsResponse>`;
    });
    const { aws, bodies } = await fakeAws(() => ({ body: answers.shift() ?? "" }));
    const arn = "arn:aws:iam::123456789012:policy/read";
    const properties = { PolicyDocument: allow("s3:Get*") };
    const { handlers, actions } = ManagedPolicy;
    await aws.planned({ logicalId: "Policy", type: ManagedPolicy.type, operations: actions.write }, () =>
      handlers.update(
        aws,
        { identifier: arn, properties, attributes: {}, tags: {} },
        { properties, tags: {}, token: "t" },
        {} as Changed,
      ),
    );
    const writes = bodies
      .map((body) => new URLSearchParams(body))
      .filter((sent) => sent.get("Action") !== "ListPolicyVersions");
    return writes.map((sent) => [sent.get("Action"), sent.get("VersionId")].filter(Boolean).join(" "));
  }

  it("is a new version", async () => {
    expect(await sentFor("v4", "v3", "v2", "v1")).toEqual(["CreatePolicyVersion"]);
  });

  it("takes the place of the oldest version that is not in force, when there is no room for more", async () => {
    expect(await sentFor("v1", "v12", "v11", "v10", "v9")).toEqual(["DeletePolicyVersion v9", "CreatePolicyVersion"]);
  });
});
