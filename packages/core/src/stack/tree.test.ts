import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DiagnosticError } from "../diagnostic.ts";
import { gitTree } from "./git-tree.ts";
import type { FileTree } from "./model.ts";
import { normalizePath } from "./path.ts";
import { diskTree, findRoot, maxFileBytes } from "./tree.ts";

let root: string;
let outside: string;

beforeAll(() => {
  outside = mkdtempSync(path.join(tmpdir(), "outside-"));
  writeFileSync(path.join(outside, "secret.yaml"), "secret");
  root = mkdtempSync(path.join(tmpdir(), "repository-"));
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  };
  write("desired-state/a.yaml", "a: 1\n");
  write("desired-state/b.yaml", "\uFEFFb: é\r\n");
  write("desired-state/deep/c.yaml", "c: 1\n");
  write("desired-state/--help.yaml", "d: 1\n");
  write("desired-state/ü \n.yaml", "e: 1\n");
  write("desired-state/binary.yaml", new Uint8Array([0x61, 0xff, 0xfe]));
  write("desired-state/large.yaml", "#".repeat(maxFileBytes + 1));
  symlinkSync("a.yaml", path.join(root, "desired-state/link.yaml"));
  symlinkSync("../desired-state/deep", path.join(root, "desired-state/linked"));
  symlinkSync("nowhere.yaml", path.join(root, "desired-state/dangling.yaml"));
  symlinkSync("circle.yaml", path.join(root, "desired-state/circle.yaml"));
  symlinkSync(path.join(outside, "secret.yaml"), path.join(root, "desired-state/absolute.yaml"));
  symlinkSync(`../../${path.basename(outside)}/secret.yaml`, path.join(root, "desired-state/relative.yaml"));
  symlinkSync(outside, path.join(root, "away"));
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "First");
});

afterAll(() => {
  rmSync(root, { recursive: true });
  rmSync(outside, { recursive: true });
});

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8" });
}

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error !== undefined && !(error instanceof DiagnosticError)) throw error;
  return error?.diagnostics[0]?.code;
}

const trees: [string, () => Promise<FileTree>][] = [
  ["on disk", async () => diskTree(root)],
  ["in a commit", () => gitTree(root, "main")],
];

describe.each(trees)("a tree %s", (where, open) => {
  test.each([
    ["desired-state/a.yaml", "a: 1\n"],
    ["./desired-state//deep/../a.yaml", "a: 1\n"],
    ["desired-state/b.yaml", "b: é\r\n"],
    ["desired-state/deep/c.yaml", "c: 1\n"],
    ["desired-state/--help.yaml", "d: 1\n"],
    ["desired-state/ü \n.yaml", "e: 1\n"],
    ["desired-state/link.yaml", "a: 1\n"],
    ["desired-state/linked/c.yaml", "c: 1\n"],
  ])("reads %j", async (file, text) => {
    expect(await (await open()).read(file)).toEqual({ path: normalizePath(file), text });
  });

  test.each([
    "nothing.yaml",
    "desired-state",
    "desired-state/a.yaml/b",
    "desired-state/dangling.yaml",
    "desired-state/linked",
    "",
  ])("has no file %j", async (file) => {
    expect(await (await open()).read(file)).toBeUndefined();
  });

  test.each([
    ["../x.yaml", "file.outside"],
    ["/etc/passwd", "file.outside"],
    ["a\0b", "file.outside"],
    ["desired-state/../../x", "file.outside"],
    ["desired-state/absolute.yaml", "file.outside"],
    ["desired-state/relative.yaml", "file.outside"],
    ["away/secret.yaml", "file.outside"],
    ["desired-state/binary.yaml", "file.encoding"],
    ["desired-state/large.yaml", "file.too-large"],
  ])("refuses %j: %s", async (file, code) => {
    expect(await codeOf((await open()).read(file))).toBe(code);
  });

  test("lists the folders directly in a folder, no links and nothing hidden", async () => {
    const tree = await open();
    expect(await tree.folders("desired-state")).toEqual(["deep"]);
    expect(await tree.folders("desired-state/a.yaml")).toEqual([]);
    expect(await tree.folders("nowhere")).toEqual([]);
  });

  test("lists the files directly in a folder", async () => {
    const names = await (await open()).list("desired-state");
    const expected = [
      "--help.yaml",
      "a.yaml",
      "absolute.yaml",
      "b.yaml",
      "binary.yaml",
      "large.yaml",
      "link.yaml",
      "relative.yaml",
      "ü \n.yaml",
    ];
    expect(names?.filter((name) => name !== "circle.yaml")).toEqual(expected.sort());
    // A commit does not know that this link leads to a folder; reading it says that it leads away.
    expect((await (await open()).list(""))?.filter((name) => name !== "away")).toEqual([]);
    expect(await (await open()).list("desired-state/linked/")).toEqual(["c.yaml"]);
  });

  test("has no folder where a file or nothing is", async () => {
    expect(await (await open()).list("desired-state/a.yaml")).toBeUndefined();
    expect(await (await open()).list("nowhere")).toBeUndefined();
    expect(await codeOf((await open()).list("away"))).toBe("file.outside");
  });

  test("says where it is from", async () => {
    expect((await open()).label).toBe(where === "on disk" ? "the work tree" : git("rev-parse", "HEAD").trim());
  });
});

