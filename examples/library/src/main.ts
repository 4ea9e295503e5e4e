import { fileURLToPath } from "node:url";
import { renderDiagnostics, renderEvent } from "@reconcile/core";
import { sandboxEnvironment, startSandbox } from "@reconcile/sandbox";
import { deploy } from "./deploy.ts";

// The front end: only here is there a console. The AWS is one on this machine, which ends with the program.
const sandbox = await startSandbox({ onProgress: console.error });
const result = await deploy({
  root: fileURLToPath(new URL("..", import.meta.url)),
  paths: ["desired-state"],
  environment: { ...process.env, ...sandboxEnvironment(sandbox.endpoint), SERVICE_API_KEY: "an example" },
  approve(plan) {
    for (const { changes } of plan.stacks) {
      for (const { action, logicalId, type } of changes) console.log(`${action} ${logicalId} (${type.type})`);
    }
    return true;
  },
  onEvent(event) {
    // What a step does meanwhile is for lines that are redrawn.
    if (event.kind !== "step-progress") console.log(renderEvent(event));
  },
});
console.log(result.outcome);
if (result.outcome === "invalid")
  console.log(renderDiagnostics(result.diagnostics, { color: false, sources: () => undefined }));
await sandbox.stop();
