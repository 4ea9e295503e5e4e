// Bundles the benchmarks, as the command line is bundled (conditions, minified), and runs them: `node bench/run.mjs [start] [validate] [plan] [engine] [hostile]`.
import { spawnSync } from "node:child_process";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { plugins } from "../packages/cli/scripts/bundle-plugins.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const out = join(folder, "node_modules", ".cache", "bench");

rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: ["main", "validate-process", "plan-process", "engine-process", "hostile-process", "replay"].map((name) =>
    join(folder, "src", `${name}.ts`),
  ),
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  minify: true,
  keepNames: true,
  conditions: ["source", "module"],
  mainFields: ["module", "main"],
  plugins,
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});

// Where a bundle looks for the sandbox's launcher.
symlinkSync(join(folder, "..", "packages", "sandbox", "moto"), join(out, "moto"));

// An environment without anybody's credentials: all that is measured lives on this machine.
const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
const { status } = spawnSync(process.execPath, [join(out, "main.js"), ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...Object.fromEntries(environment), BENCH_ROOT: join(folder, "..") },
});
process.exitCode = status ?? 1;
