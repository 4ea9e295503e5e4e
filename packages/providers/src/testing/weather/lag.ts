import type { HttpResponse } from "@smithy/core/protocols";
import type { RunningCall } from "../../aws/call.ts";
import { emptyPage, type Kept, refusal } from "./answers.ts";

/** How long something old is told: until it was told so often, or so much time has passed. */
interface Late {
  polls: number;
  until: number;
}

interface LagOptions {
  now(): number;
  /** From 0 to 1, by the seed. */
  chance(...of: (string | number)[]): number;
}

/** A refusal, and what to note of it. */
export interface Refused {
  answer: HttpResponse;
  note: string;
}

/** What AWS knows late: EC2's and IAM's reads, CloudFront's list, and the index of tags, which is later than all. Parameter Store and ECR read what was written. */
export function createLag({ now, chance }: LagOptions) {
  const snapshots = new Map<string, { service: string; kept: Kept; late?: Late }>();
  const unborn = new Map<string, Late>();
  let writes = 0;

  function isLate(late: Late | undefined): late is Late {
    return late !== undefined && late.polls > 0 && late.until > now();
  }

  function lateness(polls: number, seconds: number, ...of: (string | number)[]): Late {
    return {
      polls: 1 + Math.floor(chance("polls", ...of) * polls),
      until: now() + 1000 * (1 + chance("seconds", ...of) * seconds),
    };
  }

  /** Names in the request of what is not known everywhere yet. */
  function unbornIn({ input }: RunningCall): string | undefined {
    if (unborn.size === 0) return undefined;
    const text = JSON.stringify(input);
    return [...unborn].find(([name, late]) => isLate(late) && text.includes(`"${name}"`))?.[0];
  }

  function told(name: string): void {
    const late = unborn.get(name);
    if (late) late.polls--;
  }

  return {
    /** The answer of another time. */
    before(call: RunningCall): Kept | undefined {
      const snapshot = call.mutating ? undefined : snapshots.get(keyOf(call));
      if (!snapshot || !isLate(snapshot.late)) return undefined;
      snapshot.late.polls--;
      return snapshot.kept;
    },

    /** What names something that was made a moment ago. */
    refuse(call: RunningCall): Refused | undefined {
      const { service, operation, mutating } = call;
      const name = unbornIn(call);
      if (name === undefined) return undefined;
      const answer =
        !mutating && operation !== "DescribeInstanceAttribute"
          ? emptyPage(service, operation)
          : notFound(service, name, operation);
      if (!answer) return undefined;
      told(name);
      return { answer, note: `${name} is not known yet` };
    },

    /** Remembers an answer; after a write, what was read before may be told once more. */
    seen(call: RunningCall, kept: Kept): void {
      const { service, operation, mutating } = call;
      if (!mutating) {
        if (mayLag(service, operation)) snapshots.set(keyOf(call), { service, kept });
        return;
      }
      writes++;
      for (const [key, snapshot] of snapshots) {
        const isIndex = snapshot.service === "tagging";
        if (!isIndex && snapshot.service !== service) continue;
        if (chance("lags", key, writes) >= 0.3) continue;
        snapshot.late = isIndex ? lateness(8, 300, key, writes) : lateness(3, 8, key, writes);
      }
      for (const name of madeBy(call, kept))
        if (chance("unborn", service, operation, writes) < 0.5) unborn.set(name, lateness(3, 8, operation, writes));
    },
  };
}

function mayLag(service: string, operation: string): boolean {
  return service === "ec2" || service === "iam" || service === "tagging" || operation === "ListDistributions";
}

function keyOf({ service, operation, input }: RunningCall): string {
  return `${service}:${operation} ${JSON.stringify(input)}`;
}

/** The identifiers and names of what a create has made. */
function madeBy({ operation, input }: RunningCall, { text }: Kept): string[] {
  if (operation === "RunInstances") return matches(text, /<instanceId>(i-\w+)</g);
  if (operation === "CreateSecurityGroup") return matches(text, /<groupId>(sg-\w+)</g);
  if (operation === "AllocateAddress") return matches(text, /<allocationId>(eipalloc-\w+)</g);
  const { RoleName, InstanceProfileName } = input;
  if (operation === "CreateRole" || operation === "CreateInstanceProfile")
    return [RoleName, InstanceProfileName].filter((name) => typeof name === "string");
  return [];
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, name]) => name ?? []);
}

const notFoundCodes: readonly (readonly [prefix: string, code: string])[] = [
  ["i-", "InvalidInstanceID.NotFound"],
  ["sg-", "InvalidGroup.NotFound"],
  ["eipalloc-", "InvalidAllocationID.NotFound"],
];

function notFound(service: RunningCall["service"], name: string, operation: string): HttpResponse | undefined {
  if (service === "iam") {
    if (/^(?:Create|List|GetAccount)/.test(operation)) return undefined;
    return refusal("iam", "NoSuchEntity", `The entity with name ${name} cannot be found.`, 404);
  }
  if (service !== "ec2") return undefined;
  if (operation === "RunInstances") {
    const message = `Value (${name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`;
    if (!/^\w+-/.test(name) || !notFoundCodes.some(([prefix]) => name.startsWith(prefix)))
      return refusal("ec2", "InvalidParameterValue", message);
  }
  const code = notFoundCodes.find(([prefix]) => name.startsWith(prefix))?.[1];
  return code === undefined ? undefined : refusal("ec2", code, `The id '${name}' does not exist`);
}
