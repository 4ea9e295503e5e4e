import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sensitive } from "../resource/annotations.ts";
import { defineResource } from "../resource/define.ts";
import type { Observed, ResourceFacts } from "../resource/model.ts";
import { Unknown } from "../value.ts";
import { changedBy } from "./diff.ts";
import { environmentOf, futureAttribute, liveAttribute, updatedAttribute } from "./environment.ts";

const location = { account: "123456789012", region: "us-east-1", partition: "aws" };
const unused = () => {
  throw new Error("not part of this test");
};

const properties = z.strictObject({
  Name: z.string(),
  Group: z.string(),
  Size: z.string().optional(),
  Password: sensitive(z.string()).optional(),
});

function typeWith(facts: Partial<ResourceFacts<typeof properties>> = {}) {
  return defineResource<typeof properties>({
    type: "Test::Thing",
    properties,
    identifier: "ThingId",
    attributes: {
      ThingId: {},
      Arn: { predict: ({ Name }, { region, account }) => `arn:aws:test:${region}:${account}:${Name}` },
      Mood: { predict: ({ Size }) => (Size === undefined ? undefined : `feels ${Size}`) },
      Address: { varies: (changed) => changed.has("Size") },
      Version: { varies: true },
      Token: { sensitive: true },
      Value: { sensitive: ({ Group }) => Group === "secret" },
      Wrong: {
        predict: () => {
          throw new Error("a bug");
        },
      },
    },
    absence: "tagged-list",
    scope: "region",
    actions: { read: [], write: [] },
    ...facts,
  }).implement({ list: unused, read: unused, create: unused, update: unused, delete: unused });
}

const type = typeWith();
const observed: Observed = {
  identifier: "thing-1",
  properties: { Name: "n", Group: "g", Size: "small", Password: "hush" },
  attributes: { ThingId: "thing-1", Arn: "arn:live", Address: "10.0.0.1", Version: "7", Token: "t", Value: "v" },
  tags: {},
};
const secret: Observed = { ...observed, properties: { ...observed.properties, Group: "secret" } };
const unknown = new Unknown(["Other.Name"], "may-change");

describe("of what lives", () => {
  it.each<[string, string | undefined, unknown]>([
    ["Ref is the identifier", undefined, { value: "thing-1" }],
    ["an attribute", "Arn", { value: "arn:live", sensitive: false }],
    ["a property", "Name", { value: "n", sensitive: false }],
    ["a secret attribute", "Token", { value: "t", sensitive: true }],
    ["a secret property", "Password", { value: "hush", sensitive: true }],
    ["one that may be a secret", "Value", { value: "v", sensitive: false }],
    ["one that it does not have now", "PublicIp", undefined],
  ])("%s", (_, attribute, expected) => {
    expect(liveAttribute(type, observed, attribute)).toEqual(expected);
  });

  it("whether it is a secret may depend on the resource", () => {
    expect(liveAttribute(type, secret, "Value")?.sensitive).toBe(true);
  });

  it("Ref may be another attribute or property than the identifier", () => {
    expect(liveAttribute(typeWith({ ref: "Arn" }), observed, undefined)?.value).toBe("arn:live");
    expect(liveAttribute(typeWith({ ref: "Name" }), observed, undefined)?.value).toBe("n");
    expect(liveAttribute(typeWith({ ref: "Token" }), observed, undefined)?.sensitive).toBe(true);
  });
});

describe("of what does not exist yet", () => {
  const future = (attribute: string | undefined, changes: object = {}, facts = {}) =>
    futureAttribute(typeWith(facts), "Thing", { Name: "n", Group: "g", ...changes }, attribute, location);
  const willBe = (certainty: Unknown["certainty"], source: string) => ({ value: new Unknown([source], certainty) });

  it.each<[string, ReturnType<typeof future>, object]>([
    [
      "an attribute that follows from the properties",
      future("Arn"),
      { value: "arn:aws:test:us-east-1:123456789012:n" },
    ],
    ["a property", future("Name"), { value: "n" }],
    ["a prediction that needs what is not declared", future("Mood"), willBe("may-change", "Thing.Mood")],
    ["the same, declared", future("Mood", { Size: "large" }), { value: "feels large" }],
    [
      "a prediction that needs what is not known yet",
      future("Arn", { Name: unknown }),
      willBe("may-change", "Thing.Arn"),
    ],
    ["a property that is not known yet", future("Name", { Name: unknown }), willBe("may-change", "Thing.Name")],
    ["an attribute that nothing says", future("Address"), willBe("may-change", "Thing.Address")],
    ["the identifier", future("ThingId"), willBe("changes", "Thing.ThingId")],
    ["Ref", future(undefined), willBe("changes", "Thing")],
    ["Ref, by name", future(undefined, {}, { identifier: "Name" }), { value: "n" }],
    ["Ref, by several", future(undefined, {}, { identifier: ["Group", "Name"] }), { value: "g|n" }],
    [
      "Ref, by several of which one is not known",
      future(undefined, { Group: unknown }, { identifier: ["Group", "Name"] }),
      willBe("changes", "Thing"),
    ],
    [
      "Ref, where it is an attribute",
      future(undefined, {}, { ref: "Arn" }),
      { value: "arn:aws:test:us-east-1:123456789012:n" },
    ],
    ["what Ref is, by its name", future("Address", {}, { ref: "Address" }), willBe("changes", "Thing.Address")],
  ])("%s", (_, known, expected) => {
    expect(known).toEqual({ sensitive: false, ...expected });
  });

  it("a secret is one before it is known", () => {
    const { value, sensitive: known } = future("Token");
    expect(value).toEqual(new Unknown(["Thing.Token"], "may-change", true));
    expect(known).toBe(true);
    expect(future("Value", { Group: "secret" }).sensitive).toBe(true);
    expect(future("Password", { Password: "hush" })).toEqual({ value: "hush", sensitive: true });
  });

  it("a mistake in a prediction is not hidden", () => {
    expect(() => future("Wrong")).toThrow("a bug");
  });
});

