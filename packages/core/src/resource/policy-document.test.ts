import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stableText, Unknown } from "../value.ts";
import { canonicalPolicy } from "./policy-document.ts";

const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

/** A document of one statement. */
const one = (change: Record<string, unknown>) => ({ Version: "2012-10-17", Statement: [{ ...statement, ...change }] });
const trusting = (Principal: unknown) => one({ Principal });
const where = (Condition: unknown) => one({ Condition });
const all = (...Statement: unknown[]) => ({ Version: "2012-10-17", Statement });

const other = { ...statement, Effect: "Deny", Action: "s3:PutObject" };
const account = "123456789012";
const root = `arn:aws:iam::${account}:root`;

describe("IAM reads these alike", () => {
  it.each([
    ["statements in another order", all(statement, other), all(other, statement)],
    ["one statement without a list", all(statement), { ...all(), Statement: statement }],
    ["a statement that stands there twice", all(statement, statement), all(statement)],
    ["actions in another order", one({ Action: ["s3:Get*", "s3:List*"] }), one({ Action: ["s3:List*", "s3:Get*"] })],
    ["a list of one action", one({ Action: ["s3:Get*"] }), one({ Action: "s3:Get*" })],
    ["a list of one NotAction", one({ NotAction: ["s3:Get*"] }), one({ NotAction: "s3:Get*" })],
    ["resources in another order", one({ Resource: ["b", "a"] }), one({ Resource: ["a", "b"] })],
    ["a list of one NotResource", one({ NotResource: ["a"] }), one({ NotResource: "a" })],
    ["principals in another order", trusting({ Service: ["b", "a"] }), trusting({ Service: ["a", "b"] })],
    ["a list of one principal", trusting({ Service: ["a"] }), trusting({ Service: "a" })],
    ["an account's id and its root", trusting({ AWS: account }), trusting({ AWS: root })],
    ["the same in China", trusting({ AWS: account }), trusting({ AWS: `arn:aws-cn:iam::${account}:root` })],
    ["an account that is kept away", one({ NotPrincipal: { AWS: account } }), one({ NotPrincipal: { AWS: [root] } })],
    ["everybody", trusting("*"), trusting({ AWS: "*" })],
    ["everybody, in a list", trusting("*"), trusting({ AWS: ["*"] })],
    ["a boolean in a condition", where({ Bool: { a: true } }), where({ Bool: { a: "true" } })],
    ["a number in a condition", where({ NumericLessThan: { a: 30 } }), where({ NumericLessThan: { a: ["30"] } })],
    ["values in another order", where({ StringLike: { a: ["x", "y"] } }), where({ StringLike: { a: ["y", "x"] } })],
    [
      "operators in another order",
      where({ Bool: { a: 1 }, Null: { b: 2 } }),
      where({ Null: { b: 2 }, Bool: { a: 1 } }),
    ],
    ["the case of an effect", one({ Effect: "allow" }), one({ Effect: "Allow" })],
    ["the case of an action", one({ Action: "s3:getobject" }), one({ Action: "s3:GetObject" })],
    ["no version and the first one", { Statement: [statement] }, { Version: "2008-10-17", Statement: [statement] }],
    ["no Sid and an empty one", one({}), one({ Sid: "" })],
    ["no Id and an empty one", all(statement), { ...all(statement), Id: "" }],
    ["an empty text and an empty document", "", {}],
  ])("%s", (_, written, live) => {
    expect(stableText(canonicalPolicy(written))).toBe(stableText(canonicalPolicy(live)));
  });
});

