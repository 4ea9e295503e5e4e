import { bundleCurrent } from "./bundle.mjs";
import { demo } from "./demo.mjs";
import { guarantees } from "./guarantees.mjs";
import { install } from "./install.mjs";
import { bundleFile } from "./paths.mjs";
import { TaskFailed } from "./process.mjs";
import { test } from "./test.mjs";

const tasks = { demo, test, guarantees, reconcile, prepare: async () => 0 };

/** Brings everything up to date and runs one task; sets the exit code. */
export async function main([name = "", ...args]) {
  const task = tasks[name];
  if (!task) {
    console.error(`There is no task "${name}": it is one of ${Object.keys(tasks).join(", ")}.`);
    process.exitCode = 64;
    return;
  }
  try {
    await install();
    if (name !== "test" && name !== "guarantees") await bundleCurrent();
    process.exitCode = await task(args);
  } catch (error) {
    if (!(error instanceof TaskFailed)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** The command line, in this process: as quick as if it were installed. Paths count from where npm was started. */
async function reconcile(args) {
  if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
  process.argv = [process.argv[0], bundleFile, ...args];
  await import(bundleFile);
  return process.exitCode;
}
