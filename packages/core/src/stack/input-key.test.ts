import { expect, it } from "vitest";
import type { InputRequest } from "../template/model.ts";
import { inputKey } from "./input-key.ts";

type Asked = Omit<InputRequest, "place">;

const output: Asked = { kind: "stack-output", name: "VpcId" };

it.each<[string, Asked, Asked]>([
  ["an export and a parameter", { kind: "export", name: "vpc" }, { kind: "ssm", name: "vpc" }],
  ["two versions of a parameter", { kind: "ssm", name: "/a" }, { kind: "ssm", name: "/a", version: "2" }],
  [
    "two keys of a secret",
    { kind: "secretsmanager", name: "db", secret: { jsonKey: "user" } },
    { kind: "secretsmanager", name: "db", secret: { versionStage: "user" } },
  ],
  [
    "outputs of stacks of one name in two regions",
    { ...output, stack: { name: "network", region: "us-east-1" } },
    { ...output, stack: { name: "network", region: "eu-west-1" } },
  ],
  [
    "outputs of stacks of one name in two accounts",
    { ...output, stack: { name: "network", roleArn: "arn:aws:iam::111111111111:role/reader" } },
    { ...output, stack: { name: "network", roleArn: "arn:aws:iam::222222222222:role/reader" } },
  ],
])("%s are kept apart", (_, one, other) => {
  expect(inputKey(one)).not.toBe(inputKey(other));
});
