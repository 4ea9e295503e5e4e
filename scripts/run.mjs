// Starts a task on a fresh clone with nothing but Node: `npm run demo`, `npm test`, `npm run reconcile -- ARGS`. This file must be understood by every Node that may
// meet it, so it only looks at the version; the rest is in tasks/.
const oldest = [20, 19];
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(`Reconcile needs Node ${oldest.join(".")} or newer, and this is Node ${process.versions.node}.`);
  console.error("  Fix: install a newer one from https://nodejs.org, or with your version manager (nvm install 22).");
  process.exitCode = 1;
} else {
  import("./tasks/main.mjs").then(({ main }) => main(process.argv.slice(2)));
}
