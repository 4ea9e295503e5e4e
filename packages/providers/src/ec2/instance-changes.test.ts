import type { Changed } from "@reconcile/core";
import { describe, expect, it } from "vitest";
import { fakeAws } from "../aws/testing.ts";
import { Instance } from "./instance.ts";
import { changeInstance, steady } from "./instance-changes.ts";
import { Properties } from "./instance-schema.ts";

/** EC2 with one instance, which stays in a state. */
function ec2With(state: string, reason = "") {
  const stateReason = reason === "" ? "" : `<stateReason><message>${reason}</message></stateReason>`;
  const instance = `<instanceId>i-1</instanceId><instanceState><name>${state}</name></instanceState>${stateReason}`;
  const reservation = `<item><instancesSet><item>${instance}</item></instancesSet></item>`;
  const body = `<DescribeInstancesResponse><reservationSet>${reservation}</reservationSet></DescribeInstancesResponse>`;
  return fakeAws(() => ({ body }));
}

describe("an instance that is waited for", () => {
  it("is given back when it runs", async () => {
    const { aws } = await ec2With("running");

    expect(await steady(aws, "i-1")).toMatchObject({ InstanceId: "i-1" });
  });

  it("did not stay: EC2 says why", async () => {
    const { aws } = await ec2With("terminated", "Client.VolumeLimitExceeded");

    await expect(steady(aws, "i-1")).rejects.toMatchObject({
      diagnostics: [{ code: "instance.terminated", message: "i-1 did not stay: Client.VolumeLimitExceeded." }],
    });
  });

  it("never comes to rest: it is waited for twenty minutes", async () => {
    const { aws, waits } = await ec2With("pending");

    await expect(steady(aws, "i-1")).rejects.toMatchObject({ diagnostics: [{ code: "instance.still-changing" }] });
    expect(waits.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(20 * 60_000);
  });
});

describe("a change of an instance", () => {
  /** What is sent to make an instance with these properties, or when they change. */
  async function sent(properties: Record<string, unknown>, how: "launched" | "changed" = "changed") {
    const { aws, bodies } = await ec2With("stopped");
    const wish = Properties.parse({ ImageId: "ami-1", ...properties });
    const changed = { has: (name: string) => name in properties, modified: () => [] } as unknown as Changed;
    const change = { logicalId: "App", type: Instance.type, operations: Instance.actions.write };
    await aws.planned<unknown>(change, () =>
      how === "changed"
        ? changeInstance(aws, "i-1", wish, changed)
        : Instance.handlers.create(aws, { properties: wish, tags: {}, token: "t" }),
    );
    const requests = bodies.map((body) => new URLSearchParams(body));
    return requests.filter((request) => /^(?:Modify|Run)/.test(request.get("Action") ?? ""));
  }

  it("asks for credits once it is of a type that has them", async () => {
    const requests = await sent({ InstanceType: "t3.small", CreditSpecification: { CPUCredits: "unlimited" } });

    expect(requests.map((request) => request.get("Action"))).toEqual([
      "ModifyInstanceAttribute",
      "ModifyInstanceCreditSpecification",
    ]);
  });

  it.each(["launched", "changed"] as const)("says nothing of IPv6 where there are no metadata: %s", async (how) => {
    const [request] = await sent({ MetadataOptions: { HttpEndpoint: "disabled" } }, how);

    const told = [...(request?.keys() ?? [])].filter((name) => /\bHttp/.test(name));
    expect(told.map((name) => name.replace("MetadataOptions.", ""))).toEqual(["HttpEndpoint"]);
  });
});
