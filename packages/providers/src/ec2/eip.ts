import { absent, createOnly, refersTo, slot, tags } from "@reconcile/core";
import ipaddr from "ipaddr.js";
import { z } from "zod";
import type { Aws } from "../aws/context.ts";
import { ifFound } from "../aws/errors.ts";
import { tagMap } from "../aws/tags.ts";
import { defineResource } from "../define.ts";
import { associationGone, everyAddress } from "./addresses.ts";
import { changeTags, tagSpecifications } from "./tagging.ts";

const ipv4 = z.string().refine((text) => ipaddr.IPv4.isValidFourPartDecimal(text), {
  error: "is not an IPv4 address: write it as 203.0.113.10",
});

export const EIP = defineResource({
  type: "AWS::EC2::EIP",
  properties: z.strictObject({
    // Undeclared, these three are what they are: nobody's address is given back because a line is missing.
    Address: createOnly(ipv4.optional()),
    NetworkBorderGroup: createOnly(z.string().optional()),
    PublicIpv4Pool: createOnly(z.string().optional()),
    // AWS's specification lists no values, and templates have it in capitals too.
    Domain: createOnly(z.enum(["vpc", "VPC"]).default("vpc")),
    InstanceId: slot("shared", absent(refersTo("AWS::EC2::Instance", z.string()))),
    Tags: tags(),
  }),
  identifier: "AllocationId",
  ref: "PublicIp",
  attributes: { AllocationId: {}, PublicIp: {} },
  absence: "tagged-list",
  scope: "region",
  impact: (changed) => ({ interrupts: changed.has("InstanceId") }),
  actions: {
    read: ["ec2:DescribeAddresses"],
    write: [
      "ec2:AllocateAddress",
      "ec2:AssociateAddress",
      "ec2:CreateTags",
      "ec2:DeleteTags",
      "ec2:DisassociateAddress",
      "ec2:ReleaseAddress",
    ],
  },
  unsupported: {
    IpamPoolId: "EC2 does not tell from which pool of IPAM an address came, so that a change could not be seen",
    TransferAddress: "an address is accepted once, by hand: accept it, then adopt it",
  },
  departures: { "/PublicIpv4Pool": "an address comes from a pool when it is allocated, and stays in it" },
}).implement({
  canonical(properties) {
    const { Domain } = properties;
    return Domain === "VPC" ? { ...properties, Domain: "vpc" } : properties;
  },

  async *list(aws) {
    for (const [identifier, address] of await everyAddress(aws)) yield { identifier, tags: tagMap(address.Tags) };
  },

  async read(aws, identifier) {
    const address = (await everyAddress(aws)).get(identifier);
    if (!address) return undefined;
    const { PublicIp = "", NetworkBorderGroup, PublicIpv4Pool, InstanceId } = address;
    return {
      identifier,
      properties: {
        Address: PublicIp,
        NetworkBorderGroup,
        PublicIpv4Pool,
        Domain: "vpc",
        InstanceId: InstanceId || undefined,
      },
      attributes: { AllocationId: identifier, PublicIp },
      tags: tagMap(address.Tags),
    };
  },

  async create(aws, { properties: { Address, NetworkBorderGroup, PublicIpv4Pool }, tags: wished }) {
    const { AllocationId = "" } = await aws.ec2.allocateAddress({
      Address,
      NetworkBorderGroup,
      PublicIpv4Pool,
      Domain: "vpc",
      TagSpecifications: tagSpecifications("elastic-ip", wished),
    });
    return AllocationId;
  },

  async update(aws, { identifier: AllocationId }, { properties: { InstanceId } }, changed) {
    if (!changed.has("InstanceId")) return;
    if (InstanceId === undefined) await disassociate(aws, AllocationId);
    else await aws.ec2.associateAddress({ AllocationId, InstanceId });
  },

  async delete(aws, { identifier: AllocationId, properties: { NetworkBorderGroup, InstanceId } }) {
    // EC2 does not release an address while an instance has it. A gateway or a load balancer keeps its own.
    if (InstanceId !== undefined) await disassociate(aws, AllocationId);
    await ifFound(aws.ec2.releaseAddress({ AllocationId, NetworkBorderGroup }), "InvalidAllocationID.NotFound");
  },

  tag: (aws, { identifier }, set, remove) => changeTags(aws, identifier, set, remove),
});

async function disassociate(aws: Aws, allocationId: string): Promise<void> {
  const AssociationId = (await everyAddress(aws)).get(allocationId)?.AssociationId;
  if (AssociationId) await ifFound(aws.ec2.disassociateAddress({ AssociationId }), associationGone);
}
