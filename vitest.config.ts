import { defineConfig } from "vitest/config";
import { tags } from "./scripts/tasks/promises.mjs";
import { LongestFirst } from "./scripts/tasks/vitest-sequencer.mjs";

// Tests run on the sources: the "source" condition of every package's exports, so that no build comes first. Only the command line is tested as it is published,
// and bundled for that when its sources have changed.
const conditions = ["source", "node", "import", "default"];
const sandbox = "scripts/tasks/vitest-sandbox.mjs";

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Most tests wait for a program or for the embedded AWS: a core more is worth more than a core for vitest itself.
    maxWorkers: "100%",
    // A process runs one file after the other, and loads what they have in common once; mocks and stubs end with their test.
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    // That a machine has more to do than these tests is no failure.
    testTimeout: 30_000,
    sequence: { sequencer: LongestFirst },
    tags,
    // The SDK tells every process which versions of Node it will need next year.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    // Of core, by its own tests: what changes live AWS has no branch that was never taken.
    coverage: {
      include: ["packages/core/src/**"],
      exclude: ["**/*.test.ts", "packages/core/src/testing/**"],
      reporter: [["text", { skipFull: true }], "html"],
      thresholds: {
        "packages/core/src/{template,plan,apply}/**": { branches: 100 },
        "packages/core/src/!(template|plan|apply)/**": { branches: 90 },
      },
    },
    projects: [
      {
        extends: true,
        test: { name: "aws", include: ["packages/{providers,sandbox}/src/**/*.test.ts"], globalSetup: [sandbox] },
      },
      {
        extends: true,
        test: {
          name: "cli",
          include: ["packages/cli/src/**/*.test.ts"],
          globalSetup: ["scripts/tasks/vitest-setup.mjs", sandbox],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "examples",
          include: ["{examples,bench}/**/*.test.ts"],
          globalSetup: [sandbox],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: "packages", include: ["packages/{core,spec}/src/**/*.test.ts", "scripts/**/*.test.mjs"] },
      },
    ],
  },
});
