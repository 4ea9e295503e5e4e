import type { Address } from "@aws-sdk/client-ec2";
import { createOnly, refersTo } from "@reconcile/core";
import { z } from "zod";
import { ifFound } from "../aws/errors.ts";
import { defineResource } from "../define.ts";
import { associationGone, everyAddress } from "./addresses.ts";

const Association = z
  .strictObject({
    AllocationId: createOnly(refersTo("AWS::EC2::EIP", z.string())),
    InstanceId: createOnly(refersTo("AWS::EC2::Instance", z.string()).optional()),
    NetworkInterfaceId: createOnly(refersTo("AWS::EC2::NetworkInterface", z.string()).optional()),
    PrivateIpAddress: createOnly(z.string().optional()),
  })
  .refine(({ InstanceId, NetworkInterfaceId }) => (InstanceId === undefined) !== (NetworkInterfaceId === undefined), {
    error: "needs exactly one of InstanceId, NetworkInterfaceId",
  });

export const EIPAssociation = defineResource({
  type: "AWS::EC2::EIPAssociation",
  properties: Association,
  identifier: "Id",
  attributes: { Id: {} },
  naturalKey: ({ AllocationId, InstanceId, NetworkInterfaceId, PrivateIpAddress }) =>
    keyOf(AllocationId, InstanceId ?? NetworkInterfaceId, PrivateIpAddress),
  within: {
    type: "AWS::EC2::EIP",
    identifiedBy: "AllocationId",
    property: "InstanceId",
    element: ({ InstanceId, NetworkInterfaceId }) => InstanceId ?? NetworkInterfaceId ?? null,
  },
  absence: "tagged-list",
  scope: "region",
  actions: {
    read: ["ec2:DescribeAddresses"],
    write: ["ec2:AssociateAddress", "ec2:DisassociateAddress"],
  },
  unsupported: { EIP: "an address is named by its allocation id, AllocationId: !GetAtt Address.AllocationId" },
  departures: { "/AllocationId": "without EIP, it is the only way to say which address" },
}).implement({
  async *list(aws) {
    for (const address of (await everyAddress(aws)).values()) {
      if (address.AssociationId) yield { identifier: address.AssociationId, naturalKey: keysOf(address) };
    }
  },

  async read(aws, identifier) {
    const addresses = [...(await everyAddress(aws)).values()];
    const address = addresses.find((each) => each.AssociationId === identifier);
    if (!address) return undefined;
    const { AllocationId = "", InstanceId, NetworkInterfaceId, PrivateIpAddress } = address;
    return {
      identifier,
      properties: { AllocationId, InstanceId: InstanceId || undefined, NetworkInterfaceId, PrivateIpAddress },
      attributes: { Id: identifier },
      tags: null,
    };
  },

  // "Reassociation is automatic": an address leaves what had it before, and what gets it leaves the address that it had.
  async create(aws, { properties: { AllocationId, InstanceId, NetworkInterfaceId, PrivateIpAddress } }) {
    const where = { InstanceId, NetworkInterfaceId, PrivateIpAddress };
    const { AssociationId = "" } = await aws.ec2.associateAddress({ AllocationId, ...where });
    return AssociationId;
  },

  async update() {
    // Everything is decided when an address is associated.
  },

  async delete(aws, { identifier: AssociationId }) {
    await ifFound(aws.ec2.disassociateAddress({ AssociationId }), associationGone);
  },
});

/** undefined: something in it is not known yet. */
function keyOf(allocationId: unknown, target: unknown, privateIp: unknown): string | undefined {
  const parts = [allocationId, target, ...(privateIp === undefined ? [] : [privateIp])];
  return parts.every((part) => typeof part === "string") ? parts.join("|") : undefined;
}

/** An association is found by the instance and by its interface, with and without the private address. */
function keysOf({ AllocationId, InstanceId, NetworkInterfaceId, PrivateIpAddress }: Address): string[] {
  const targets = [InstanceId, NetworkInterfaceId].filter(Boolean);
  return targets.flatMap((target) =>
    [undefined, PrivateIpAddress].flatMap((privateIp) => keyOf(AllocationId, target, privateIp) ?? []),
  );
}
