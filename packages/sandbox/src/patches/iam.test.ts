import {
  AddClientIDToOpenIDConnectProviderCommand,
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  GetInstanceProfileCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetRoleCommand,
  IAMClient,
  ListInstanceProfilesCommand,
  ListInstanceProfileTagsCommand,
  ListOpenIDConnectProviderTagsCommand,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  paginateGetAccountAuthorizationDetails,
  paginateListInstanceProfiles,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagInstanceProfileCommand,
  TagPolicyCommand,
  UntagInstanceProfileCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { useSandbox } from "../testing.ts";

const { client } = useSandbox();
const iam = new IAMClient(client);

const Tags = [{ Key: "Owner", Value: "us" }];
const managed = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
const document = (Action = "s3:GetObject") =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
});

const createRole = (change = {}) =>
  iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: trust, ...change }));

async function createPolicy(change = {}): Promise<string> {
  const made = await iam.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: document(), ...change }));
  return made.Policy?.Arn ?? "";
}

const createProfile = (change = {}) =>
  iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "i", ...change }));

async function createProvider(change = {}): Promise<string> {
  const Url = "https://token.example.com";
  const made = await iam.send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ["one"], ...change }));
  return made.OpenIDConnectProviderArn ?? "";
}

describe("an OIDC provider", () => {
  it("gains and loses client ids, the same one any number of times", async () => {
    const OpenIDConnectProviderArn = await createProvider();
    const ids = async () =>
      (await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))).ClientIDList;
    const add = () =>
      iam.send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: "two" }));
    const remove = () =>
      iam.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: "one" }));
    await add();
    await add();
    expect(await ids()).toEqual(["one", "two"]);
    await remove();
    await remove();
    expect(await ids()).toEqual(["two"]);
  });

  it("has to exist for that", async () => {
    const OpenIDConnectProviderArn = "arn:aws:iam::123456789012:oidc-provider/none.example.com";
    const add = iam.send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: "x" }));
    await expect(add).rejects.toMatchObject({ name: "NoSuchEntityException" });
  });

  it("keeps its tags", async () => {
    const OpenIDConnectProviderArn = await createProvider({ Tags });
    expect(await iam.send(new ListOpenIDConnectProviderTagsCommand({ OpenIDConnectProviderArn }))).toMatchObject({
      Tags,
    });
    expect(await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))).toMatchObject({ Tags });
  });
});

describe("a managed policy", () => {
  it("keeps its description and tags", async () => {
    const PolicyArn = await createPolicy({ Description: "why", Tags });
    await iam.send(new TagPolicyCommand({ PolicyArn, Tags: [{ Key: "b", Value: "2" }] }));
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const all = [{ Key: "b", Value: "2" }, ...Tags];
    expect(Policy).toMatchObject({ Description: "why", Tags: expect.arrayContaining(all) });
    expect(await iam.send(new ListPolicyTagsCommand({ PolicyArn }))).toMatchObject({
      Tags: expect.arrayContaining(all),
    });
    const details = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ["LocalManagedPolicy"] }));
    const { PolicyName, PolicyId } = Policy ?? {};
    expect(details.Policies).toEqual([
      expect.objectContaining({ Arn: PolicyArn, Description: "why", PolicyName, PolicyId }),
    ]);
  });

  it("is not deleted while attached or while it has a second version", async () => {
    const PolicyArn = await createPolicy();
    const remove = () => iam.send(new DeletePolicyCommand({ PolicyArn }));
    await createRole();
    await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn }));
    await expect(remove()).rejects.toMatchObject({ name: "DeleteConflictException" });
    await iam.send(new DetachRolePolicyCommand({ RoleName: "r", PolicyArn }));
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document("s3:*"), SetAsDefault: true }));
    await expect(remove()).rejects.toMatchObject({ name: "DeleteConflictException" });
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v1" }));
    await remove();
    await expect(iam.send(new GetPolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
    });
  });
});

