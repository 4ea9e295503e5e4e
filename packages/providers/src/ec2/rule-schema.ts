import { absent, createOnly, refersTo, writeOnly } from "@reconcile/core";
import ipaddr from "ipaddr.js";
import { z } from "zod";
import { protocolName, type Rule } from "./rules.ts";

const port = z.int().min(-1).max(65535);

const cidr = z.string().refine((text) => ipaddr.IPv4.isValidCIDRFourPartDecimal(text), {
  error: "is not an IPv4 range: write it as 203.0.113.10/32",
});

const cidrv6 = z.string().refine((text) => ipaddr.IPv6.isValidCIDR(text), {
  error: "is not an IPv6 range: write it as 2001:db8::/32",
});

/** EC2's own rule for descriptions. */
const description = z
  .string()
  .max(255)
  .regex(/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/, {
    error: "has a character that EC2 does not take: letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* may be used",
  });

const group = refersTo("AWS::EC2::SecurityGroup", z.string()).optional();

/** The members of a rule, as a group's list holds it. */
export const common = {
  IpProtocol: z.string(),
  FromPort: port.optional(),
  ToPort: port.optional(),
  CidrIp: cidr.optional(),
  CidrIpv6: cidrv6.optional(),
  Description: absent(description),
};

export const sources = {
  SourcePrefixListId: z.string().optional(),
  SourceSecurityGroupId: group,
  // Only needed to find the group: its id is its own in every account, so that nothing is compared.
  SourceSecurityGroupOwnerId: writeOnly(z.string().optional()),
};

export const destinations = { DestinationPrefixListId: z.string().optional(), DestinationSecurityGroupId: group };

/** The members of a rule of its own: another rule is another resource, but for its description. */
export const standalone = {
  IpProtocol: createOnly(common.IpProtocol),
  FromPort: createOnly(common.FromPort),
  ToPort: createOnly(common.ToPort),
  CidrIp: createOnly(common.CidrIp),
  CidrIpv6: createOnly(common.CidrIpv6),
  Description: common.Description,
  GroupId: createOnly(refersTo("AWS::EC2::SecurityGroup", z.string())),
};

export const standaloneSources = {
  SourcePrefixListId: createOnly(sources.SourcePrefixListId),
  SourceSecurityGroupId: createOnly(sources.SourceSecurityGroupId),
  SourceSecurityGroupOwnerId: createOnly(sources.SourceSecurityGroupOwnerId),
};

export const standaloneDestinations = {
  DestinationPrefixListId: createOnly(destinations.DestinationPrefixListId),
  DestinationSecurityGroupId: createOnly(destinations.DestinationSecurityGroupId),
};

const peers = [
  "CidrIp",
  "CidrIpv6",
  "SourcePrefixListId",
  "SourceSecurityGroupId",
  "DestinationPrefixListId",
  "DestinationSecurityGroupId",
];

/** What EC2 wants of a rule as a whole: exactly one source or destination, and ports where the protocol has some. */
export function wholeRule<S extends z.ZodObject>(schema: S): S {
  return schema
    .refine((rule) => peers.filter((name) => rule[name] !== undefined).length === 1, {
      error: `needs exactly one of ${peers.filter((name) => name in schema.shape).join(", ")}`,
    })
    .superRefine((rule, context) => {
      const problem = portProblem(rule as unknown as Rule);
      if (problem) context.addIssue({ code: "custom", message: problem });
    }) as S;
}

function portProblem({ IpProtocol, FromPort, ToPort }: Rule): string | undefined {
  const protocol = protocolName(IpProtocol);
  if (protocol === "tcp" || protocol === "udp") {
    if (FromPort === undefined || ToPort === undefined)
      return `needs FromPort and ToPort: a rule for ${protocol} says which ports; 0 and 65535 are all of them`;
    if (FromPort < 0 || ToPort < 0) return "has a port below 0: write 0 and 65535 for all ports";
    if (FromPort > ToPort) return "has a FromPort above its ToPort: swap the two";
  }
  if (protocol.startsWith("icmp") && (FromPort ?? -1) === -1 && (ToPort ?? -1) !== -1)
    return "has an ICMP code for all types: give the type in FromPort, or -1 in both";
  return undefined;
}
