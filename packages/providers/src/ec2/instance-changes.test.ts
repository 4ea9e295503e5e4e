import { describe, expect, it } from "vitest";
import { fakeAws } from "../aws/testing.ts";
import { steady } from "./instance-changes.ts";

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
