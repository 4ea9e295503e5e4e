import { expect, test } from "vitest";
import { didYouMean, nearest } from "./nearest.ts";

const names = ["InstanceType", "ImageId", "SecurityGroupIds", "Tags", "VPC", "A"];

test.each([
  ["InstancType", "InstanceType"],
  ["instancetype", "InstanceType"],
  ["ImgaeId", "ImageId"],
  ["Tgas", "Tags"],
  ["Vpc", "VPC"],
  ["SecurityGroupId", "SecurityGroupIds"],
  ["Nothing", undefined],
  ["", undefined],
  ["D", undefined],
  ["x".repeat(301), undefined],
])("%j: %j", (name, found) => {
  expect(nearest(name, names)).toBe(found);
});

test("the nearest of several wins", () => {
  expect(nearest("abcdef", ["abcxyf", "abcdex", "abcdxx"])).toBe("abcdex");
});

test("of a thousand names the first five hundred of a like length are compared", () => {
  const many = Array.from({ length: 500 }, (_, index) => `qqqqqq${String(index).padStart(6, "0")}`);
  expect([
    nearest("InstancyType", [...many, "InstanceType"]),
    nearest("InstancyType", ["InstanceType", ...many]),
  ]).toEqual([undefined, "InstanceType"]);
});

test("asks, or says what else to do", () => {
  expect(didYouMean("Tag", names, "Remove it.")).toBe('Did you mean "Tags"?');
  expect(didYouMean("Nothing", names, "Remove it.")).toBe("Remove it.");
});
