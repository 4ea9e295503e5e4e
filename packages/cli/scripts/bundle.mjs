// Bundles the command line into dist/: one folder that needs nothing but Node. Split, so that `--version` and `validate` load no AWS client, and minified, which
// halves the time that loading one takes. Takes a second; run by `build`.
import { chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { plugins } from "./bundle-plugins.mjs";

const folder = fileURLToPath(new URL("..", import.meta.url));
const packages = join(folder, "..");
const target = join(folder, "dist");
// Built aside and then put in place: a run that starts meanwhile sees the old one or the new one.
const fresh = join(folder, `dist.${process.pid}`);

try {
  await rm(fresh, { recursive: true, force: true });
  const inputs = await bundle();
  await writeLicences(inputs);
  await copySpecification();
  await cp(join(packages, "sandbox", "moto"), join(fresh, "moto"), {
    recursive: true,
    filter: (source) => !source.includes("__pycache__"),
  });
  const old = join(folder, `dist.old.${process.pid}`);
  await rename(target, old).catch(ignoreMissing);
  await rename(fresh, target);
  await rm(old, { recursive: true, force: true });
} finally {
  await rm(fresh, { recursive: true, force: true });
}

async function bundle() {
  const file = join(fresh, "reconcile.js");
  const { metafile } = await build({
    metafile: true,
    entryPoints: [join(folder, "src", "reconcile.ts")],
    outdir: fresh,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    // One flat folder: what is found relative to a module (the specification, the sandbox's launcher) is found from every chunk.
    chunkNames: "[name]-[hash]",
    minifyWhitespace: true,
    minifySyntax: true,
    // Names stay: errors are told apart by them, --debug shows them, and esbuild's way of restoring short ones costs a tenth of the start.
    minifyIdentifiers: false,
    legalComments: "none",
    // Without "module", the SDK would come as CommonJS, twice as large; and a dynamic import of that has no named exports in a bundle.
    conditions: ["source", "module"],
    mainFields: ["module", "main"],
    plugins,
    // CommonJS among the dependencies asks for Node's own modules with `require`.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
  for (const { entryPoint, exports } of Object.values(metafile.outputs)) {
    // Such a module would come without the names that it has when Node loads it, and what uses it fails only when it is used.
    if (exports.join() === "default") throw new Error(`${entryPoint} is CommonJS and is imported when needed`);
  }
  await chmod(file, 0o755);
  return Object.keys(metafile.inputs);
}

/** Ours, and the notices of everything that is in the bundle. */
async function writeLicences(inputs) {
  await cp(join(packages, "..", "LICENSE"), join(fresh, "LICENSE"));
  const folders = new Set(
    inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0]).filter(Boolean),
  );
  const notices = new Map();
  for (const path of folders) {
    const { name, version, license } = JSON.parse(await readFile(join(path, "package.json"), "utf8"));
    const files = (await readdir(path)).filter((each) => /^(licen[cs]e|notice)/i.test(each)).sort();
    const texts = await Promise.all(files.map((each) => readFile(join(path, each), "utf8")));
    notices.set(
      `${name} ${version}`,
      `${name} ${version} (${license})\n\n${texts.map((each) => each.trim()).join("\n\n")}`,
    );
  }
  const sorted = [...notices].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text.trim());
  await writeFile(join(fresh, "THIRD-PARTY.txt"), `${sorted.join(`\n\n${"-".repeat(80)}\n\n`)}\n`);
}

/** Facts, and AWS's documentation for `explain` and `schema`; each file is read only when it is needed. */
async function copySpecification() {
  const data = join(packages, "spec", "data");
  const names = (await readdir(data)).filter((name) => name.endsWith(".json") && name !== "stamp.json");
  await mkdir(join(fresh, "spec"));
  await Promise.all(names.map((name) => cp(join(data, name), join(fresh, "spec", name))));
}

function ignoreMissing(error) {
  if (error.code !== "ENOENT") throw error;
}
