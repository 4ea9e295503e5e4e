import { spawn } from "node:child_process";
import { root } from "./paths.mjs";

/** A step did not work, and has already said why. */
export class TaskFailed extends Error {
  name = "TaskFailed";
}

/** Runs a program without a shell, in the repository. Gives its exit code; its output as well with `quiet`. */
export function run(file, args, { quiet = false, ...options } = {}) {
  const stdio = quiet ? ["ignore", "pipe", "pipe"] : "inherit";
  const child = spawn(file, args, { cwd: root, stdio, ...options });
  let output = "";
  child.stdout?.on("data", (data) => {
    output += data;
  });
  child.stderr?.on("data", (data) => {
    output += data;
  });
  // Ctrl-C reaches the child by itself; this process waits for what it makes of it.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? (signal === "SIGINT" ? 130 : 1), output }));
  }).finally(() => process.off("SIGINT", ignore));
}

export function runNode(args, options) {
  return run(process.execPath, args, options);
}

/** `0.8 s`. */
export function since(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
