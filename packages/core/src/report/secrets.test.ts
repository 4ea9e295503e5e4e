import { expect, it } from "vitest";
import { stackOf } from "../stack/harness.ts";
import { proves } from "../testing/proofs.ts";
import { Unknown } from "../value.ts";
import { change, desired, plan, property, stackPlan, types } from "./fixtures.ts";
import { declaredSecrets, observedSecrets } from "./secrets.ts";

it(
  "what is secret before anything is read: from the environment, NoEcho, and the run's own",
  proves(10, "memory"),
  async () => {
    const stack = await stackOf(
      "parameters: { Url: { env: DATABASE_URL }, Missing: { env: NOT_SET }, Words: [one, two], Plain: open }\n",
      `Parameters:
  Url: { Type: String }
  Missing: { Type: String }
  Words: { Type: CommaDelimitedList, NoEcho: true }
  Pin: { Type: Number, NoEcho: true, Default: 4711 }
  Plain: { Type: String }
Resources: { A: { Type: A::B::C } }
`,
    );
    const environment = {
      DATABASE_URL: "postgres://hush",
      AWS_SECRET_ACCESS_KEY: "k".repeat(40),
      AWS_SESSION_TOKEN: "too short",
      OTHER: "not asked for",
    };

    expect(declaredSecrets([stack], environment).sort()).toEqual(
      ["4711", "k".repeat(40), "one", "postgres://hush", "two"].sort(),
    );
  },
);

it("what reading brought and is secret by its source, its place or its difference", proves(10, "memory"), () => {
  const database = change("Database", types.database, {
    ...desired("Database", types.database, { MasterUserPassword: "wished", Port: 5432 }, ["/Port"]),
    observed: {
      identifier: "db-1",
      properties: { MasterUserPassword: "lives", Port: 5433 },
      attributes: {},
      tags: null,
    },
    properties: [property("/Other", { before: { deep: ["was"] }, after: "will be", sensitive: true })],
  });
  const orphan = change("Orphan", types.database, {
    action: "delete",
    observed: {
      identifier: "db-2",
      properties: { MasterUserPassword: new Unknown(["x"], "unread"), Port: 1 },
      attributes: {},
      tags: null,
    },
    properties: [property("/Port", { before: 1, after: 2 }), property("/Empty", { before: null, sensitive: true })],
  });
  const stack = stackPlan([database, orphan, change("None", types.alarm, { action: "create" })]);
  const instance = {
    ...stack.stack,
    inputs: new Map([["ssm-secure:/a", { value: "looked up", sensitive: true }]]),
    parameters: new Map([["Plain", { value: "open" }]]),
  };
  const world = { instance } as unknown as Parameters<typeof observedSecrets>[0]["worlds"][number];

  expect(observedSecrets({ worlds: [world], plan: plan([stack]) }).sort()).toEqual(
    ["looked up", "wished", "5432", "lives", "5433", "was", "will be"].sort(),
  );
});
