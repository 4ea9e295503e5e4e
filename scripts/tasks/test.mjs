import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { bundleCurrent } from "./bundle.mjs";
import { root, testResults } from "./paths.mjs";
import { runNode, since } from "./process.mjs";

const bin = (...path) => join(root, "node_modules", ...path);
const checks = [
  {
    name: "format and lint (biome)",
    command: [bin("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."],
  },
  { name: "types (tsc)", command: [bin("typescript", "bin", "tsc"), "-b"] },
  { name: "unused code (knip)", command: [bin("knip", "bin", "knip.js")] },
];

/** The checks and then the tests. Arguments are vitest's: then only the tests they choose are run. */
export async function test(args) {
  rmSync(testResults, { force: true });
  if (args.length === 0 && !(await check())) return 1;
  await bundleCurrent();
  mkdirSync(dirname(testResults), { recursive: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${testResults}`];
  const { code } = await runNode([bin("vitest", "vitest.mjs"), "run", ...reporters, ...args]);
  return code;
}

/** Side by side; each says one line, and everything when it fails. */
async function check() {
  const results = checks.map(async ({ name, command }) => {
    const started = performance.now();
    const { code, output } = await runNode(command, { quiet: true });
    console.log(code === 0 ? `✓ ${name}   ${since(started)}` : `✗ ${name}\n\n${output}`);
    return code === 0;
  });
  return (await Promise.all(results)).every(Boolean);
}
