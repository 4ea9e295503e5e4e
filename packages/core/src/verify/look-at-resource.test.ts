import { describe, expect, it } from "vitest";
import { z } from "zod";
import { keyed, sensitive, unordered } from "../resource/annotations.ts";
import type { Cloud, Observed, ResourceType } from "../resource/model.ts";
import { typeOf } from "../validate/fixture.ts";
import { lookAtResource } from "./look-at-resource.ts";
import type { AwsSettings } from "./settings.ts";

const live: Observed = {
  identifier: "q-1",
  properties: {
    Mode: "fast",
    Size: 2,
    Note: null,
    // As the service gives them: in no order.
    Rules: [
      { Port: 80, Text: "web" },
      { Port: 22, Text: "ssh" },
    ],
    Names: ["b", "a"],
    Labels: { stage: { name: "live" } },
    Password: "hush-hush",
    Hook: "hush-hush",
  },
  attributes: { Arn: "arn:q-1", State: { Name: "running", Code: 16 } },
  tags: { Stage: "late" },
  tagsFromIndex: true,
};

const Queue = typeOf({
  properties: z.strictObject({
    Mode: z.string(),
    Size: z.int(),
    Note: z.string().optional(),
    Rules: keyed("Port", z.array(z.strictObject({ Port: z.int(), Text: z.string() }))),
    Names: unordered(z.array(z.string())),
    Labels: z.record(z.string(), z.unknown()),
    Password: sensitive(z.string()),
    Hook: z.string(),
  }),
  attributes: { Arn: {}, State: {} },
  secrets: () => ["/Hook"],
});

const noCloud = {} as Cloud;

interface How {
  isMade?: boolean;
  isRead?: boolean;
  gone?: boolean;
}

async function look(aws: Omit<AwsSettings, "resource">, how: How = {}): Promise<string> {
  const { isMade = true, isRead = true, gone = false } = how;
  const type: ResourceType = {
    ...Queue,
    handlers: {
      ...Queue.handlers,
      read: async () => (isRead ? live : undefined),
      tags: async () => ({ Stage: "live" }),
      gone: () => gone,
    },
  };
  const subject = { cloud: noCloud, type, identifier: isMade ? live.identifier : undefined };
  const { outcome, message } = await lookAtResource({ resource: "Queue", ...aws }, subject, (_, text) => text);
  return `${outcome}: ${message}`;
}

it.each<[string, How]>([
  ["was never made", { isMade: false }],
  ["was deleted since it was planned", { isRead: false }],
  ["is on its way out", { gone: true }],
])("what %s has nothing to look at", async (_, how) => {
  expect(await look({ property: "Mode" }, how)).toBe("failed: it does not exist");
});

describe("one value of a resource", () => {
  it.each<[Omit<AwsSettings, "resource">, string]>([
    [{ property: "Mode" }, 'passed: Mode is "fast"'],
    [{ property: "Mode", equals: "fast" }, 'passed: Mode is "fast"'],
    [{ property: "Mode", equals: "exact" }, 'failed: Mode is "fast", not "exact"'],
    [{ property: "Size", equals: "2" }, "passed: Size is 2"],
    [{ property: "Note" }, "failed: Note is not set"],
    [{ property: "Note", equals: "a" }, 'failed: Note is not set, not "a"'],
    [{ property: "Note", matches: "." }, "failed: Note is not set, which does not match ."],
    [{ property: "/Labels/stage/name", equals: "live" }, 'passed: /Labels/stage/name is "live"'],
    [{ property: "/Tags/Stage", equals: "live" }, 'passed: /Tags/Stage is "live"'],
    [{ property: "Tags", equals: { Stage: "live" } }, "passed: Tags is an object"],
    [{ property: "/Tags/Other" }, "failed: /Tags/Other is not set"],
    [{ attribute: "Arn", matches: "^arn:" }, 'passed: Arn is "arn:q-1"'],
    [{ attribute: "State.Name", equals: "running" }, 'passed: State.Name is "running"'],
    [{ attribute: "State.Reason" }, "failed: State.Reason is not set"],
    [{ attribute: "State", matches: '"Code":16' }, "passed: State is an object"],
    [{ attribute: "State", equals: { Code: 16, Name: "running" } }, "passed: State is an object"],
    [{ attribute: "State", equals: { Name: "stopped" } }, "failed: State is an object, and not that of the check"],
  ])("%j: %s", async (aws, expected) => {
    expect(await look(aws)).toBe(expected);
  });
});

describe("a property is compared as plans compare it", () => {
  it.each<[Omit<AwsSettings, "resource">, string]>([
    [{ property: "Names", equals: ["a", "b"] }, "passed: Names is a list"],
    [{ property: "Names", equals: ["a"] }, "failed: Names is a list, and not that of the check"],
    [{ property: "/Rules/0", equals: { Port: 22, Text: "ssh" } }, "passed: /Rules/0 is an object"],
    [
      { property: "/Rules/0", equals: { Port: 80, Text: "web" } },
      "failed: /Rules/0 is an object, and not that of the check",
    ],
    [
      { property: "/Rules/0", equals: { Port: 90, Text: "web" } },
      "failed: /Rules/0 is an object, and not that of the check",
    ],
    [{ property: "/Labels/stage", equals: { name: "live" } }, "passed: /Labels/stage is an object"],
    [
      { property: "/Labels/other/deep", equals: { name: "live" } },
      "failed: /Labels/other/deep is not set, not an object",
    ],
  ])("%j: %s", async (aws, expected) => {
    expect(await look(aws)).toBe(expected);
  });
});

describe("a secret is compared, and not shown", () => {
  it.each<[Omit<AwsSettings, "resource">, string]>([
    [{ property: "Password", equals: "hush-hush" }, "passed: Password is the secret that is given"],
    [{ property: "Hook", equals: "x" }, "failed: Hook is the secret that is given, and not that of the check"],
  ])("%j: %s", async (aws, expected) => {
    expect(await look(aws)).toBe(expected);
  });
});
