import ipaddr from "ipaddr.js";
import type { Node } from "yaml";
import { Unknown } from "../../value.ts";
import { combineUnknown } from "../combine.ts";
import { badForm, evaluateArgument, evaluateNode, listArguments } from "../node.ts";
import { everywhere, type IntrinsicFunction, report, type Scope } from "../scope.ts";
import { conceal, failed, isSensitive, type Leaf, leafText, lift, type Term, usesOf, withUses } from "../term.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html */
export const cidr: IntrinsicFunction = {
  name: "Fn::Cidr",
  form: "!Cidr [block, count, number of bits that each part keeps for its hosts]",
  positions: everywhere,
  evaluate(scope, argument, node) {
    const parts = listArguments(argument, node) ?? [];
    if (parts.length < 2 || parts.length > 3) return badForm(scope, argument, cidr);
    const leaves: Leaf[] = [];
    for (const part of parts) {
      const term = evaluateNode(scope, part);
      if (term.kind !== "leaf")
        return badForm(scope, part, cidr, `here is ${nameOfKind[term.kind]}, and no text or number.`);
      leaves.push(term);
    }
    if (leaves.some((leaf) => leaf.value instanceof Unknown)) return combineUnknown(scope, node, leaves);
    const blocks = divide(leaves.map(leafText) as [string, string, string | undefined]);
    if (typeof blocks === "object" && "problem" in blocks) {
      // A secret is quoted nowhere.
      const { problem, remedy } = blocks;
      const message = `Fn::Cidr: ${leaves.some(isSensitive) ? "what it is given cannot be divided so" : problem}.`;
      report(scope, parts[blocks.part] as Node, { code: "cidr.range", message, remedy, dynamic: true });
      return failed(node);
    }
    const list: Term = { kind: "list", node, items: blocks.map((value) => ({ kind: "leaf", node, value })) };
    return withUses(leaves.some(isSensitive) ? conceal(list) : list, leaves.flatMap(usesOf));
  },
};

const nameOfKind = { list: "a list", map: "a map", nothing: "AWS::NoValue" } as const;

interface Refused {
  problem: string;
  remedy: string;
  /** Which argument is wrong. */
  part: number;
}

/** Where nothing is said, each part is a /24, or a /64. */
const usualBits = { ipv4: 8, ipv6: 64 };

function divide([block, count, hostBits]: [string, string, string | undefined]): string[] | Refused {
  const [written = "", length = ""] = block.split("/");
  if (!/^\d+$/.test(length) || !isNetwork(block)) {
    return { problem: `"${block}" is no block of addresses`, remedy: 'Write a block, as in "10.0.0.0/16".', part: 0 };
  }
  const address = ipaddr.parse(written);
  const width = address.kind() === "ipv4" ? 32 : 128;
  const wanted = Number(count);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 256)
    return { problem: `"${count}" is no number of blocks`, remedy: "Use a whole number from 1 to 256.", part: 1 };
  const bits = Number(hostBits ?? usualBits[address.kind()]);
  if (!Number.isInteger(bits) || bits < 1 || bits > width)
    return { problem: `"${hostBits}" is no number of bits`, remedy: `Use a whole number from 1 to ${width}.`, part: 2 };
  const room = width - Number(length) - bits;
  if (room < 0 || wanted > 2 ** room) {
    const fits = room < 0 ? "no block" : `${(2 ** room).toLocaleString("en")} of them`;
    return {
      problem: `${wanted} blocks of /${width - bits} do not fit into ${block}, which has room for ${fits}`,
      remedy: "Ask for fewer or smaller blocks, or divide a larger one.",
      part: 0,
    };
  }
  const start = (toNumber(address.toByteArray()) >> BigInt(width - Number(length))) << BigInt(width - Number(length));
  if (width === 32) {
    const [first, size] = [Number(start), 2 ** bits];
    return Array.from({ length: wanted }, (_, index) => `${dotted(first + index * size)}/${32 - bits}`);
  }
  return Array.from({ length: wanted }, (_, index) => {
    const bytes = toBytes(start + (BigInt(index) << BigInt(bits)), width / 8);
    return `${ipaddr.fromByteArray(bytes).toString()}/${width - bits}`;
  });
}

/** An IPv4 address. There are templates with thousands of blocks, and the library takes twenty times as long. */
function dotted(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

function isNetwork(block: string): boolean {
  // In an IPv4 address, four parts: the library also reads shorter ones.
  return ipaddr.isValidCIDR(block) && (block.includes(":") || /^\d+\.\d+\.\d+\.\d+\//.test(block));
}

function toNumber(bytes: readonly number[]): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function toBytes(number: bigint, length: number): number[] {
  return Array.from({ length }, (_, index) => Number((number >> BigInt(8 * (length - 1 - index))) & 255n));
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html */
export const getAZs: IntrinsicFunction = {
  name: "Fn::GetAZs",
  form: '!GetAZs Region, or !GetAZs "" for the region of the stack',
  positions: everywhere,
  evaluate(scope, argument, node) {
    const term = evaluateArgument(scope, argument, node);
    if (term.kind !== "leaf") return badForm(scope, argument, getAZs, "the region is a text.");
    const region = !(term.value instanceof Unknown) && leafText(term) === "" ? regionOfStack(scope, argument) : term;
    if (region.value instanceof Unknown) return combineUnknown(scope, node, [region]);
    const name = leafText(region);
    if (!/^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(name)) {
      report(scope, argument, {
        code: "zones.region",
        message: `${isSensitive(region) ? "What Fn::GetAZs is given" : `"${name}"`} is no region.`,
        remedy: 'Use a region, as in us-east-1, or "" for the region of the stack.',
        dynamic: true,
      });
      return failed(node);
    }
    // What is not taken is not asked for.
    if (scope.shadow) return failed(node);
    return lift(scope.environment.input({ kind: "zones", name, place: scope.template.placeOf(argument) }), node, {
      uses: usesOf(term),
      verbatim: true,
    });
  },
};

function regionOfStack(scope: Scope, node: Node): Leaf {
  return { kind: "leaf", node, value: scope.environment.pseudo["AWS::Region"] as Leaf["value"] };
}
