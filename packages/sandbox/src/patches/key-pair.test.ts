import {
  CreateKeyPairCommand,
  DeleteKeyPairCommand,
  DescribeKeyPairsCommand,
  EC2Client,
  ImportKeyPairCommand,
} from "@aws-sdk/client-ec2";
import { expect, it } from "vitest";
import { useSandbox } from "../testing.ts";

const { client } = useSandbox();
const ec2 = new EC2Client(client);

// A public key made for this test; its private half was never kept. The fingerprint is what `ssh-keygen -l` says of it.
const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAlbxHipfhmLsLISM+s4gykMRPO+yxKra+goEexRixE2 test@example.com";
const fingerprint = "d1eFcsXh+PEIb/lYu9yJ7FfT7KtD3+iu6LKxOr6ERDc=";

const create = async (KeyName: string) => (await ec2.send(new CreateKeyPairCommand({ KeyName }))).KeyPairId ?? "";
const names = async (KeyPairIds?: string[]) =>
  (await ec2.send(new DescribeKeyPairsCommand({ KeyPairIds }))).KeyPairs?.map((pair) => pair.KeyName);

it("is found by id", async () => {
  const [one] = [await create("one"), await create("two")];
  expect(await names([one])).toEqual(["one"]);
  await expect(names([one, "key-00000000000000000"])).rejects.toMatchObject({ name: "InvalidKeyPair.NotFound" });
});

it("is deleted by id, and again without an error", async () => {
  const [one] = [await create("one"), await create("two")];
  await ec2.send(new DeleteKeyPairCommand({ KeyPairId: one }));
  expect(await names()).toEqual(["two"]);
  await ec2.send(new DeleteKeyPairCommand({ KeyPairId: one }));
  await ec2.send(new DeleteKeyPairCommand({ KeyName: "two" }));
  expect(await names()).toEqual([]);
});

it("has the fingerprint of an imported ED25519 key, and returns the key", async () => {
  await ec2.send(new ImportKeyPairCommand({ KeyName: "k", PublicKeyMaterial: new TextEncoder().encode(publicKey) }));
  const { KeyPairs } = await ec2.send(new DescribeKeyPairsCommand({ KeyNames: ["k"], IncludePublicKey: true }));
  expect(KeyPairs).toEqual([
    expect.objectContaining({ KeyType: "ed25519", KeyFingerprint: fingerprint, PublicKey: publicKey }),
  ]);
});
