// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import fc from "fast-check";
import { expect, test } from "vitest";
import { functions } from "../template/functions/index.ts";
import { load } from "./fixture.ts";
import { registry } from "./network-types.ts";
import { specification } from "./review/fixture.ts";
import { validateStacks } from "./validate.ts";

const cases = Number(process.env.RECONCILE_CASES ?? 150);

const words = fc.constantFrom(
  ...[
    "",
    "A",
    "P",
    "N.Outputs.O",
    "t.yaml",
    "../t.yaml",
    "{{resolve:ssm:/a}}",
    "${A}${P}",
    "AWS::NoValue",
    "__proto__",
  ],
  ...["us-east-1", "10.0.0.0/8", "1e999", "2030-01-31", "(a+)+$", "Test::Group", "AWS::CloudFormation::Stack"],
);
const keys = fc.constantFrom(
  ...functions.keys(),
  ...["Fn::ForEach::L", "Fn::Cidr", "Type", "Properties", "Parameters", "TemplateURL", "Tags", "Rules", "Name", "Ref"],
  ...["Metadata", "Reconcile", "ignore", "env", "ssm", "name", "http", "url", "constructor", "__proto__", "A", "P"],
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    words,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(keys, tie("tree"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

/** A map with these keys, each with anything. */
const mapOf = (...names: readonly string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, tree])), { requiredKeys: [], noNullPrototype: true });

const files = fc.record({
  project: mapOf("project", "defaults", "guards", "quotas", "checks"),
  stack: mapOf("stack-name", "region", "account", "parameters", "tags", "depends-on", "checks", "role-arn"),
  sections: mapOf("Transform", "Mappings", "Conditions", "Rules", "Outputs", "Metadata"),
  parameter: mapOf("Type", "Default", "AllowedValues", "AllowedPattern", "MinLength", "MaxValue", "NoEcho"),
  resource: mapOf("Properties", "Metadata", "DependsOn", "Condition", "DeletionPolicy", "UpdatePolicy"),
  type: fc.constantFrom(...registry.all().map((each) => each.type), "AWS::Lambda::Function", "Custom::A", "Test::Nope"),
  loop: tree,
  given: tree,
  inner: tree,
});

test("whatever stands in all files of a project, there are diagnostics and no exception", async () => {
  await fc.assert(
    fc.asyncProperty(files, async ({ project, stack, sections, parameter, resource, type, loop, given, inner }) => {
      const nested = { TemplateURL: "../nested/inner.yaml", Parameters: given };
      const template = {
        ...sections,
        Parameters: { P: parameter, Q: { Type: "CommaDelimitedList", Default: "a,b" } },
        Resources: {
          A: { Type: type, ...resource },
          "Fn::ForEach::L": loop,
          N: { Type: "AWS::CloudFormation::Stack", Properties: nested },
        },
      };
      const child = { Parameters: { P: parameter }, Resources: { B: { Type: type, ...resource } }, Outputs: inner };
      const loaded = await load({
        "reconcile.yaml": JSON.stringify(project),
        "desired-state/s.yaml": JSON.stringify({ "template-file-path": "desired-state/t.json", ...stack }),
        "desired-state/t.json": JSON.stringify(template),
        "nested/inner.yaml": JSON.stringify(child),
      });
      for (const purpose of ["plan", "files"] as const) {
        const diagnostics = validateStacks(loaded, { registry, specification, environment: {}, purpose });
        expect(diagnostics.filter(({ message, remedy }) => !message || !remedy)).toEqual([]);
      }
    }),
    { numRuns: cases },
  );
}, 600_000);
