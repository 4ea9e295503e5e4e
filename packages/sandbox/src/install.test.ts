import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SandboxError } from "./errors.ts";
import { type Installation, installMoto } from "./install.ts";

// No test here runs a real Python: what stands on the PATH are scripts that can do as much as the test says, and write down what they are asked.

let folder: string;
let cacheFolder: string;
let progress: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-install-"));
  cacheFolder = join(folder, "cache");
  progress = [];
  await mkdir(join(folder, "bin"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface FakePython {
  version?: [number, number];
  venv?: boolean;
  pip?: boolean;
  /** pip's complaint */
  installs?: string;
}

async function python(
  name: string,
  { version = [3, 11], venv = true, pip = true, installs }: FakePython = {},
): Promise<void> {
  const file = join(folder, "bin", name);
  const script = `#!${process.execPath}
const { appendFileSync, copyFileSync, mkdirSync } = require("node:fs");
const { join } = require("node:path");
const args = process.argv.slice(2);
const fail = (text) => { console.error(text); process.exit(1); };
if (args[0] === "-c") {
  console.log(JSON.stringify([process.argv[1], ...${JSON.stringify(version)}]));
} else {
  appendFileSync(${JSON.stringify(join(folder, "asked"))}, args.join(" ") + "\\n");
  if (args[1] === "venv") {
    mkdirSync(join(args[2], "bin"), { recursive: true });
    if (${!venv}) fail("ensurepip is not available");
    copyFileSync(process.argv[1], join(args[2], "bin", "python"));
  } else if (${!pip} && !process.argv[1].includes("cache")) fail("No module named pip");
  else if (args[2] === "install" && ${installs !== undefined}) fail(${JSON.stringify(installs ?? "")});
  else if (args.includes("--target")) mkdirSync(args[args.indexOf("--target") + 1], { recursive: true });
}
`;
  await writeFile(file, script);
  await chmod(file, 0o755);
}

async function install(): Promise<Installation> {
  const env = { PATH: join(folder, "bin"), AWS_SECRET_ACCESS_KEY: "secret" };
  return installMoto({ cacheFolder, env, onProgress: (message) => progress.push(message) });
}

async function asked(what: string): Promise<string[]> {
  const text = await readFile(join(folder, "asked"), "utf8");
  return text.split("\n").filter((line) => line.includes(what));
}

const refusal = () =>
  install().then(
    () => expect.fail("it was installed"),
    (error: SandboxError) => error,
  );

describe("the first installation", () => {
  it("is a virtual environment with the pinned moto", async () => {
    await python("python3");
    const installation = await install();
    expect(existsSync(installation.python)).toBe(true);
    expect(installation.env).toEqual({});
    expect(await asked("pip install")).toEqual([expect.stringContaining("moto[server]==5.2.5")]);
    expect(progress).toEqual([expect.stringContaining("installing moto 5.2.5 with Python 3.11")]);
  });

  it("is used by the second start, in silence", async () => {
    await python("python3");
    const first = await install();
    progress = [];
    expect(await install()).toEqual(first);
    expect(progress).toEqual([]);
    expect(await asked("pip install")).toHaveLength(1);
  });

  it("leaves nothing but itself", async () => {
    await python("python3");
    await install();
    expect(await readdir(cacheFolder)).toEqual([expect.stringMatching(/^moto-5\.2\.5-py3\.11-/)]);
  });

  it("happens once though two ask at once", async () => {
    await python("python3");
    const [first, second] = await Promise.all([install(), install()]);
    expect(first).toEqual(second);
    expect(await asked("pip install")).toHaveLength(1);
    expect(progress).toContainEqual(expect.stringContaining("waiting for another process"));
  });

  it("does not wait for one who was killed", async () => {
    await python("python3");
    await install();
    const [name = ""] = await readdir(cacheFolder);
    await rm(join(cacheFolder, name), { recursive: true });
    const lock = join(cacheFolder, `installing-${name.split("-").at(-1)}`);
    await mkdir(lock);
    await utimes(lock, new Date(0), new Date(0));
    await install();
    expect(await asked("pip install")).toHaveLength(2);
  });

  it("takes the place of one that was killed half-way", async () => {
    await python("python3");
    await install();
    const [name = ""] = await readdir(cacheFolder);
    await rm(join(cacheFolder, name, "installed.json"));
    const leftover = join(cacheFolder, "temporary-1");
    await mkdir(leftover);
    await utimes(leftover, new Date(0), new Date(0));
    expect(existsSync((await install()).python)).toBe(true);
    expect(await readdir(cacheFolder)).toEqual([name]);
  });

  it("is made again when its Python has been upgraded away", async () => {
    await python("python3");
    const { python: executable } = await install();
    await rm(executable);
    expect(existsSync((await install()).python)).toBe(true);
  });
});

describe("which Python", () => {
  it("is the first that is new enough", async () => {
    await python("python3", { version: [3, 9] });
    await python("python3.12", { version: [3, 12] });
    await install();
    expect(await readdir(cacheFolder)).toEqual([expect.stringMatching(/-py3\.12-/)]);
  });

  it("without venv is pip's --target", async () => {
    await python("python3", { venv: false });
    const installation = await install();
    expect(installation.python).toBe(join(folder, "bin", "python3"));
    const packages = installation.env.PYTHONPATH ?? "";
    expect(existsSync(packages)).toBe(true);
    expect(await install()).toEqual(installation);
  });
});

describe("where it cannot be, the one command that would help is named:", () => {
  const command = expect.stringMatching(
    /^(sudo |brew |winget )?\S+ ?(install|add) .*python3.*$|^brew install|^winget install|^install Python/i,
  );

  it("neither venv nor pip", async () => {
    await python("python3", { venv: false, pip: false });
    const error = await refusal();
    expect(error).toBeInstanceOf(SandboxError);
    expect(error).toMatchObject({ remedy: command, message: expect.stringContaining("ensurepip is not available") });
    expect(await readdir(cacheFolder)).toEqual([]);
  });

  it("no Python", async () => {
    expect(await refusal()).toMatchObject({
      remedy: command,
      message: expect.stringContaining("there is no Python here"),
    });
  });

  it("an old Python", async () => {
    await python("python3", { version: [3, 9] });
    expect(await refusal()).toMatchObject({
      remedy: command,
      message: expect.stringContaining("only Python 3.9 is here"),
    });
  });
});

it("says what pip said when it cannot reach its index, and does not try another way", async () => {
  await python("python3", { installs: "Could not find a version that satisfies the requirement" });
  expect(await refusal()).toMatchObject({
    message: expect.stringContaining("Could not find a version"),
    remedy: expect.stringContaining("index"),
  });
  expect(await asked("pip install")).toHaveLength(1);
  expect(await readdir(cacheFolder)).toEqual([]);
});
