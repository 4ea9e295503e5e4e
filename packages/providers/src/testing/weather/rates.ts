import type { RunningCall } from "../../aws/call.ts";

/** How many requests at once, and how many more each second. */
type Rate = readonly [capacity: number, perSecond: number];

interface Family {
  operations: RegExp;
  rate: Rate;
  /** One bucket for all of them; else each operation has its own. */
  shared?: string;
}

/**
 * AWS's rates; the first that fits counts. EC2: "Request throttling for the Amazon EC2 API"; tagging: "Service quotas for tagging"; Parameter Store: "AWS Systems Manager
 * endpoints and quotas". The others AWS does not publish: they are what users have seen, or lower.
 */
const families: readonly Family[] = [
  { operations: /^ec2:(?:Run|Start)Instances$/, rate: [5, 2] },
  { operations: /^ec2:(?:Create|Delete)Tags$/, rate: [100, 10] },
  { operations: /^ec2:(?:TerminateInstances|AssociateIamInstanceProfile)$/, rate: [100, 5] },
  { operations: /^ec2:(?:Describe|Get)/, rate: [100, 20] },
  { operations: /^ec2:/, rate: [50, 5] },
  { operations: /^tagging:/, rate: [15, 15], shared: "tagging" },
  { operations: /^ssm:Get/, rate: [40, 40], shared: "ssm get" },
  { operations: /^ssm:(?:Put|Delete)/, rate: [3, 3] },
  { operations: /^ssm:/, rate: [20, 5] },
  { operations: /^iam:(?:Get(?!Account)|List(?:Role|Attached).+)/, rate: [15, 15] },
  { operations: /^iam:/, rate: [5, 5] },
  { operations: /^cloudfront:/, rate: [10, 5], shared: "cloudfront" },
  { operations: /^ecr:/, rate: [20, 20] },
];

/** Token buckets on a clock of milliseconds: is there room for one more request now? */
export function createRates(now: () => number): (call: Pick<RunningCall, "service" | "operation">) => boolean {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return ({ service, operation }) => {
    const name = `${service}:${operation}`;
    const family = families.find(({ operations }) => operations.test(name));
    if (!family) return true;
    const [capacity, perSecond] = family.rate;
    const key = family.shared ?? name;
    const { tokens, at } = buckets.get(key) ?? { tokens: capacity, at: now() };
    const filled = Math.min(capacity, tokens + ((now() - at) / 1000) * perSecond);
    const hasRoom = filled >= 1;
    buckets.set(key, { tokens: hasRoom ? filled - 1 : filled, at: now() });
    return hasRoom;
  };
}
