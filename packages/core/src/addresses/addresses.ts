import ipaddr from "ipaddr.js";
import type { Place } from "../diagnostic.ts";
import { resolveParameters } from "../stack/index.ts";
import type { Stack } from "../stack/model.ts";
import { evaluateResource } from "../template/evaluate.ts";
import type { Environment } from "../template/model.ts";
import { offlineEnvironment } from "../validate/offline.ts";
import { isRecord } from "../value.ts";

export const groupType = "AWS::EC2::SecurityGroup";
export const ruleType = "AWS::EC2::SecurityGroupIngress";

/** An address that a template lets in. */
export interface AllowedAddress {
  cidr: string;
  /** The logical id of the group, or its id. */
  group: string;
  protocol: string;
  /** `22`, `8000-8010`; `all` where the protocol has none. */
  ports: string;
  /** The rule's description. */
  label: string;
  /** The last day, UTC. */
  expires?: string;
  /** The logical id of a rule that is a resource of its own; undefined: it stands in its group. */
  rule?: string;
  place: Place;
}

/** `203.0.113.10/32` of an address, a network without its host bits; undefined: it is neither, or it is the whole world. */
export function cidrOf(text: string): string | undefined {
  if (ipaddr.isValid(text) && (text.includes(":") || ipaddr.IPv4.isValidFourPartDecimal(text))) {
    const address = ipaddr.parse(text);
    return `${address.toString()}/${address.kind() === "ipv4" ? 32 : 128}`;
  }
  if (!ipaddr.isValidCIDR(text)) return undefined;
  const [address, bits] = ipaddr.parseCIDR(text);
  const { IPv4, IPv6 } = ipaddr;
  const network = address.kind() === "ipv4" ? IPv4.networkAddressFromCIDR(text) : IPv6.networkAddressFromCIDR(text);
  return bits === 0 ? undefined : `${network.toString()}/${bits}`;
}

/** Every address that a stack's template lets in, as far as it is known without asking AWS; in its order. */
export function listAddresses(stack: Stack): AllowedAddress[] {
  const { template } = stack;
  const environment = environmentOf(stack);
  return [...template.resources.values()].flatMap(({ logicalId, type, place, reconcile }) => {
    if (type !== groupType && type !== ruleType) return [];
    const { properties, references } = evaluateResource(template, logicalId, environment);
    if (type === groupType) {
      const rules = Array.isArray(properties.SecurityGroupIngress) ? properties.SecurityGroupIngress : [];
      return rules.flatMap((rule) => addressOf(rule, { group: logicalId, place }));
    }
    const parent = references.find(({ at }) => at === "/GroupId")?.logicalId;
    const group = parent ?? String(properties.GroupId ?? properties.GroupName ?? "");
    const { expires } = reconcile;
    return addressOf(properties, { group, place, rule: logicalId, ...(expires !== undefined && { expires }) });
  });
}

function addressOf(
  rule: unknown,
  more: Pick<AllowedAddress, "group" | "place" | "rule" | "expires">,
): AllowedAddress[] {
  if (!isRecord(rule)) return [];
  const cidr = rule.CidrIp ?? rule.CidrIpv6;
  if (typeof cidr !== "string") return [];
  const [from, to] = [rule.FromPort, rule.ToPort].map((port) => (port === undefined ? undefined : String(port)));
  const ports = from === undefined ? "all" : to === undefined || from === to ? from : `${from}-${to}`;
  const label = typeof rule.Description === "string" ? rule.Description : "";
  return [{ cidr, protocol: String(rule.IpProtocol ?? ""), ports, label, ...more }];
}

/** What is known of a template without asking AWS. */
export function environmentOf(stack: Stack): Environment {
  return offlineEnvironment(stack, resolveParameters(stack, new Map()).parameters, new Map(), {});
}

/** Labels go into a rule's description, for which EC2 has its own characters, and make a part of its logical id. */
export function isLabel(text: string): boolean {
  return /^[a-zA-Z0-9. _:/()#,@[\]+=&;{}!$*-]{1,100}$/.test(text) && /[A-Za-z0-9]/.test(text);
}
