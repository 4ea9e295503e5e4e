import { CreateTagsCommand, DescribeImagesCommand, EC2Client, ModifyImageAttributeCommand } from "@aws-sdk/client-ec2";
import { AttachRolePolicyCommand, CreateRoleCommand, GetPolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, it } from "vitest";
import { useSandbox } from "../testing.ts";

// What is kept ready for all accounts must not show in one of them what another did.
const { client, sandbox } = useSandbox();
const image = "ami-0c7217cde4661b399";

async function another(account: string) {
  const RoleArn = `arn:aws:iam::${account}:role/other`;
  const { Credentials } = await new STSClient(client).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "other" }),
  );
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  return { ...client, credentials };
}

async function look(as: typeof client) {
  const { Images } = await new EC2Client(as).send(new DescribeImagesCommand({ ImageIds: [image] }));
  const { ResourceTagMappingList } = await new ResourceGroupsTaggingAPIClient(as).send(new GetResourcesCommand({}));
  return { image: Images?.[0], tagged: ResourceTagMappingList?.map((each) => each.ResourceARN) };
}

it("an image has tags and permissions in the account that gave them", async () => {
  const ec2 = new EC2Client(client);
  await ec2.send(new CreateTagsCommand({ Resources: [image], Tags: [{ Key: "mine", Value: "yes" }] }));
  const LaunchPermission = { Remove: [{ Group: "all" as const }] };
  await ec2.send(new ModifyImageAttributeCommand({ ImageId: image, LaunchPermission }));

  const own = await look(client);
  expect(own.image).toMatchObject({ Public: false, Tags: [{ Key: "mine", Value: "yes" }] });
  expect(own.tagged).toEqual([`arn:aws:ec2:us-east-1:123456789012:image/${image}`]);

  const other = await look(await another("210987654321"));
  expect(other).toMatchObject({ image: { ImageId: image, Public: true }, tagged: [] });
  expect(other.image?.Tags ?? []).toEqual([]);
});

it("a policy of AWS counts what it is attached to in each account by itself", async () => {
  const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  const iam = new IAMClient(client);
  await iam.send(new CreateRoleCommand({ RoleName: "app", AssumeRolePolicyDocument: "{}" }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: "app", PolicyArn }));

  const count = async (as: typeof client) =>
    (await new IAMClient(as).send(new GetPolicyCommand({ PolicyArn }))).Policy?.AttachmentCount;
  expect([await count(client), await count(await another("210987654321"))]).toEqual([1, 0]);
});

it("a key is of its account until the sandbox is emptied", async () => {
  const other = new STSClient(await another("210987654321"));
  const account = async () => (await other.send(new GetCallerIdentityCommand({}))).Account;

  expect(await account()).toBe("210987654321");
  await sandbox().reset();
  expect(await account()).toBe("123456789012");
});
