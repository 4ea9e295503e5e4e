import { expect, test } from "vitest";
import type { Aws } from "./context.ts";
import { hasCode, ifFound } from "./errors.ts";
import { ec2Error, fakeAws, jsonError, xmlError } from "./testing.ts";

const describeVpcs = (aws: Aws) => aws.ec2.describeVpcs({});
const getParameters = (aws: Aws) => aws.ssm.getParameters({ Names: ["/a"] });
const getRole = (aws: Aws) => aws.iam.getRole({ RoleName: "r" });
const getDistribution = (aws: Aws) => aws.cloudfront.getDistribution({ Id: "E1" });

test.each([
  ["InvalidGroup.NotFound", ec2Error("InvalidGroup.NotFound", "no"), describeVpcs],
  ["NoSuchEntity", xmlError("NoSuchEntity", "no", 404), getRole],
  ["ParameterNotFound", jsonError("ParameterNotFound", "no"), getParameters],
  ["NoSuchDistribution", xmlError("NoSuchDistribution", "no", 404), getDistribution],
])("%s is known by the code of AWS's API reference", async (code, answer, call) => {
  const { aws } = await fakeAws(() => answer);
  const error: unknown = await call(aws).catch((thrown: unknown) => thrown);
  expect([hasCode(error, code), hasCode(error, "Other")]).toEqual([true, false]);
});

test("ifFound gives undefined for the named code only", async () => {
  const { aws } = await fakeAws(() => xmlError("NoSuchEntity", "no", 404));
  expect(await ifFound(getRole(aws), "NoSuchEntity")).toBeUndefined();
  await expect(ifFound(getRole(aws), "AccessDenied")).rejects.toThrow("no");
});
