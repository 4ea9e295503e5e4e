import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PlanDocument } from "@reconcile/core";
import { proves } from "@reconcile/core/testing";
import { openSession } from "@reconcile/providers";
import { type Sandbox, sandboxEnvironment, startSandbox } from "@reconcile/sandbox";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Ran, reconcile } from "./testing/cli.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const examples = readdirSync(join(root, "examples"), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

// One embedded AWS for all, emptied before each.
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
}, 300_000);
beforeEach(() => sandbox.reset());
afterAll(() => sandbox?.stop());

/** As the example's README says, from the repository's root. */
function run(...args: string[]): Promise<Ran> {
  const env = { ...sandboxEnvironment(sandbox.endpoint), SERVICE_API_KEY: "an example" };
  return reconcile(args, { cwd: root, env });
}

/** A bare template, or a folder of stack files. A bare template's name is the stack's: were two the same, trying one example would delete what another made. */
function pathOf(example: string): string {
  const template = `examples/${example}/${example}.yaml`;
  return existsSync(join(root, template)) ? template : `examples/${example}/desired-state`;
}

/** What is there before the example begins. */
function prepare(example: string): void {
  const script = join(root, "examples", example, "by-hand.mjs");
  const env = { ...process.env, ...sandboxEnvironment(sandbox.endpoint) };
  if (existsSync(script)) execFileSync(process.execPath, [script], { env });
}

/** What differs from one run to the next: the revision, identifiers that AWS gives, the count of calls, the seconds. */
function normalised(plan: string): string {
  return plan
    .replaceAll(/ +at [0-9a-f]{7}(?: \+ changes)?$/gm, "")
    .replaceAll(/\b(sgr?)-[0-9a-f]+/g, "$1-…")
    .replaceAll(/ +\d+ calls? · [\d.:]+(?: m?s)?/g, "     N calls · N s")
    .trimEnd()
    .concat("\n");
}

/** The ARNs of everything that has an owner, asked for without Reconcile's own reading. */
async function owned(): Promise<(string | undefined)[]> {
  const environment = sandboxEnvironment(sandbox.endpoint);
  const session = openSession({ environment });
  const { tagging } = await session.connect({ region: "us-east-1" });
  const { ResourceTagMappingList = [] } = await tagging.getResources({ TagFilters: [{ Key: "reconcile:owner" }] });
  session.close();
  return ResourceTagMappingList.map((each) => each.ResourceARN);
}

function stackNames({ stdout }: Ran): string[] {
  return PlanDocument.parse(JSON.parse(stdout)).stacks.map((stack) => stack.name);
}

describe.each(examples)("examples/%s", (example) => {
  const path = pathOf(example);
  const expected = join(root, "examples", example, "expected-plan.txt");

  test(
    "is planned as its expected plan says, made so, found as declared, and destroyed without a trace",
    proves(1, "sandbox"),
    async () => {
      prepare(example);
      const planned = normalised((await run("--plan", path)).stdout);
      await expect(planned).toMatchFileSnapshot(expected);
      const applied = await run("--yes", path);
      expect(applied).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("the next plan is empty") });

      const again = await run("--plan", path, "--format", "json");
      expect(again.exitCode).toBe(0);
      expect(await owned()).not.toEqual([]);
      const confirm = stackNames(again).flatMap((name) => ["--confirm", name]);
      const destroyed = await run("destroy", path, ...confirm, "--allow-delete", "all");
      expect(destroyed).toMatchObject({ exitCode: 0 });
      expect(await owned()).toEqual([]);
    },
  );
});
