import { defineConfig } from "vitest/config";

// Tests run on the sources: the "source" condition of every package's exports, so that no build comes first.
const conditions = ["source", "node", "import", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/**/*.test.ts"],
    coverage: { include: ["packages/core/src/**"], exclude: ["**/*.test.ts", "packages/core/src/testing/**"] },
  },
});
