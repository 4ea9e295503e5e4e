import { expect, test } from "vitest";
import type { Statement } from "../../policy/documents.ts";
import { isAllowed } from "./evaluate.ts";

const parameter = "arn:aws:ssm:us-east-1:123456789012:parameter";
const statement: Statement = {
  Sid: "Change",
  Effect: "Allow",
  Action: ["ssm:PutParameter", "ssm:DeleteParameter"],
  Resource: [`${parameter}/news/*`, `${parameter}/agent-??`],
  Condition: {
    StringEquals: { "aws:ResourceTag/reconcile:owner": ["news/web@us-east-1"] },
    StringLike: { "aws:RequestedRegion": ["us-*", "eu-west-1"] },
  },
};
const context = { "aws:ResourceTag/reconcile:owner": "news/web@us-east-1", "aws:RequestedRegion": "us-east-1" };
const request = { action: "ssm:DeleteParameter", resource: `${parameter}/news/key`, context };

test.each<[boolean, string, Partial<typeof request>]>([
  [true, "what it says", {}],
  [true, "an action in other letters", { action: "ssm:deleteparameter" }],
  [true, "a name that ends in any two", { resource: `${parameter}/agent-ab` }],
  [true, "another region of those", { context: { ...context, "aws:RequestedRegion": "eu-west-1" } }],
  [false, "another action", { action: "ssm:GetParameter" }],
  [false, "an action that begins so", { action: "ssm:DeleteParameters" }],
  [false, "another name", { resource: `${parameter}/other` }],
  [false, "a name that is longer", { resource: `${parameter}/agent-abc` }],
  [false, "a name in other letters", { resource: `${parameter}/News/key` }],
  [false, "another region", { context: { ...context, "aws:RequestedRegion": "eu-north-1" } }],
  [false, "somebody else's", { context: { ...context, "aws:ResourceTag/reconcile:owner": "news/*" } }],
  [false, "nobody's", { context: { "aws:RequestedRegion": "us-east-1" } as never }],
])("%s: %s", (allowed, _, asked) => {
  expect(isAllowed([{ Version: "2012-10-17", Statement: [statement] }], { ...request, ...asked })).toBe(allowed);
});

test("no policy allows nothing, and an operator that is not known is no guess", () => {
  expect(isAllowed([], request)).toBe(false);
  const Condition = { NumericLessThan: { "aws:RequestedRegion": ["1"] } };
  const unknown = [{ Version: "2012-10-17" as const, Statement: [{ ...statement, Condition }] }];
  expect(() => isAllowed(unknown, request)).toThrow("NumericLessThan");
});
