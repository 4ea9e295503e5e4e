import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { metadataKeys } from "../template/reconcile-metadata.ts";
import { guardKeys } from "./guards.ts";
import { keys as stackKeys } from "./parse.ts";
import { defaultsKeys, keys as projectKeys, quotaKeys } from "./project.ts";

const page = readFileSync(new URL("../../../../docs/settings.md", import.meta.url), "utf8");
const sections = Object.fromEntries(page.split(/^## /m).map((section) => section.split("\n", 1).concat(section)));

test.each([
  ["A stack file", stackKeys],
  ["reconcile.yaml", [...projectKeys, ...defaultsKeys, ...guardKeys, ...quotaKeys]],
  ["Metadata.Reconcile", metadataKeys],
])("docs/settings.md has every key of: %s", (title, keys) => {
  const written = new Set(sections[title]?.match(/[a-z]+(?:-[a-z]+)*(?=:|`)/g));

  expect(keys.filter((key) => !written.has(key))).toEqual([]);
});
