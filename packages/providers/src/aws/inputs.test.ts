import type { InputRequest } from "@reconcile/core";
import { expect, test } from "vitest";
import { fakeAws, jsonError, type Reply, xmlError } from "./testing.ts";

const place = { file: "a.yaml", line: 3, column: 5 };

function ssm(name: string, version?: string): InputRequest {
  return { kind: "ssm", name, ...(version !== undefined && { version }), place };
}

function store(parameters: object[]): Promise<Awaited<ReturnType<typeof fakeAws>>> {
  return fakeAws(() => ({ body: { Parameters: parameters } }));
}

test("values of SSM parameters, asked for side by side, come in one request", async () => {
  const { aws, bodies } = await store([
    { Name: "/a", Value: "1", Type: "String", Version: 4 },
    { Name: "/a", Selector: ":3", Value: "0", Type: "String", Version: 3 },
    { Name: "/list", Value: "x,y", Type: "StringList", Version: 1 },
  ]);
  const values = await Promise.all([aws.input(ssm("/a")), aws.input(ssm("/a", "3")), aws.input(ssm("/list"))]);
  expect(values.map(({ value }) => value)).toEqual(["1", "0", "x,y"]);
  expect(bodies.map((body) => JSON.parse(body))).toEqual([{ Names: ["/a", "/a:3", "/list"] }]);
});

test("more than ten parameters take as many requests as AWS's limit asks for", async () => {
  const names = Array.from({ length: 11 }, (_, index) => `/p${index}`);
  const { aws, requests } = await store(names.map((Name) => ({ Name, Value: "v", Type: "String" })));
  await Promise.all(names.map((name) => aws.input(ssm(name))));
  expect(requests).toHaveLength(2);
});

test("a parameter shared by another account is asked for by its ARN", async () => {
  const arn = "arn:aws:ssm:eu-west-1:111111111111:parameter/shared";
  const { aws } = await store([{ Name: "/shared", ARN: arn, Value: "v", Type: "String" }]);
  expect(await aws.input(ssm(arn))).toMatchObject({ value: "v" });
});

test("a SecureString is decrypted where it is asked for by that name", async () => {
  const { aws, bodies } = await store([{ Name: "/a", Value: "s3cret", Type: "SecureString", Version: 1 }]);
  expect(await aws.input({ kind: "ssm-secure", name: "/a", place })).toMatchObject({ value: "s3cret" });
  expect(JSON.parse(String(bodies[0]))).toEqual({ Names: ["/a"], WithDecryption: true });
});

function secret(part: NonNullable<InputRequest["secret"]> = {}): InputRequest {
  return { kind: "secretsmanager", name: "db", secret: part, place };
}

const stored = (SecretString: string): Reply => ({ body: { Name: "db", SecretString } });

test("the keys of a secret, of one version of it, take one request", async () => {
  const { aws, bodies } = await fakeAws(() => stored('{"user":"admin","port":5432,"tls":{"on":true}}'));
  const asked = ["user", "port", "tls"].map((jsonKey) => aws.input(secret({ jsonKey, versionStage: "AWSPREVIOUS" })));
  expect((await Promise.all(asked)).map(({ value }) => value)).toEqual(["admin", "5432", '{"on":true}']);
  expect(bodies.map((body) => JSON.parse(body))).toEqual([{ SecretId: "db", VersionStage: "AWSPREVIOUS" }]);
});

test("all of a secret is its text, and must not be shown", async () => {
  const { aws } = await fakeAws(() => stored("s3cret"));
  expect(await aws.input(secret())).toEqual({ value: "s3cret", sensitive: true, verbatim: true });
});

const exported = (name: string, next = ""): Reply => ({
  body: `<R><ListExportsResult><Exports><member><Name>${name}</Name><Value>v-${name}</Value></member></Exports>${next}</ListExportsResult></R>`,
});

