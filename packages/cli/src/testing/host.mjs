// Runs the bundled command line again and again: what it loads, it loads once. Each run finds the process as if it had been started for it.
import { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";

const [, , bundle = ""] = process.argv;
let written = { stdout: "", stderr: "" };

process.on("message", async (asked) => process.send?.(await run(asked)));
// Whoever started this has ended.
process.on("disconnect", () => process.exit());
// Node itself says these on the stderr that it began with.
process.on("warning", (warning) => {
  written.stderr += `${warning.stack}\n`;
});

async function run({ number, args, cwd, env, input = "" }) {
  const own = { stdout: "", stderr: "" };
  written = own;
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.argv = [process.execPath, bundle, ...args];
  process.exitCode = undefined;
  const streams = { stdin: Readable.from([input]), stdout: sink(own, "stdout"), stderr: sink(own, "stderr") };
  for (const [name, value] of Object.entries(streams))
    Object.defineProperty(process, name, { value, configurable: true });
  try {
    // The entry is run anew for each name that it is known by.
    await import(`${pathToFileURL(bundle)}?${number}`);
  } catch (error) {
    own.stderr += `${error instanceof Error ? error.stack : error}\n`;
    process.exitCode = 1;
  }
  return { ...own, exitCode: process.exitCode ?? 0 };
}

function sink(texts, name) {
  return new Writable({
    decodeStrings: false,
    write(text, _, done) {
      texts[name] += text;
      done();
    },
  });
}
