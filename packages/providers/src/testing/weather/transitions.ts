import type { RunningCall } from "../../aws/call.ts";
import { type Kept, refusal } from "./answers.ts";
import type { Refused } from "./lag.ts";

/** What a thing is shown as while it changes, for how many more looks. */
interface Change {
  state: string;
  looks: number;
}

const codes: Readonly<Record<string, number>> = { pending: 0, "shutting-down": 32, stopping: 64 };
const beginnings: Readonly<Record<string, string>> = {
  RunInstances: "pending",
  StartInstances: "pending",
  StopInstances: "stopping",
  TerminateInstances: "shutting-down",
};

/** States that take a while: an instance that starts, stops or ends, a distribution that is deployed. What AWS refuses meanwhile is refused. */
export function createTransitions(chance: (...of: (string | number)[]) => number) {
  const changes = new Map<string, Change>();
  let begun = 0;

  function begin(id: string, state: string): void {
    const looks = Math.floor(chance("looks", state, ++begun) * 5);
    changes.set(id, { state, looks });
  }

  /** The state to show in place of the real one; each time it is asked for counts. */
  function lookedAt(id: string): string | undefined {
    const change = changes.get(id);
    if (!change || change.looks === 0) return undefined;
    change.looks--;
    return change.state;
  }

  /** Time goes by for who only tries again, too. */
  function isStill(state: string, id: unknown): boolean {
    return typeof id === "string" && changes.get(id)?.state === state && lookedAt(id) !== undefined;
  }

  return {
    seen({ service, operation, input }: RunningCall, { text }: Kept): void {
      const state = service === "ec2" ? beginnings[operation] : undefined;
      if (state !== undefined)
        for (const [, id] of text.matchAll(/<instanceId>(i-\w+)</g)) if (id !== undefined) begin(id, state);
      if (service === "cloudfront" && /^(?:Create|Update)Distribution/.test(operation)) {
        const id = typeof input.Id === "string" ? input.Id : /<Id>(\w+)<\/Id>/.exec(text)?.[1];
        if (id !== undefined) begin(id, "InProgress");
      }
    },

    refuse({ service, operation, input }: RunningCall): Refused | undefined {
      const { InstanceId, Id } = input;
      if (service === "ec2" && operation === "AssociateAddress" && isStill("pending", InstanceId)) {
        const message = `The pending instance '${InstanceId}' is not in a valid state for this operation.`;
        return { answer: refusal("ec2", "InvalidInstanceID", message), note: "the instance is pending" };
      }
      if (operation === "DeleteDistribution" && isStill("InProgress", Id)) {
        const message = "The distribution you are trying to delete has not been disabled.";
        return {
          answer: refusal("cloudfront", "DistributionNotDisabled", message, 409),
          note: "the distribution is being deployed",
        };
      }
      return undefined;
    },

    /** The answer as AWS gives it while things change. */
    shown({ operation }: RunningCall, kept: Kept): Kept {
      if (operation === "DescribeInstances") {
        const text = kept.text.replace(
          /(<instanceId>(i-\w+)<\/instanceId>(?:(?!<instanceId>)[\s\S])*?<instanceState>\s*)<code>\d+<\/code>\s*<name>[\w-]+<\/name>/g,
          (whole, before: string, id: string) => {
            const state = lookedAt(id);
            return state === undefined ? whole : `${before}<code>${codes[state]}</code><name>${state}</name>`;
          },
        );
        return { ...kept, text };
      }
      if (operation !== "GetDistribution") return kept;
      const id = /<Id>(\w+)<\/Id>/.exec(kept.text)?.[1];
      const state = id === undefined ? undefined : lookedAt(id);
      return state === undefined
        ? kept
        : { ...kept, text: kept.text.replace(/<Status>\w+<\/Status>/, `<Status>${state}</Status>`) };
    },
  };
}
