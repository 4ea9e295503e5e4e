import type { Changed } from "@reconcile/core";
import { expect, test } from "vitest";
import { fakeAws, type Reply, xmlError } from "../aws/testing.ts";
import { updateAttachments } from "./role-parts.ts";

const changed = {
  added: () => ["arn:aws:iam::123456789012:policy/new"],
  removed: () => ["arn:aws:iam::123456789012:policy/old"],
} as unknown as Changed;

/** What is sent when attaching gets these answers, one after the other. */
async function exchange(...answers: Reply[]): Promise<string[]> {
  const done = { body: "<Response/>" };
  const { aws, requests } = await fakeAws((operation) =>
    operation === "iam:AttachRolePolicy" ? (answers.shift() ?? done) : done,
  );
  const operations = ["iam:AttachRolePolicy", "iam:DetachRolePolicy"];
  await aws.planned({ logicalId: "Role", type: "AWS::IAM::Role", operations }, () =>
    updateAttachments(aws, "agent", changed),
  );
  return requests;
}

test("a policy comes before another goes", async () => {
  expect(await exchange()).toEqual(["iam:AttachRolePolicy", "iam:DetachRolePolicy"]);
});

test("in a role that is full it goes first", async () => {
  const full = xmlError("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10", 409);
  expect(await exchange(full)).toEqual(["iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:AttachRolePolicy"]);
});

test("any other refusal is a refusal", async () => {
  await expect(exchange(xmlError("PolicyNotAttachable", "It is for a service.", 400))).rejects.toThrow("for a service");
});