describe("a role", () => {
  it.each([
    ["with an attached policy", () => iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn: managed }))],
    [
      "with an inline policy",
      () => iam.send(new PutRolePolicyCommand({ RoleName: "r", PolicyName: "x", PolicyDocument: document() })),
    ],
    [
      "in an instance profile",
      async () => {
        await createProfile();
        await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "i", RoleName: "r" }));
      },
    ],
  ])("%s is not deleted", async (_, use) => {
    await createRole();
    await use();
    await expect(iam.send(new DeleteRoleCommand({ RoleName: "r" }))).rejects.toMatchObject({
      name: "DeleteConflictException",
    });
  });

  it("takes an inline policy of the older language, a malformed one it does not", async () => {
    await createRole();
    const Statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
    const put = (policy: object) =>
      iam.send(new PutRolePolicyCommand({ RoleName: "r", PolicyName: "x", PolicyDocument: JSON.stringify(policy) }));
    await put({ Statement });
    await put({ Version: "2008-10-17", Statement });
    await expect(put({ Version: "2010-10-17", Statement })).rejects.toMatchObject({
      name: "MalformedPolicyDocumentException",
    });
  });

  it("keeps what an update does not name", async () => {
    await createRole({ Description: "why", MaxSessionDuration: 7200 });
    await iam.send(new UpdateRoleCommand({ RoleName: "r", MaxSessionDuration: 3600 }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "r" }));
    expect(Role).toMatchObject({ Description: "why", MaxSessionDuration: 3600 });
    await iam.send(new UpdateRoleCommand({ RoleName: "r", Description: "new" }));
    expect((await iam.send(new GetRoleCommand({ RoleName: "r" }))).Role).toMatchObject({
      Description: "new",
      MaxSessionDuration: 3600,
    });
  });
});

describe("an instance profile", () => {
  it("keeps its tags", async () => {
    await createProfile({ Tags });
    await iam.send(new TagInstanceProfileCommand({ InstanceProfileName: "i", Tags: [{ Key: "b", Value: "2" }] }));
    await iam.send(new UntagInstanceProfileCommand({ InstanceProfileName: "i", TagKeys: ["Owner"] }));
    const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName: "i" }));
    expect(InstanceProfile?.Tags).toEqual([{ Key: "b", Value: "2" }]);
    const listed = await iam.send(new ListInstanceProfileTagsCommand({ InstanceProfileName: "i" }));
    expect(listed).toMatchObject({ Tags: [{ Key: "b", Value: "2" }], IsTruncated: false });
  });

  it("says so when a role to remove is not in it", async () => {
    await createProfile();
    await createRole();
    const remove = iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: "i", RoleName: "r" }));
    await expect(remove).rejects.toMatchObject({ name: "NoSuchEntityException" });
  });

  it("is not deleted while it holds a role", async () => {
    await createProfile();
    await createRole();
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "i", RoleName: "r" }));
    const remove = iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: "i" }));
    await expect(remove).rejects.toMatchObject({ name: "DeleteConflictException" });
  });
});

// Whoever reads them from a list would find them in the sandbox and not on AWS.
describe("lists leave out what AWS leaves out", () => {
  it("of roles", async () => {
    await createRole({ Tags, PermissionsBoundary: managed });
    const { Roles } = await iam.send(new ListRolesCommand({}));
    expect(Roles).toHaveLength(1);
    for (const name of ["Tags", "PermissionsBoundary", "RoleLastUsed"]) expect(Roles?.[0]).not.toHaveProperty(name);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "r" }));
    expect(Role).toMatchObject({ Tags, PermissionsBoundary: { PermissionsBoundaryArn: managed } });
  });

  it("of policies", async () => {
    await createPolicy({ Tags, Description: "why" });
    const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: "Local" }));
    expect(Policies).toHaveLength(1);
    for (const name of ["Tags", "Description"]) expect(Policies?.[0]).not.toHaveProperty(name);
  });

  it("of instance profiles", async () => {
    await createProfile({ Tags });
    const { InstanceProfiles } = await iam.send(new ListInstanceProfilesCommand({}));
    expect(InstanceProfiles).toHaveLength(1);
    expect(InstanceProfiles?.[0]).not.toHaveProperty("Tags");
  });
});

it("gives authorization details and instance profiles in pages", async () => {
  for (const name of ["a", "b", "c"]) {
    await createRole({ RoleName: name });
    await createPolicy({ PolicyName: name });
    await createProfile({ InstanceProfileName: name });
  }
  const details: string[] = [];
  const Filter = ["Role" as const, "LocalManagedPolicy" as const];
  for await (const page of paginateGetAccountAuthorizationDetails({ client: iam, pageSize: 2 }, { Filter })) {
    details.push(`${page.RoleDetailList?.length} roles, ${page.Policies?.length} policies`);
  }
  expect(details).toEqual(["2 roles, 0 policies", "1 roles, 1 policies", "0 roles, 2 policies"]);
  const profiles: number[] = [];
  for await (const page of paginateListInstanceProfiles({ client: iam, pageSize: 2 }, {})) {
    profiles.push(page.InstanceProfiles?.length ?? 0);
  }
  expect(profiles).toEqual([2, 1]);
});

it("knows AWS's managed policies, after a reset too", async () => {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: managed }));
  expect(Policy).toMatchObject({ PolicyName: "AmazonSSMManagedInstanceCore", AttachmentCount: 0 });
});
