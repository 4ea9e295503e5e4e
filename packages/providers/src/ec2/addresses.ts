import type { Address } from "@aws-sdk/client-ec2";
import type { Aws } from "../aws/context.ts";

/** Every Elastic IP address in the region, by its allocation id: EC2 gives them all at once, and knows no pages of them. */
export function everyAddress(aws: Aws): Promise<ReadonlyMap<string, Address>> {
  return aws.memo("ec2 addresses", async () => {
    const { Addresses = [] } = await aws.ec2.describeAddresses({});
    return new Map(Addresses.map((address) => [address.AllocationId ?? "", address]));
  });
}

/** EC2's word for an association that is not there, or no more: an address that is associated anew has a new one. */
export const associationGone = "InvalidAssociationID.NotFound";
