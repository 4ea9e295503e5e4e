// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how the sources write codes that are put together.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  checkCloudFormation,
  createRegistry,
  type Diagnostic,
  type FileTree,
  loadStacks,
  renderDiagnostics,
  validateStacks,
} from "@reconcile/core";
import {
  diagnosticIds,
  diagnosticPage,
  diagnosticsIndex,
  exampleFiles,
  families,
  findEntry,
} from "@reconcile/core/catalogue";
import { proves } from "@reconcile/core/testing";
import { types } from "@reconcile/providers";
import { describe, expect, test } from "vitest";
import { specification } from "./specification.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const docs = path.join(root, "docs", "diagnostics");
const rows = diagnosticIds.flatMap((id) => findEntry(id) ?? []);
const withExample = rows.filter(({ example }) => example !== undefined);

const options = { registry: createRegistry(types), specification: specification() };

/** What `validate --cloudformation` says of files. */
async function said(files: Readonly<Record<string, string>>): Promise<Diagnostic[]> {
  const tree: FileTree = {
    label: "the example",
    read: async (name) => (Object.hasOwn(files, name) ? { path: name, text: files[name] ?? "" } : undefined),
    list: async (folder) => Object.keys(files).filter((name) => folder === "" && !name.includes("/")),
    folders: async () => [],
  };
  const loaded = await loadStacks({ tree, paths: [""] });
  const diagnostics = validateStacks(loaded, { ...options, environment: {}, purpose: "files" });
  return [...diagnostics, ...checkCloudFormation(loaded.stacks, { ...options, sources: (name) => files[name] })];
}

const texts = ["cli", "core", "providers", "sandbox", "spec"].flatMap((name) => {
  const folder = path.join(root, "packages", name, "src");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return files.map((file) => {
    const isTest = /\.test\.ts$|\btesting\b|\b(?:fixtures?|harness|network-types)\.ts$/.test(file);
    return {
      kind: /\bcatalogue\b/.test(file) ? "table" : isTest ? "test" : "source",
      text: readFileSync(path.join(folder, file), "utf8"),
    };
  });
});
const sources = texts.filter(({ kind }) => kind === "source").map(({ text }) => text);
const tests = texts.filter(({ kind }) => kind === "test").map(({ text }) => text);

/** Codes that are put together, by how the sources write them. */
const composed: Readonly<Record<string, readonly string[]>> = {
  "`${reader.kind}.form`": ["template.form", "stack.form", "project.form"],
  "`${reader.kind}.empty`": ["template.empty", "stack.empty", "project.empty"],
  "`input.${entry.key}`": ["input.env", "input.prefix-list", "input.ssm", "input.ssm-secure", "input.secretsmanager"],
  "`not-yet.${entry.key}`": ["not-yet.role-arn"],
  "`aws.${kebab(error.name)}`": ["aws.other"],
  "`approval.${code}`": ["approval.depends", "approval.graver", "approval.moved", "approval.not-approved"],
};

/** A setting of editors. */
const noCodes = ["yaml.schemas"];

/** Every code in the sources: what stands behind `code:` or is given to what makes a problem, and what begins as a code does. */
function codesIn(text: string): string[] {
  const families = new Set(diagnosticIds.map((id) => id.split(".")[0]));
  const withoutComments = text.replace(/^\s*\*.*$|^\s*\/\/.*$/gm, "");
  const words = [...withoutComments.matchAll(/"([a-z0-9-]+)\.([a-z0-9-]+)"/g)].flatMap(([, family = "", rest = ""]) =>
    families.has(family) && !/^(yaml|js|ts)$/.test(rest) ? [`${family}.${rest}`] : [],
  );
  return [
    ...words,
    ...[
      ...withoutComments.matchAll(
        /\b(?:code: |(?:refuse|refused|refusal|problem|error|complain)\(\s*(?:\w+,\s*)?)"([a-z0-9-]+\.[a-z0-9.-]+)"/g,
      ),
    ].map(([, code = ""]) => code),
  ];
}

describe("the table of diagnostics", () => {
  test("has every code of the sources, and no other", () => {
    const codes = new Set([...sources.flatMap(codesIn), ...Object.values(composed).flat()]);

    expect([...codes].filter((code) => !noCodes.includes(code)).sort()).toEqual(diagnosticIds);
  });

  test("knows how codes are put together", () => {
    const found = sources.flatMap((text) => text.match(/(?<=code: )`[^`]*`/g) ?? []);

    expect(new Set(found)).toEqual(new Set(Object.keys(composed)));
  });

  test("has an example or a test for each code", () => {
    const all = tests.join("\n");
    const bare = rows.filter(({ id, example }) => example === undefined && id !== "aws.other" && !all.includes(id));

    expect(bare.map(({ id }) => id)).toEqual([]);
  });
});

/** What else is wrong with an example, where that follows: a slip is both a key that is not known and one that is missing. */
const follows: Readonly<Record<string, string>> = {
  "network.empty-port-range": "property.conflict",
  "stack.no-template": "stack.unknown-key",
};

describe("what it has examples of", () => {
  test.each(withExample)("$id", proves(12, "memory"), async ({ id, example }) => {
    const diagnostics = await said(exampleFiles({ example }));
    const own = diagnostics.filter(({ code }) => code === id);
    const others = diagnostics.filter(({ code, severity }) => severity === "error" && code !== id);

    expect(own).not.toEqual([]);
    for (const diagnostic of own)
      expect(diagnostic).toMatchObject({ remedy: expect.stringMatching(/\w/), place: { line: expect.any(Number) } });
    // Anything else that is wrong would hide what is shown.
    expect(others.map(({ code }) => code).filter((code) => code !== follows[id])).toEqual([]);
  });
});

describe("docs/diagnostics is made from it", () => {
  test.each(rows)("$id.md", async (entry) => {
    const { id } = entry;
    const files = exampleFiles(entry);
    const own = entry.example === undefined ? [] : (await said(files)).filter(({ code }) => code === id);
    const shown = { color: false, width: 100, sources: (name: string) => files[name] };
    const screen = own.length === 0 ? undefined : renderDiagnostics(own.slice(0, 1), shown);

    await expect(diagnosticPage(entry, screen)).toMatchFileSnapshot(path.join(docs, `${id}.md`));
  });

  test("README.md", async () => {
    await expect(diagnosticsIndex(families)).toMatchFileSnapshot(path.join(docs, "README.md"));
  });

  test("there is no other page", () => {
    expect(readdirSync(docs).sort()).toEqual([...diagnosticIds, "README"].map((id) => `${id}.md`).sort());
  });
});
