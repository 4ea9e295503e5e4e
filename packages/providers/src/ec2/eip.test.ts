import { Unknown } from "@reconcile/core";
import { describe, expect, it } from "vitest";
import { differences } from "../testing/normal-form.ts";
import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { EIP } from "./eip.ts";
import { EIPAssociation } from "./eip-association.ts";

describe("an address", () => {
  const live = { Address: "198.18.5.5", NetworkBorderGroup: "us-east-1", PublicIpv4Pool: "amazon", Domain: "vpc" };

  it.each<[story: string, declared: object, live: object, paths: string[]]>([
    ["that declares nothing is whatever it is", {}, live, []],
    ["is of a VPC in whatever letter case", { Domain: "VPC" }, live, []],
    ["is the one that was asked for", { Address: "198.18.5.5" }, live, []],
    ["is another one", { Address: "198.18.5.6" }, live, ["/Address"]],
    [
      "of another border group is another one",
      { NetworkBorderGroup: "us-east-1-atl-1" },
      live,
      ["/NetworkBorderGroup"],
    ],
    ["that declares no instance has none", {}, { ...live, InstanceId: "i-1" }, ["/InstanceId"]],
  ])("%s", (_story, declared, found, paths) => {
    expect(differences(EIP, { ...declared }, { ...found })).toEqual(paths);
  });
});

describe("an association", () => {
  const own = { AllocationId: "eipalloc-1", InstanceId: "i-1" };
  const live = { ...own, NetworkInterfaceId: "eni-1", PrivateIpAddress: "10.0.0.5" };

  it.each<[story: string, declared: object, paths: string[]]>([
    ["by instance leaves the interface to EC2", own, []],
    ["by interface leaves the instance to EC2", { AllocationId: "eipalloc-1", NetworkInterfaceId: "eni-1" }, []],
    ["with another private address is another one", { ...own, PrivateIpAddress: "10.0.0.6" }, ["/PrivateIpAddress"]],
  ])("%s", (_story, declared, paths) => {
    expect(differences(EIPAssociation, { ...declared }, live)).toEqual(paths);
  });

  it.each([
    ["neither an instance nor an interface", { AllocationId: "eipalloc-1" }],
    ["both", { ...own, NetworkInterfaceId: "eni-1" }],
  ])("is refused with %s", (_story, properties) => {
    const { error } = EIPAssociation.properties.safeParse(properties);
    expect(error?.issues[0]?.message).toBe("needs exactly one of InstanceId, NetworkInterfaceId");
  });

  it("has no name while its instance does not exist", () => {
    const InstanceId = new Unknown(["Web"], "changes");
    expect(EIPAssociation.naturalKey?.({ ...own, InstanceId })).toBeUndefined();
    expect(EIPAssociation.naturalKey?.(own)).toBe("eipalloc-1|i-1");
  });
});

describeOnSandbox(EIP, {
  example: {},
  mutations: [{ property: "Tags", from: [{ Key: "Name", Value: "one" }], to: [{ Key: "Name", Value: "two" }] }],
  replacements: { Address: "198.18.5.5" },
  further: {
    prerequisites: {
      Host: { Type: "AWS::EC2::Instance", Properties: { ImageId: "ami-0c7217cde4661b399", InstanceType: "t3.small" } },
    },
    steps: [{ InstanceId: { Ref: "Host" } }, {}],
  },
  budget: 4,
});
