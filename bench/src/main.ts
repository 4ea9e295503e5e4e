import { cpus, loadavg, release, totalmem } from "node:os";
import { engine } from "./engine.ts";
import { hostile } from "./hostile.ts";
import { plan } from "./plan.ts";
import { start } from "./start.ts";
import { validate } from "./validate.ts";

const parts = {
  start: { title: "Start", run: start },
  validate: { title: "Validate", run: validate },
  plan: { title: "Plan, on an emulator", run: () => plan() },
  engine: { title: "Plan, the engine alone", run: engine },
  hostile: { title: "Hostile files", run: hostile },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`There is no benchmark "${unknown.join('", "')}": it is one of ${Object.keys(parts).join(", ")}.`);
  process.exitCode = 64;
} else {
  const load = () =>
    loadavg()
      .map((value) => value.toFixed(1))
      .join(" ");
  const [cpu] = cpus();
  console.log(
    `Node ${process.versions.node}, ${process.platform} ${release()}, ${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`,
  );
  for (const [name, { title, run }] of Object.entries(parts)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const before = load();
    const text = await run();
    console.log(`\n## ${title}\n\n${text}\n\nLoad average before: ${before}; after: ${load()}.`);
  }
}
