#!/usr/bin/env node
import { version } from "./version.ts";

const [first, ...rest] = process.argv.slice(2);
if (rest.length === 0 && (first === "--version" || first === "-V")) {
  // The commonest question of scripts: answered before anything else is loaded.
  process.stdout.write(`${version}\n`);
} else {
  const { main } = await import("./main.ts");
  process.exitCode = await main(process.argv.slice(2));
}
