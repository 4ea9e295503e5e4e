import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { diskTree, loadStacks, sortDiagnostics } from "@reconcile/core";
import { expect, test } from "vitest";
import { validate } from "../validation.ts";

// Templates in the ways people write them: a file, or a folder of stacks, is tried by being here.
const folder = fileURLToPath(new URL(".", import.meta.url));
const entries = readdirSync(folder).filter((name) => !name.endsWith(".ts"));

/** What has to be said of an entry, and in which line. Nothing is to be said of the others. */
const expected: Readonly<Record<string, readonly string[]>> = {
  "autoscaling-cfn-init.yaml": [
    "parameter.missing 7",
    "unsupported.attribute 21",
    "unsupported.attribute 23",
    "unsupported.metadata 41",
  ],
  "batch-and-search.yaml": ["unsupported.attribute 58"],
  "cdk-network.json": ["unsupported.type 56", "cdk.asset 80"],
  "cdk-service.json": ["cdk.asset 75"],
  "documents-within.yaml": ["import.not-in-project 51", "unsupported.type 57"],
  exports: ["import.not-in-project templates/web.yaml:16"],
  "fargate-alb.yaml": ["parameter.missing 4"],
  "iam-conditions.json": ["parameter.missing 5"],
  "macros-and-custom-resources.yaml": [
    "unsupported.transform 5",
    "unsupported.type 8",
    "unsupported.type 10",
    "unsupported.type 17",
    "unsupported.type 22",
    "unsupported.type 26",
    "unsupported.function 33",
    "unsupported.function 39",
  ],
  nested: ["unsupported.nested shop.yaml:18"],
  "rds-postgres.yaml": ["parameter.missing 5"],
  "region-map-2012.json": ["property.unsupported 55"],
  "rules.yaml": ["rule.waiting 26", "rule.waiting 26", "rule.waiting 30"],
  "serverless.yaml": ["unsupported.transform 2", "unsupported.type 10", "unsupported.type 19"],
  "services-of-old.yaml": [
    "type.deprecated 13",
    "unsupported.attribute 26",
    "property.unsupported 57",
    "type.deprecated 72",
    "storage.bucket-acl 76",
    "storage.public 76",
    "type.deprecated 90",
    "unsupported.template-url 110",
    "unsupported.nested 110",
  ],
  "slips.yaml": [
    "unused.parameter 5",
    "parameter.type 5",
    "unused.condition 9",
    "ref.undefined 9",
    "property.unknown 14",
    "network.admin-port-open 19",
    "property.type 20",
    "type.unknown 22",
    "condition.undefined 25",
    "property.type 27",
    "property.unknown 28",
    "depends-on.undefined 31",
    "property.missing 33",
    "getatt.unknown-attribute 33",
    "lambda.old-runtime 34",
    "mapping.missing 36",
    "resource.unknown-attribute 39",
    "resource.deletion-policy 42",
    "ref.undefined 44",
    "property.type 45",
    "ref.cycle 48",
    "policy.full-access 58",
    "policy.unknown-action 59",
    "output.unknown-key 61",
  ],
};

/** Codes and lines. That a type has no provider yet is left out: to get one changes nothing of what a template means. */
async function said(entry: string): Promise<string[]> {
  const loaded = await loadStacks({ tree: diskTree(folder), paths: [entry] });
  const diagnostics = sortDiagnostics(validate(loaded, {}, "files")).filter(({ code }) => code !== "not-yet.type");
  return diagnostics.map(({ code, place }) => {
    const at = `${place?.file}:${place?.line}`;
    return `${code} ${at.slice(entry.length + 1)}`;
  });
}

test.each(entries)("%s", async (entry) => {
  expect(await said(entry)).toEqual(expected[entry] ?? []);
});
