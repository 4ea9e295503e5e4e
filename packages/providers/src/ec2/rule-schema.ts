import ipaddr from "ipaddr.js";
import { z } from "zod";

/** What the members of a rule may be, embedded in a group or on its own. */
export const port = z.int().min(-1).max(65535);

export const cidr = z.string().refine((text) => ipaddr.IPv4.isValidCIDR(text), {
  error: "is not an IPv4 range: write it as 203.0.113.10/32",
});

export const cidrv6 = z.string().refine((text) => ipaddr.IPv6.isValidCIDR(text), {
  error: "is not an IPv6 range: write it as 2001:db8::/32",
});

/** EC2's own rule for descriptions. */
export const description = z
  .string()
  .max(255)
  .regex(/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/);

const sources = [
  "CidrIp",
  "CidrIpv6",
  "SourcePrefixListId",
  "SourceSecurityGroupId",
  "DestinationPrefixListId",
  "DestinationSecurityGroupId",
];

/** A rule has exactly one source or destination. */
export function oneSource<S extends z.ZodObject>(schema: S): S {
  return schema.refine((rule) => sources.filter((name) => rule[name] !== undefined).length === 1, {
    error: `needs exactly one of ${sources.filter((name) => name in schema.shape).join(", ")}`,
  }) as S;
}