describe("a commit", () => {
  test.each(["HEAD", "main", "refs/heads/main", "HEAD~0"])("can be named %s", async (revision) => {
    expect((await gitTree(root, revision)).label).toMatch(/^[0-9a-f]{40}$/);
  });

  test.each([
    "",
    "nothing",
    "--output=x",
    "-h",
    "main nothing",
    "main\n",
    "HEAD:desired-state",
    "main^{tree}",
    ":/First\0",
  ])("cannot be named %j", async (revision) => {
    expect(await codeOf(gitTree(root, revision))).toBe("git.revision");
  });

  test("does not see what is not committed", async () => {
    const tree = await gitTree(root, "HEAD");
    writeFileSync(path.join(root, "later.yaml"), "later");
    expect(await tree.read("later.yaml")).toBeUndefined();
    expect((await diskTree(root).read("later.yaml"))?.text).toBe("later");
  });

  test("needs a repository", async () => {
    expect(await codeOf(gitTree(outside, "HEAD"))).toBe("git.revision");
    await expect(gitTree(outside, "HEAD")).rejects.toThrow("in no git repository");
  });

  test("needs git", async () => {
    const before = process.env.PATH;
    process.env.PATH = outside;
    try {
      expect(await codeOf(gitTree(root, "HEAD"))).toBe("git.missing");
    } finally {
      process.env.PATH = before;
    }
  });
});

describe("the root", () => {
  test("is the nearest folder upwards that git knows", async () => {
    expect(await findRoot(path.join(root, "desired-state/deep"))).toBe(root);
    expect(await findRoot(root)).toBe(root);
  });

  test("is the folder itself where there is none", async () => {
    expect(await findRoot(outside)).toBe(outside);
  });
});

test.each([
  ["a/b", "a/b"],
  ["./a//b/", "a/b"],
  ["a/../b", "b"],
  ["", ""],
  [".", ""],
  ["..", undefined],
  ["a/../../b", undefined],
  ["/a", undefined],
  ["C:/a", undefined],
  ["a\\b", undefined],
])("the path %j is %j", (written, path) => {
  expect(normalizePath(written)).toBe(path);
});

// Root may read everything.
test.skipIf(process.getuid?.() === 0)("a file that may not be read is told", async () => {
  writeFileSync(path.join(root, "desired-state/closed.yaml"), "a: 1\n", { mode: 0 });
  expect(await codeOf(diskTree(root).read("desired-state/closed.yaml"))).toBe("file.denied");
});
