import { expect, it } from "vitest";
import { isBurstable } from "./instance-reading.ts";

it.each([
  ["t2.micro", true],
  ["t3a.small", true],
  ["t4g.large", true],
  ["t1.micro", false],
  ["trn1.2xlarge", false],
  ["m5.large", false],
  [undefined, false],
])("%s spends CPU credits: %s", (instanceType, expected) => {
  expect(isBurstable(instanceType)).toBe(expected);
});
