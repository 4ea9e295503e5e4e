// What a bundle of ours takes of its dependencies in another form than they offer themselves; the benchmarks are bundled in the same way.
import { dirname, join } from "node:path";

/** zod brings its messages in fifty languages, which would be a third of what `validate` has to load. None of them is shown: diagnostics have words of their own. */
const englishOnly = {
  name: "english-only",
  setup(builder) {
    builder.onResolve({ filter: /\/locales\/index\.js$/ }, ({ path, importer, resolveDir }) =>
      /[\\/]zod[\\/]/.test(importer) ? { path: join(resolveDir, dirname(path), "en.js") } : undefined,
    );
  },
};

/**
 * The YAML library in its form for browsers: the same code, but that its form for Node asks for an environment variable with each token, which takes a tenth of the time that
 * validating a large template takes.
 */
const yamlWithoutEnvironment = {
  name: "yaml-without-environment",
  setup(builder) {
    builder.onResolve({ filter: /^yaml$/ }, async ({ kind, resolveDir }) => {
      const { path, errors } = await builder.resolve("yaml/package.json", { kind, resolveDir });
      return errors.length > 0 ? { errors } : { path: join(dirname(path), "browser", "index.js") };
    });
  },
};

export const plugins = [englishOnly, yamlWithoutEnvironment];
