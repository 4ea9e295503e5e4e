import { execa } from "execa";
import type { Environment } from "./folders.ts";

/** A Python that is new enough for moto. */
export interface Python {
  /** The interpreter's own absolute path, past any shim or launcher. */
  readonly executable: string;
  /** "3.11" */
  readonly version: string;
}

const oldest = [3, 10] as const;

// The plain names first: they are what the person means by "python". The numbered ones are for machines whose python3 is too old.
const posixCommands = ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
const candidates: Readonly<Record<"win32" | "posix", readonly (readonly [string, ...string[]])[]>> = {
  win32: [["python3"], ["python"], ["py", "-3"]],
  posix: posixCommands.map((command) => [command] as const),
};

const probe = "import json, sys; print(json.dumps([sys.executable, *sys.version_info[:2]]))";

/** Every Python >= 3.10 on the PATH of `env`, best first, each once; and the versions of those that are too old. */
export async function findPythons(env: Environment): Promise<{ usable: Python[]; tooOld: string[] }> {
  const usable = new Map<string, Python>();
  const tooOld = new Set<string>();
  for (const [command, ...args] of candidates[process.platform === "win32" ? "win32" : "posix"]) {
    const found = await ask(command, args, env);
    if (found === undefined) continue;
    const [executable, major, minor] = found;
    const version = `${major}.${minor}`;
    if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) tooOld.add(version);
    else if (!usable.has(executable)) usable.set(executable, { executable, version });
  }
  return { usable: [...usable.values()], tooOld: [...tooOld] };
}

async function ask(command: string, args: string[], env: Environment): Promise<[string, number, number] | undefined> {
  const options = {
    env: pythonEnvironment(env),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: 20_000,
  } as const;
  const result = await execa(command, [...args, "-c", probe], options);
  if (result.failed) return undefined; // not there, or the Windows stub that opens a shop
  return JSON.parse(result.stdout) as [string, number, number];
}

// Credentials are nothing that an emulator or an installer needs. Python's and moto's own variables would change what runs
// (another library path, other validations), pip's user and target settings where it is installed.
const notPassedOn =
  /^(AWS_|MOTO_|PYTHON|VIRTUAL_ENV$|PIP_(USER|TARGET|PREFIX|ROOT|REQUIRE_VIRTUALENV)$|INITIAL_NO_AUTH_ACTION_COUNT$)/;

/** `env` as a Python child gets it. */
export function pythonEnvironment(env: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !notPassedOn.test(name)) kept[name] = value;
  }
  return { ...kept, PYTHONDONTWRITEBYTECODE: "1", PYTHONUTF8: "1", PIP_USER: "0" };
}
