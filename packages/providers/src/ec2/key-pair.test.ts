import { planDocument, runDocument, Unknown } from "@reconcile/core";
import { stackOf } from "@reconcile/core/testing";
import { describe, expect, it, vi } from "vitest";
import { tagMap } from "../aws/tags.ts";
import { differences } from "../testing/normal-form.ts";
import { describeOnSandbox, sandboxWorld } from "../testing/sandbox-world.ts";
import { changesIn, openStory, type Story } from "../testing/story.ts";
import { useSandbox } from "../testing/use-sandbox.ts";
import { KeyPair } from "./key-pair.ts";

vi.setConfig({ testTimeout: 60_000 });

const ed25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIGPbHfUDuyRjVXCyRpzRrI3fyWrSPLbMGzE2f1PmVHRK";
const other = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

describe("a public key", () => {
  const agent = { KeyName: "agent" };
  const live = { PublicKeyMaterial: `ssh-ed25519 ${ed25519} agent`, KeyType: "ed25519" };

  it.each<[story: string, declared: object, live: object, paths: string[]]>([
    ["is the same with another comment", { PublicKeyMaterial: `ssh-ed25519 ${ed25519} me@home` }, live, []],
    ["is the same without one, and with a line's end", { PublicKeyMaterial: `ssh-ed25519 ${ed25519}\n` }, live, []],
    ["is the same in RFC 4716's form", { PublicKeyMaterial: rfc4716(ed25519) }, live, []],
    [
      "decides its type, whatever KeyType says",
      { PublicKeyMaterial: live.PublicKeyMaterial, KeyType: "rsa" },
      live,
      [],
    ],
    ["that is another one is another one", { PublicKeyMaterial: `ssh-ed25519 ${other}` }, live, ["/PublicKeyMaterial"]],
    ["that is not declared is left alone, but for its type", {}, live, ["/KeyType"]],
    ["that is not declared is left alone", { KeyType: "ed25519" }, live, []],
    ["never has a format", { KeyType: "ed25519", KeyFormat: "ppk" }, { ...live, KeyFormat: "pem" }, []],
  ])("%s", (_story, declared, found, paths) => {
    expect(differences(KeyPair, { ...agent, ...declared }, { ...agent, ...found })).toEqual(paths);
  });

  it("that is not known yet says nothing of its type", () => {
    const PublicKeyMaterial = new Unknown(["Key.PublicKey"], "may-change");
    expect(differences(KeyPair, { ...agent, PublicKeyMaterial }, { ...agent, ...live })).toEqual([
      "/PublicKeyMaterial",
    ]);
  });

  it.each([
    ["is a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----", /public half/],
    [
      "is of a type that EC2 does not take",
      "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY=",
      /not an RSA or ED25519/,
    ],
    ["is no key", "hello", /not an RSA or ED25519/],
  ])("is refused when it %s", (_story, PublicKeyMaterial, message) => {
    expect(KeyPair.properties.safeParse({ PublicKeyMaterial }).error?.issues.map((each) => each.message)).toEqual([
      expect.stringMatching(message),
    ]);
  });
});

function rfc4716(blob: string): string {
  const lines = ["---- BEGIN SSH2 PUBLIC KEY ----", 'Comment: "me at\\', 'home"', blob.slice(0, 40), blob.slice(40)];
  return [...lines, "---- END SSH2 PUBLIC KEY ----", ""].join("\r\n");
}

describeOnSandbox(KeyPair, {
  example: { KeyType: "ed25519" },
  name: { KeyName: "agent" },
  mutations: [{ property: "Tags", from: [{ Key: "Name", Value: "one" }], to: [{ Key: "Name", Value: "two" }] }],
  replacements: { PublicKeyMaterial: `ssh-ed25519 ${ed25519} me@home`, KeyType: "rsa" },
  budget: 4,
});

describe("a key that EC2 makes", () => {
  const world = sandboxWorld(useSandbox());

  const keyPair = (Properties: object) => ({ Type: "AWS::EC2::KeyPair", Properties });
  const made = stackOf({ Key: keyPair({ KeyName: "agent", KeyType: "ed25519", KeyFormat: "pem" }) });

  /** The parameters that hold a private half, by the key's id. */
  async function privateHalves(story: Story): Promise<string[]> {
    const { Parameters = [] } = await (await story.look()).ssm.describeParameters({});
    return Parameters.map(({ Name = "", Type }) => `${Type} ${Name}`);
  }

  async function living(story: Story) {
    const { KeyPairs = [] } = await (await story.look()).ec2.describeKeyPairs({});
    return KeyPairs;
  }

  it("keeps its private half where CloudFormation keeps it, shows it nowhere, and takes it along", async () => {
    const story = await openStory(world);
    const told = await story.apply([made]);
    const [pair] = await living(story);
    const Name = `/ec2/keypair/${pair?.KeyPairId}`;
    expect(await privateHalves(story)).toEqual([`SecureString ${Name}`]);
    const aws = await story.look();
    const { Parameter } = await aws.ssm.getParameter({ Name, WithDecryption: true });
    expect(Parameter?.Value).toContain("PRIVATE KEY");
    const { TagList } = await aws.ssm.listTagsForResource({ ResourceType: "Parameter", ResourceId: Name });
    expect(tagMap(TagList)).toEqual({
      "reconcile:owner": "test/app@us-east-1",
      "reconcile:resource": "Key/AWS::EC2::KeyPair",
    });
    const plan = await story.plan([made]);
    const shown = [runDocument(told.run), planDocument(plan, { tool: "test", all: true, durationMs: {} })];
    expect(JSON.stringify(shown)).not.toContain("PRIVATE");
    expect(changesIn(plan)).toEqual([]);

    await story.apply([made], { destroy: true });
    expect(await privateHalves(story)).toEqual([]);
  });

  it("is made again when a run is killed before its private half is in safety", async () => {
    for (const answer of ["never-sent", "lost"] as const) {
      for (let at = 1; ; at++) {
        const story = await openStory(world);
        if (!(await story.killed([made], { at, answer }))) break;
        await story.apply([made]);
        const pairs = await living(story);
        expect(pairs).toHaveLength(1);
        expect(await privateHalves(story), `${answer} ${at}`).toEqual([
          `SecureString /ec2/keypair/${pairs[0]?.KeyPairId}`,
        ]);
      }
    }
  });

  it("holds what cannot be made again as long as its private half is there; an imported one does not", async () => {
    const story = await openStory(world);
    const imported = keyPair({ PublicKeyMaterial: `ssh-ed25519 ${ed25519}` });
    const { run } = await story.apply([stackOf({ Made: keyPair({}), Imported: imported })]);
    expect(run.diagnostics).toEqual([]);
    const { stacks } = await story.plan([stackOf({ Made: keyPair({}), Imported: imported })]);
    const aws = await story.look();
    const holds = (stacks[0]?.changes ?? []).map(async ({ logicalId, type, observed }) => {
      const { holdsData } = type;
      return [logicalId, observed && typeof holdsData === "function" && (await holdsData(aws, observed))];
    });
    expect(await Promise.all(holds)).toEqual([
      ["Made", true],
      ["Imported", false],
    ]);
  });
});
