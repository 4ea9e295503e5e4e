import { expect, test } from "vitest";
import { z } from "zod";
import { createRegistry } from "../../resource/registry.ts";
import { load, typeOf } from "../fixture.ts";
import { specification as any } from "../review/fixture.ts";
import type { Specification } from "../specification.ts";
import { checkCloudFormation } from "./index.ts";

/** A provider that can do more than CloudFormation says that AWS can. */
const Thing = typeOf({
  properties: z.strictObject({ Color: z.enum(["red", "green"]).optional(), Shade: z.string().optional() }),
  attributes: { Weight: {} },
});
const specification: Specification = {
  ...any,
  resource: (type) => ({
    type,
    properties: { Color: { type: { kind: "string", values: ["red"] } } },
    attributes: {},
    definitions: {},
  }),
};

test.each([
  ["a property", "A: { Type: Test::Thing, Properties: { Shade: dark } }", "cloudformation.property"],
  ["a value", "A: { Type: Test::Thing, Properties: { Color: green } }", "cloudformation.value"],
  [
    "an attribute",
    "A: { Type: Test::Thing }\n  B: { Type: Test::Thing, Properties: { Color: !GetAtt A.Weight } }",
    "cloudformation.attribute",
  ],
])("%s that CloudFormation does not have", async (_, resources, code) => {
  const { stacks } = await load({ "desired-state/t.yaml": `Resources:\n  ${resources}\n` });
  const notes = checkCloudFormation(stacks, {
    registry: createRegistry([Thing]),
    specification,
    sources: () => undefined,
  });

  expect(notes).toMatchObject([{ code, severity: "warning", remedy: expect.stringMatching(/./) }]);
});
