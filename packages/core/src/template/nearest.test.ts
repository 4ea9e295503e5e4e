import { expect, test } from "vitest";
import { didYouMean, nearest } from "./nearest.ts";

const names = ["InstanceType", "ImageId", "SecurityGroupIds", "Tags", "VPC"];

test.each([
  ["InstancType", "InstanceType"],
  ["instancetype", "InstanceType"],
  ["ImgaeId", "ImageId"],
  ["Tgas", "Tags"],
  ["Vpc", "VPC"],
  ["SecurityGroupId", "SecurityGroupIds"],
  ["Nothing", undefined],
  ["", undefined],
  ["x".repeat(301), undefined],
])("%j: %j", (name, found) => {
  expect(nearest(name, names)).toBe(found);
});

test("the nearest of several wins", () => {
  expect(nearest("abcdef", ["abcxyf", "abcdex", "abcdxx"])).toBe("abcdex");
});

test("asks, or says what else to do", () => {
  expect(didYouMean("Tag", names, "Remove it.")).toBe('Did you mean "Tags"?');
  expect(didYouMean("Nothing", names, "Remove it.")).toBe("Remove it.");
});
