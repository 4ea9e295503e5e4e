import { isRecord } from "@reconcile/core";
import ipaddr from "ipaddr.js";
import { keyId } from "../aws/kms-key.ts";
import type { Interface, Mapping, Properties } from "./instance-schema.ts";

/** An instance's properties in the form in which they are compared. What is not known yet stays. */
export function canonicalInstance(properties: Properties): Properties {
  const { BlockDeviceMappings, NetworkInterfaces, Ipv6Addresses, MetadataOptions, UserData } = properties;
  const canonical = {
    ...properties,
    BlockDeviceMappings: each(BlockDeviceMappings, canonicalMapping),
    NetworkInterfaces: each(NetworkInterfaces, canonicalInterface),
    Ipv6Addresses: each(Ipv6Addresses, canonicalAddress),
    MetadataOptions: isRecord(MetadataOptions) ? effective(MetadataOptions) : MetadataOptions,
    UserData: decoded(UserData),
  };
  return Array.isArray(NetworkInterfaces) && NetworkInterfaces.some(isAttached)
    ? ({ ...canonical, SourceDestCheck: undefined } as unknown as Properties)
    : canonical;
}

/** Metadata options that count: "Applies only if you enabled the HTTP metadata endpoint", and EC2 may refuse to be told of it otherwise. */
export function effective(options: Properties["MetadataOptions"]): Properties["MetadataOptions"] {
  return options.HttpEndpoint === "disabled" ? ({ ...options, HttpProtocolIpv6: undefined } as never) : options;
}

/** Is it a resource of its own, which says itself what it checks? Declared by its id and nothing else; of a live one EC2 shows the subnet as well. */
function isAttached(one: unknown): boolean {
  return isRecord(one) && one.NetworkInterfaceId !== undefined && one.SubnetId === undefined;
}

function each<T>(list: T[] | undefined, change: (element: T) => T): T[] | undefined {
  return Array.isArray(list) ? list.map((element) => (isRecord(element) ? change(element) : element)) : list;
}

/**
 * - `Encrypted: false` is no wish: the account or the snapshot may encrypt all the same.
 * - Iops count for io1, io2 and gp3; of gp2 EC2 shows what follows from the size.
 */
function canonicalMapping(mapping: Mapping): Mapping {
  const { Ebs } = mapping;
  if (!isRecord(Ebs)) return mapping;
  const { Encrypted, Iops, KmsKeyId, ...rest } = Ebs;
  const fixedIops = typeof Ebs.VolumeType === "string" && !["io1", "io2", "gp3"].includes(Ebs.VolumeType);
  return {
    ...mapping,
    Ebs: {
      ...rest,
      ...(Encrypted !== false && { Encrypted }),
      ...(!fixedIops && { Iops }),
      KmsKeyId: keyId(KmsKeyId),
    },
  };
}

/** The primary address is declared by itself or among the others; EC2 shows it in both places. */
function canonicalInterface(one: Interface): Interface {
  const { PrivateIpAddresses, Ipv6Addresses } = one;
  if (!Array.isArray(PrivateIpAddresses)) return { ...one, Ipv6Addresses: each(Ipv6Addresses, canonicalAddress) };
  const primary = PrivateIpAddresses.find((address) => isRecord(address) && address.Primary === true);
  return {
    ...one,
    Ipv6Addresses: each(Ipv6Addresses, canonicalAddress),
    PrivateIpAddress: one.PrivateIpAddress ?? primary?.PrivateIpAddress,
    PrivateIpAddresses: PrivateIpAddresses.filter((address) => address !== primary),
  };
}

function canonicalAddress(address: { Ipv6Address: string }): { Ipv6Address: string } {
  const text = address.Ipv6Address;
  return typeof text === "string" && ipaddr.IPv6.isValid(text)
    ? { Ipv6Address: ipaddr.IPv6.parse(text).toRFC5952String() }
    : address;
}

/** User data as the text that it encodes, so that a plan shows what changes in it; what is no text stays encoded. Empty is none. */
function decoded(userData: unknown): string | undefined {
  if (typeof userData !== "string") return userData as undefined;
  const bytes = Buffer.from(userData, "base64");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) || undefined;
  } catch (error) {
    if (error instanceof TypeError) return `data:;base64,${bytes.toString("base64")}`;
    throw error;
  }
}