describe("of what is about to be updated", () => {
  const updated = (attribute: string | undefined, path: string, changes: object = {}) =>
    updatedAttribute(
      type,
      "Thing",
      observed,
      { ...observed.properties, ...changes },
      attribute,
      changedBy([{ path, before: 1, after: 2 }]),
      location,
    );

  it.each<[string, ReturnType<typeof updated>, unknown]>([
    ["Ref stays", updated(undefined, "/Size"), "thing-1"],
    ["an attribute stays", updated("Arn", "/Size"), "arn:live"],
    ["one that varies with other properties stays", updated("Address", "/Name"), "10.0.0.1"],
    [
      "one that varies with this property may change",
      updated("Address", "/Size"),
      new Unknown(["Thing.Address"], "may-change"),
    ],
    ["one that always varies may change", updated("Version", "/Name"), new Unknown(["Thing.Version"], "may-change")],
    ["a changed property is what it becomes", updated("Name", "/Name", { Name: "new" }), "new"],
    [
      "a changed property that is not known yet may change",
      updated("Name", "/Name", { Name: unknown }),
      new Unknown(["Thing.Name"], "may-change"),
    ],
    ["one that it does not have is not there", updated("PublicIp", "/Size"), undefined],
  ])("%s", (_, known, expected) => {
    expect(known?.value).toEqual(expected);
  });

  it("an identifier that an update changes is no replacement", () => {
    const named = typeWith({ identifier: "Name" });
    const changed = changedBy([{ path: "/Name" }]);
    const known = updatedAttribute(named, "Thing", observed, { Name: unknown }, "Name", changed, location);
    expect(known).toEqual({ value: new Unknown(["Thing.Name"], "may-change"), sensitive: false });
  });
});

describe("what every stack knows", () => {
  const instance = (partition: string) => ({
    stack: { name: "app" } as never,
    location: { ...location, partition },
    owner: "news/app@us-east-1",
    parameters: new Map(),
    inputs: new Map([["ssm:/name", { value: "x" }]]),
    imports: new Map(),
  });
  const attributes = () => () => ({ value: "y" });
  const environment = environmentOf(instance("aws"), attributes);

  it("where it lives", () => {
    expect(environment.pseudo).toEqual({
      "AWS::AccountId": "123456789012",
      "AWS::Region": "us-east-1",
      "AWS::Partition": "aws",
      "AWS::URLSuffix": "amazonaws.com",
      "AWS::StackName": "app",
      "AWS::StackId": expect.stringMatching(
        /^arn:aws:cloudformation:us-east-1:123456789012:stack\/app\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      ),
      "AWS::NotificationARNs": [],
    });
    expect(environmentOf(instance("aws-cn"), attributes).pseudo["AWS::URLSuffix"]).toBe("amazonaws.com.cn");
    expect(environmentOf(instance("aws-eusc"), attributes).pseudo["AWS::URLSuffix"]).toBe("amazonaws.eu");
  });

  it("the same stack id in every run, and another for another owner", () => {
    const idOf = (owner: string) => environmentOf({ ...instance("aws"), owner }, attributes).pseudo["AWS::StackId"];
    expect(idOf("news/app@us-east-1")).toBe(environment.pseudo["AWS::StackId"]);
    expect(idOf("other/app@us-east-1")).not.toBe(environment.pseudo["AWS::StackId"]);
  });

  const place = { file: "app.yaml", line: 1, column: 1 };

  it("outside values that were looked up; the others are unknown", () => {
    expect(environment.input({ kind: "ssm", name: "/name", place })).toEqual({ value: "x" });
    expect(environment.input({ kind: "ssm", name: "/name", version: "2", place })).toEqual({
      value: new Unknown(["ssm:/name:2"], "unread"),
    });
  });
});
