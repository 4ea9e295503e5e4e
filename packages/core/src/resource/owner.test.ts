import { describe, expect, it } from "vitest";
import {
  generateName,
  isAwsTag,
  isOwnTag,
  nameGenerations,
  ownerInTags,
  ownerOf,
  ownerTags,
  parseResourceTag,
  resourceOf,
} from "./owner.ts";

const type = "AWS::ECR::Repository";

describe("whose a resource is, as its tags say", () => {
  it("names project, stack and region, and the resource", () => {
    expect(ownerTags(ownerOf("news", "crypto-agent", "us-east-1"), "Images", type)).toEqual({
      "reconcile:owner": "news/crypto-agent@us-east-1",
      "reconcile:resource": "Images/AWS::ECR::Repository",
    });
  });

  it.each([
    ["its own identifier", { "reconcile:owner": "a/b@c", "reconcile:id": "i-1" }, "a/b@c"],
    ["no identifier yet", { "reconcile:owner": "a/b@c" }, "a/b@c"],
    ["another's identifier: it is a copy", { "reconcile:owner": "a/b@c", "reconcile:id": "i-2" }, undefined],
    ["no owner", { Team: "core" }, undefined],
    ["no tags", {}, undefined],
  ])("carrying %s", (_, tags, owner) => {
    expect(ownerInTags(tags, "i-1")).toBe(owner);
  });

  it.each([null, undefined])("cannot be said where there are no tags: %s", (tags) => {
    expect(ownerInTags(tags, "i-1")).toBeUndefined();
  });

  it.each([
    ["Images/AWS::ECR::Repository", { logicalId: "Images", type }],
    ["Images", undefined],
    ["/AWS::ECR::Repository", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%s is read back", (tag, expected) => {
    expect(parseResourceTag(tag)).toEqual(expected);
  });

  it.each([
    ["reconcile:owner", true, false],
    ["reconcile:anything", true, false],
    ["reconcile", false, false],
    ["aws:cloudformation:stack-name", false, true],
    ["awsome", false, false],
  ])("%s is one of ours, or of AWS's", (key, own, aws) => {
    expect([isOwnTag(key), isAwsTag(key)]).toEqual([own, aws]);
  });
});

describe("a tag's value has at most 256 characters", () => {
  const longest = "L".repeat(256 - type.length - 1);

  it("what fits stays as it is", () => {
    expect(resourceOf(longest, type)).toBe(`${longest}/${type}`);
  });

  it("what does not ends in a hash of the whole, so that two long names stay two", () => {
    const [one, two] = [resourceOf(`${longest}xy`, type), resourceOf(`${longest}xyz`, type)];
    expect(one).toBe(`${longest}xy/${type}`.slice(0, 239).concat("-8b36109092fe00f9"));
    expect([one.length, two.length]).toEqual([256, 256]);
    expect(one).not.toBe(two);
  });

  it("also of an owner", () => {
    expect(ownerOf("p".repeat(64), "s".repeat(300), "us-east-1")).toHaveLength(256);
  });
});

/**
 * Golden: these names belong to live resources, and some resources are found by nothing else. When one of these fails, the code is wrong, whatever the reason for its change:
 * never edit a line of this table. Lines may be added.
 */
const golden: [name: string, stack: string, logicalId: string, n: number, max: number, characters: string][] = [
  ["app-web-idj76ko2", "app", "Web", 0, 64, "a-z0-9-"],
  ["app-Web-j2i6ehs2", "app", "Web", 3, 255, "a-zA-Z0-9_.-"],
  ["app-AppSecurityGroup-i3ig2ezl", "app", "AppSecurityGroup", 0, 32, "A-Za-z0-9-"],
  ["app-appsecu-d6xkxqyj", "app", "AppSecurityGroup", 3, 20, "a-z0-9-"],
  ["aaxby6wehy", "app", "A", 0, 12, "a-z0-9"],
  ["app-a-gldqhh6p", "app", "A", 3, 256, "a-z0-9/_.-"],
  ["crypto-agent-web-6pouheqd", "crypto-agent", "Web", 0, 64, "a-z0-9-"],
  ["crypto-agent-Web-gm3uvgro", "crypto-agent", "Web", 3, 255, "a-zA-Z0-9_.-"],
  ["crypto-agent-AppSecurit-kysu2zi6", "crypto-agent", "AppSecurityGroup", 0, 32, "A-Za-z0-9-"],
  ["crypto-ag-a-d5kobkn2", "crypto-agent", "AppSecurityGroup", 3, 20, "a-z0-9-"],
  ["calcetccmi", "crypto-agent", "A", 0, 12, "a-z0-9"],
  ["crypto-agent-a-72jdvjtf", "crypto-agent", "A", 3, 256, "a-z0-9/_.-"],
  [
    "network-core-eu-production-with-a-long-name-web-3s3snq6e",
    "network.core_eu-production-with-a-long-name",
    "Web",
    0,
    64,
    "a-z0-9-",
  ],
  [
    "network.core_eu-production-with-a-long-name-Web-tjrybkdr",
    "network.core_eu-production-with-a-long-name",
    "Web",
    3,
    255,
    "a-zA-Z0-9_.-",
  ],
  [
    "network-core-eu-produ-A-wonh6fm5",
    "network.core_eu-production-with-a-long-name",
    "AppSecurityGroup",
    0,
    32,
    "A-Za-z0-9-",
  ],
  ["network-c-a-plycberd", "network.core_eu-production-with-a-long-name", "AppSecurityGroup", 3, 20, "a-z0-9-"],
  ["na22ilrfci", "network.core_eu-production-with-a-long-name", "A", 0, 12, "a-z0-9"],
  [
    "network.core_eu-production-with-a-long-name-a-mqnyqnzo",
    "network.core_eu-production-with-a-long-name",
    "A",
    3,
    256,
    "a-z0-9/_.-",
  ],
  ["app-Web-idj76ko2", "app", "Web", 0, 255, "a-zA-Z0-9_.-"],
  ["app-Web-cfq6fshy", "app", "Web", 1, 255, "a-zA-Z0-9_.-"],
  ["app-Web-f53z2rfk", "app", "Web", 2, 255, "a-zA-Z0-9_.-"],
  ["app-Web-j2i6ehs2", "app", "Web", 3, 255, "a-zA-Z0-9_.-"],
  ["crypto-agent-imagesrepo-7mkzxlsq", "crypto-agent", "ImagesRepositoryWithALongName", 0, 32, "a-z0-9-"],
  ["c-qf5ifznx", "crypto-agent", "X", 0, 11, "a-z0-9-"],
  ["crypto_agent_newstable_qayw4fpu", "crypto-agent", "NewsTable", 0, 64, "a-z0-9_"],
  ["cryptoagentNewsTableqayw4fpu", "crypto-agent", "NewsTable", 0, 64, "A-Za-z0-9"],
];

describe("a generated name", () => {
  it.each(golden)("%s", (name, stack, logicalId, n, max, characters) => {
    const owner = ownerOf("news", stack, "us-east-1");
    expect(generateName({ stack, owner, logicalId, n, rules: { max, characters } })).toBe(name);
  });

  const names = (changes: Partial<Parameters<typeof generateName>[0]>) =>
    generateName({
      stack: "app",
      owner: "news/app@us-east-1",
      logicalId: "Web",
      n: 0,
      rules: { max: 64, characters: "a-z0-9-" },
      ...changes,
    });

  it.each<[string, Parameters<typeof names>[0]]>([
    ["another project or region", { owner: "other/app@us-east-1" }],
    ["another logical id", { logicalId: "web" }],
    ["the next generation", { n: 1 }],
  ])("differs for %s", (_, change) => {
    expect(names(change)).not.toBe(names({}));
  });

  it("is made of allowed characters, and never too long", () => {
    for (const max of [12, 13, 16, 20, 32, 64, 255]) {
      for (let n = 0; n < nameGenerations; n++) {
        const name = names({
          stack: "a-long.stack_name",
          logicalId: "AnEvenLongerLogicalId",
          n,
          rules: { max, characters: "a-z0-9-" },
        });
        expect(name).toMatch(/^[a-z0-9-]+$/);
        expect(name.length).toBeLessThanOrEqual(max);
      }
    }
  });

  it("stays itself however much is cut: two that share their beginning differ", () => {
    const cut = (logicalId: string) => names({ logicalId, rules: { max: 16, characters: "a-z0-9-" } });
    expect(cut("ServiceAlpha")).not.toBe(cut("ServiceBeta"));
  });
});
