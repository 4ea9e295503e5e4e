import type { Observed } from "@reconcile/core";
import { describe, expect, it } from "vitest";
import { fakeAws, xmlError } from "../aws/testing.ts";
import { InstanceProfile } from "./instance-profile.ts";
import { ManagedPolicy } from "./managed-policy.ts";

const member = (key: string) => `<Tags><member><Key>${key}</Key><Value>x</Value></member></Tags>`;

/** Two pages of tags, as IAM answers a call. */
function pagesOf(call: string) {
  const page = (rest: string) => ({
    body: `<${call}Response><${call}Result>${rest}</${call}Result></${call}Response>`,
  });
  const answers = [
    page(`${member("Team")}<IsTruncated>true</IsTruncated><Marker>more</Marker>`),
    page(`${member("Cost")}<IsTruncated>false</IsTruncated>`),
  ];
  return () => answers.shift() ?? page("");
}

const cases = [
  ["a policy's", ManagedPolicy.handlers.tags, "ListPolicyTags", "arn:aws:iam::123456789012:policy/read"],
  ["an instance profile's", InstanceProfile.handlers.tags, "ListInstanceProfileTags", "agent"],
] as const;

describe("the tags that IAM tells of a resource", () => {
  const live = (identifier: string): Observed => ({ identifier, properties: {}, attributes: {}, tags: {} });

  it.each(cases)("%s come in pages", async (_, read, call, identifier) => {
    const { aws, bodies } = await fakeAws(pagesOf(call));
    expect(await read?.(aws, live(identifier) as never)).toEqual({ Team: "x", Cost: "x" });
    expect(bodies.map((body) => new URLSearchParams(body).get("Marker"))).toEqual([null, "more"]);
  });

  it.each(cases)("%s are unknown when it has gone", async (_, read, __, identifier) => {
    const { aws } = await fakeAws(() => xmlError("NoSuchEntity", "There is none.", 404));
    expect(await read?.(aws, live(identifier) as never)).toBeUndefined();
  });
});
