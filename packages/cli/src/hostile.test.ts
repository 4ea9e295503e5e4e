import { symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createRegistry, diskTree, hasErrors, loadStacks, validateStacks } from "@reconcile/core";
import { hostileFiles } from "@reconcile/core/testing";
import { types } from "@reconcile/providers";
import { describe, expect, test } from "vitest";
import { specification } from "./specification.ts";
import { makeFolder, reconcile } from "./testing/cli.ts";

const options = {
  registry: createRegistry(types),
  specification: specification(),
  environment: {},
  purpose: "files",
} as const;

describe("files that were made to do harm", () => {
  test.each(hostileFiles)("$name", async ({ files, says }) => {
    const tree = diskTree(makeFolder(files(), { git: false }));
    const before = process.cpuUsage();
    const loaded = await loadStacks({ tree, paths: [""] });
    const diagnostics = validateStacks(loaded, options);
    const { user, system } = process.cpuUsage(before);

    expect(diagnostics.map(({ code }) => code)).toEqual(expect.arrayContaining([...says]));
    if (says.length === 0) expect(hasErrors(diagnostics)).toBe(false);
    expect(diagnostics.filter(({ remedy }) => !remedy)).toEqual([]);
    // Far above what any of them takes: what has no end takes minutes.
    expect((user + system) / 1e6).toBeLessThan(20);
  });
});

describe("the command line", () => {
  const sound = "Resources:\n  A: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: hello } }\n";

  test("does not read a file of 100 MB", async () => {
    const folder = makeFolder({ "t.yaml": "" });
    truncateSync(path.join(folder, "t.yaml"), 100_000_000);

    const { exitCode, stderr } = await reconcile(["validate", "t.yaml"], { cwd: folder });

    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("file.too-large") });
  });

  test("tells of bytes that are no text", async () => {
    const folder = makeFolder({ "t.yaml": "" });
    writeFileSync(path.join(folder, "t.yaml"), new Uint8Array([0x52, 0xff, 0xfe, 0x00]));

    const { exitCode, stderr } = await reconcile(["validate", "t.yaml"], { cwd: folder });

    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("file.encoding") });
  });

  test.each([
    ["a template", "stack.yaml", "template-file-path: link/secret.yaml\n"],
    [
      "a nested template",
      "stack.yaml",
      "Resources: { N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: link/secret.yaml } } }\n",
    ],
  ])("follows no link out of the repository for %s", async (_, name, text) => {
    const elsewhere = makeFolder({ "secret.yaml": sound }, { git: false });
    const folder = makeFolder({ [name]: text });
    symlinkSync(elsewhere, path.join(folder, "link"));

    const { exitCode, stderr } = await reconcile(["validate", name], { cwd: folder });

    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("file.outside") });
  });
});