test("CloudFormation's exports are listed once, to the last page", async () => {
  const { aws, requests } = await fakeAws(() =>
    requests.length === 1 ? exported("a", "<NextToken>2</NextToken>") : exported("b"),
  );
  const values = await Promise.all(["a", "b"].map((name) => aws.input({ kind: "export", name, place })));
  expect(values.map(({ value }) => value)).toEqual(["v-a", "v-b"]);
  expect(requests).toEqual(["cloudformation:ListExports", "cloudformation:ListExports"]);
});

const output = (stack: NonNullable<InputRequest["stack"]>): InputRequest => ({
  kind: "stack-output",
  name: "VpcId",
  stack,
  place,
});
const described: Reply = {
  body: "<R><DescribeStacksResult><Stacks><member><Outputs><member><OutputKey>VpcId</OutputKey><OutputValue>vpc-1</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></R>",
};

test("an output of a CloudFormation stack, of another region where that is asked for", async () => {
  const regions: string[] = [];
  const { aws } = await fakeAws((_, region) => {
    regions.push(region);
    return described;
  });
  expect(await aws.input(output({ name: "network", region: "us-west-2" }))).toMatchObject({ value: "vpc-1" });
  expect(regions).toEqual(["us-west-2"]);
});

const lists = (...items: string[]): Reply => ({
  body: `<R><prefixListSet>${items.map((id) => `<item><prefixListId>${id}</prefixListId><prefixListName>office</prefixListName></item>`).join("")}</prefixListSet></R>`,
});

test("the id of a prefix list by its name", async () => {
  const { aws, bodies } = await fakeAws(() => lists("pl-1"));
  expect(await aws.input({ kind: "prefix-list", name: "office", place })).toEqual({ value: "pl-1" });
  expect(Object.fromEntries(new URLSearchParams(bodies[0]))).toMatchObject({
    "Filter.1.Name": "prefix-list-name",
    "Filter.1.Value.1": "office",
  });
});

test.each<[it: string, request: InputRequest, answer: Reply, code: string]>([
  ["a parameter that is not there", ssm("/a"), { body: { InvalidParameters: ["/a"] } }, "input.ssm-missing"],
  [
    "a version that is not there",
    ssm("/a", "9"),
    { body: { Parameters: [{ Name: "/a", Value: "1", Type: "String", Version: 8 }] } },
    "input.ssm-missing",
  ],
  [
    "a SecureString",
    ssm("/a"),
    { body: { Parameters: [{ Name: "/a", Value: "AQ==", Type: "SecureString" }] } },
    "input.ssm-secure",
  ],
  ["an export that is not there", { kind: "export", name: "b", place }, exported("a"), "import.undefined"],
  ["an output that is not there", { ...output({ name: "network" }), name: "Other" }, described, "import.undefined"],
  ["an output of no stack", output({ name: "none" }), xmlError("ValidationError", "no"), "import.undefined"],
  ["an output behind a role", output({ name: "network", roleArn: "arn" }), described, "import.role-arn"],
  ["a secret that is not there", secret(), jsonError("ResourceNotFoundException", "no"), "input.secret-missing"],
  ["a secret that is being deleted", secret(), jsonError("InvalidRequestException", "no"), "input.secret-missing"],
  ["a binary secret", secret(), { body: { SecretBinary: "AA==" } }, "input.secret-binary"],
  ["a key that the secret does not have", secret({ jsonKey: "b" }), stored('{"a":"s3cret"}'), "input.secret-key"],
  ["a key of a secret that is plain text", secret({ jsonKey: "b" }), stored("s3cret"), "input.secret-key"],
  [
    "a prefix list that is not there",
    { kind: "prefix-list", name: "office", place },
    lists(),
    "input.prefix-list-missing",
  ],
  [
    "two prefix lists of one name",
    { kind: "prefix-list", name: "office", place },
    lists("pl-1", "pl-2"),
    "input.prefix-list-ambiguous",
  ],
])("%s is an error at the place that asks", async (_, request, answer, code) => {
  const { aws } = await fakeAws(() => answer);
  await expect(aws.input(request)).rejects.toMatchObject({ diagnostics: [{ code, place }] });
});
