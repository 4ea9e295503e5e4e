import { loadStacks, type Stack } from "@reconcile/core";
import { openReconciler, types } from "@reconcile/providers";
import { type Sandbox, sandboxEnvironment, startSandbox } from "@reconcile/sandbox";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { inFlight } from "./in-flight.ts";
import { lowerBound } from "./lower-bound.ts";
import { type Kind, templateOf, typeOf } from "./templates.ts";

const count = 100;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
}, 300_000);
beforeEach(() => sandbox.reset());
afterAll(() => sandbox?.stop());

async function stacksOf(kind: Kind): Promise<readonly Stack[]> {
  const file = { path: "stack.yaml", text: templateOf(kind, count) };
  const read = async (path: string) => (path === file.path ? file : undefined);
  const { stacks } = await loadStacks({
    tree: { label: "memory", read, list: async () => undefined, folders: async () => [] },
    paths: [file.path],
  });
  return stacks;
}

async function open(kind: Kind) {
  const network = inFlight();
  const reconciler = openReconciler({
    types: types.filter(({ type }) => type === typeOf[kind]),
    stacks: await stacksOf(kind),
    environment: sandboxEnvironment(sandbox.endpoint),
    // As a plan does: it asks nobody what was applied last.
    bookkeeping: false,
    ...network.hooks,
  });
  return { reconciler, calls: network.calls };
}

/** Makes them, and plans again in a session that knows nothing. */
async function callsOfPlan(kind: Kind): Promise<Readonly<Record<string, number>>> {
  const first = await open(kind);
  const events = first.reconciler.apply(await first.reconciler.plan());
  while (!(await events.next()).done);
  first.reconciler.close();
  const second = await open(kind);
  const { plan } = await second.reconciler.plan();
  second.reconciler.close();
  expect(plan.stacks[0]?.changes.filter(({ action }) => action === "none")).toHaveLength(count);
  return second.calls();
}

/** What is above the bound, by operation, and why. */
const allowance: Record<Kind, Readonly<Record<string, number>>> = {
  // One chain of pages for what the stack owns, one for the tags of its type. The emulator ends a page after 100 tags, AWS after 100 resources.
  parameters: { "tagging:GetResources": 5 },
  // Groups are listed, and then read by id. The index of what the stack owns goes through every rule.
  groups: { "ec2:DescribeSecurityGroups": 1, "tagging:GetResources": 8 },
};

test.each(["parameters", "groups"] as const)("a plan of a hundred %s needs no more calls than it did", async (kind) => {
  const { "iam:GetAccountAuthorizationDetails": _, ...bound } = lowerBound(kind, count);
  const allowed = Object.entries(bound).map(([name, calls]) => [name, calls + (allowance[kind][name] ?? 0)] as const);
  const calls = await callsOfPlan(kind);
  const above = Object.entries(calls).filter(([name, made]) => made > (new Map(allowed).get(name) ?? 0));
  expect(above).toEqual([]);
});