describe("IAM does not read these alike", () => {
  it.each([
    ["another action", one({}), one({ Action: "s3:PutObject" })],
    ["Action and NotAction", one({ Action: undefined, NotAction: "s3:*" }), one({ Action: "s3:*" })],
    ["the case of a resource", one({ Resource: "arn:aws:s3:::Logs" }), one({ Resource: "arn:aws:s3:::logs" })],
    ["another version", { Statement: [statement] }, { Version: "2012-10-17", Statement: [statement] }],
    ["another Sid", one({ Sid: "Read" }), one({})],
    ["a missing statement", all(statement, other), all(statement)],
    ["another account", trusting({ AWS: account }), trusting({ AWS: "arn:aws:iam::210987654321:root" })],
    ["a role and its account", trusting({ AWS: account }), trusting({ AWS: `arn:aws:iam::${account}:role/r` })],
    // The role was deleted and made again: what trusted the old one no longer trusts anybody.
    [
      "a role and what is left of it",
      trusting({ AWS: `arn:aws:iam::${account}:role/r` }),
      trusting({ AWS: "AROAEXAMPLE" }),
    ],
    ["everybody and one", trusting("*"), trusting({ AWS: account })],
    ["everybody and no principal", trusting("*"), one({})],
    ["everybody and every service", trusting("*"), trusting({ Service: "*" })],
    ["two texts that are no principals", trusting("a"), trusting("b")],
    ["a service and an account of one name", trusting({ Service: account }), trusting({ AWS: account })],
    ["another operator", where({ StringEquals: { a: "x" } }), where({ StringLike: { a: "x" } })],
    ["another value", where({ Bool: { a: true } }), where({ Bool: { a: "false" } })],
    ["an empty document and one that allows", {}, one({})],
  ])("%s", (_, written, live) => {
    expect(stableText(canonicalPolicy(written))).not.toBe(stableText(canonicalPolicy(live)));
  });
});

describe("what is not known yet", () => {
  const unknown = new Unknown(["Bucket.Arn"], "changes");

  it.each([
    ["a document", unknown],
    ["its statements", { Version: "2012-10-17", Statement: unknown }],
    ["a statement", all(statement, unknown)],
    ["an action", one({ Action: unknown })],
    ["a resource", one({ Resource: ["a", unknown] })],
    ["a principal", trusting({ AWS: [unknown, account] })],
    ["all principals", trusting(unknown)],
    ["a condition", where(unknown)],
    ["an operator's keys", where({ Bool: unknown })],
    ["a value", where({ Bool: { a: unknown } })],
    ["an effect", one({ Effect: unknown })],
  ])("stays in %s", (_, document) => {
    expect(stableText(canonicalPolicy(document))).toContain('{"unknown":["Bucket.Arn"]}');
  });
});

const text = fc.constantFrom("a", "B", "*", "s3:Get*", account, root);
const scalar = fc.oneof(text, fc.integer(), fc.boolean());
const oneOrMore = <T>(item: fc.Arbitrary<T>) => fc.oneof(item, fc.array(item, { maxLength: 3 }));
const principal = fc.oneof(text, fc.dictionary(fc.constantFrom("AWS", "Service"), oneOrMore(text)));
const policy = fc.record(
  {
    Version: fc.constantFrom("2008-10-17", "2012-10-17"),
    Id: fc.constantFrom("", "id"),
    Statement: oneOrMore(
      fc.record(
        {
          Sid: fc.constantFrom("", "s"),
          Effect: fc.constantFrom("Allow", "deny"),
          Action: oneOrMore(text),
          NotResource: oneOrMore(text),
          Principal: principal,
          Condition: fc.dictionary(text, fc.dictionary(text, oneOrMore(scalar), { maxKeys: 2 }), { maxKeys: 2 }),
        },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: [] },
);

describe("the normal form", () => {
  it("is its own normal form", () => {
    fc.assert(
      fc.property(policy, (document) => {
        const normal = canonicalPolicy(document);
        expect(canonicalPolicy(normal)).toEqual(normal);
      }),
    );
  });

  it("does not depend on the order of any list", () => {
    fc.assert(
      fc.property(policy, (document) => {
        expect(stableText(canonicalPolicy(reversed(document)))).toBe(stableText(canonicalPolicy(document)));
      }),
    );
  });
});

/** Every list the other way round, at any depth. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).reverse();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, reversed(part)]));
}
