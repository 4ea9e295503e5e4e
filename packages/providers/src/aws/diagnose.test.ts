import { DiagnosticError } from "@reconcile/core";
import { expect, test } from "vitest";
import type { Aws } from "./context.ts";
import { toDiagnostic } from "./diagnose.ts";
import { ec2Error, fakeAws, jsonError, principal, type Reply, xmlError } from "./testing.ts";

const runInstances = (aws: Aws) =>
  aws.planned({ logicalId: "App", type: "AWS::EC2::Instance", operations: ["ec2:RunInstances"] }, () =>
    aws.ec2.runInstances({ MinCount: 1, MaxCount: 1, UserData: "c2VjcmV0" }),
  );
const describeVpcs = (aws: Aws) => aws.ec2.describeVpcs({});
const getParameters = (aws: Aws) => aws.ssm.getParameters({ Names: ["/a"] });
const getRole = (aws: Aws) => aws.iam.getRole({ RoleName: "r" });
const getDistribution = (aws: Aws) => aws.cloudfront.getDistribution({ Id: "E1" });

const page: Reply = { status: 500, type: "text/html; charset=utf-8", body: "<!doctype html><title>500</title>" };
const sandbox = { endpointUrl: "http://127.0.0.1:5555" };
const node = (code: string) => () => {
  throw Object.assign(new Error(`connect ${code}`), { code });
};

/** A raw answer, and what a person reads. */
const table: [
  it: string,
  answer: Reply | (() => Reply),
  call: (aws: Aws) => Promise<unknown>,
  code: string,
  message: string,
  remedy?: string,
  options?: object,
][] = [
  [
    "EC2 denies",
    ec2Error(
      "UnauthorizedOperation",
      `You are not authorized to perform this operation. User: ${principal} is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:* because no identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: 4Gx_s-1`,
      403,
    ),
    runInstances,
    "aws.access-denied",
    `ec2:RunInstances was denied to ${principal} in eu-west-1: no identity-based policy allows the ec2:RunInstances action.`,
    `Allow ec2:RunInstances to ${principal}, or run as a principal that has it (--profile, \`role-arn\`).`,
  ],
  [
    "EC2 denies without a word",
    ec2Error("UnauthorizedOperation", "You are not authorized to perform this operation.", 403),
    runInstances,
    "aws.access-denied",
    `ec2:RunInstances was denied to ${principal} in eu-west-1.`,
  ],
  [
    "something is still used",
    ec2Error("DependencyViolation", "resource sg-0abc has a dependent object"),
    (aws) =>
      aws.planned({ logicalId: "A", type: "T", operations: ["ec2:DeleteSecurityGroup"] }, () =>
        aws.ec2.deleteSecurityGroup({ GroupId: "sg-0abc" }),
      ),
    "aws.in-use",
    "ec2:DeleteSecurityGroup was refused in eu-west-1, because it is still used: resource sg-0abc has a dependent object.",
    "What uses it has to let go of it first: another stack of the project, or somebody else. Run again then.",
  ],
  [
    "SSM denies by an explicit deny",
    jsonError(
      "AccessDeniedException",
      `User: ${principal} is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:x because an explicit deny in a service control policy`,
    ),
    getParameters,
    "aws.access-denied",
    `ssm:GetParameters was denied to ${principal} in eu-west-1: an explicit deny in a service control policy.`,
    "An explicit deny wins over every allow: change the policy that denies ssm:GetParameters, or run as another principal.",
  ],
  [
    "IAM denies",
    xmlError("AccessDenied", `User: ${principal} is not authorized to perform: iam:GetRole on resource: role r`, 403),
    getRole,
    "aws.access-denied",
    `iam:GetRole was denied to ${principal} in eu-west-1.`,
  ],
  [
    "an emulator denies in a foreign format",
    { status: 403, body: "<ErrorResponse><Error/></ErrorResponse>" },
    getParameters,
    "aws.access-denied",
    `ssm:GetParameters was denied to ${principal} in eu-west-1.`,
    undefined,
    sandbox,
  ],
  [
    "the session has expired",
    ec2Error("RequestExpired", "Request has expired."),
    describeVpcs,
    "aws.clock-skew",
    "AWS refused the request because this machine's clock is wrong.",
  ],
  [
    "a token has expired",
    jsonError("ExpiredTokenException", "The security token included in the request is expired"),
    getParameters,
    "aws.credentials-expired",
    "The AWS credentials have expired.",
    "Renew the keys in the environment, or log in again with `aws sso login`; in CI, take new credentials in this job.",
  ],
  [
    "a token of a profile has expired",
    xmlError("ExpiredToken", "The security token included in the request is expired", 403),
    getRole,
    "aws.credentials-expired",
    'The AWS credentials of the profile "work" have expired.',
    "Log in again with `aws sso login --profile work`, or renew the profile's keys.",
    { environment: { AWS_PROFILE: "work" } },
  ],
  [
    "the key is unknown",
    jsonError("UnrecognizedClientException", "The security token included in the request is invalid."),
    getParameters,
    "aws.credentials-invalid",
    "AWS does not accept the credentials in eu-west-1: The security token included in the request is invalid.",
  ],
  [
    "the key is unknown to IAM",
    xmlError("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
    getRole,
    "aws.credentials-invalid",
    "AWS does not accept the credentials in eu-west-1: The security token included in the request is invalid.",
  ],
  [
    "the key is unknown to EC2",
    ec2Error("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    describeVpcs,
    "aws.credentials-invalid",
    "AWS does not accept the credentials in eu-west-1: AWS was not able to validate the provided access credentials.",
  ],
  [
    "a region has no such host",
    node("ENOTFOUND"),
    describeVpcs,
    "aws.unreachable",
    "https://ec2.eu-west-1.amazonaws.com cannot be reached: there is no host of this name (ENOTFOUND).",
    'Check the network and its proxy, and that "eu-west-1" is a region of AWS.',
  ],
  ...["ec2.eu-west-1.api.aws", "ec2.eusc-de-east-1.amazonaws.eu"].map((host): (typeof table)[number] => [
    `a host of AWS's of another name (${host})`,
    node("ENOTFOUND"),
    describeVpcs,
    "aws.unreachable",
    `https://${host} cannot be reached: there is no host of this name (ENOTFOUND).`,
    'Check the network and its proxy, and that "eu-west-1" is a region of AWS.',
    { endpointUrl: `https://${host}` },
  ]),
  [
    "nothing listens at the endpoint",
    node("ECONNREFUSED"),
    getParameters,
    "aws.unreachable",
    "http://127.0.0.1:5555 cannot be reached: nothing listens there (ECONNREFUSED).",
    "Start what should answer there, or correct --endpoint-url or AWS_ENDPOINT_URL.",
    sandbox,
  ],
  [
    "a read has no answer",
    node("ETIMEDOUT"),
    describeVpcs,
    "aws.unreachable",
    "https://ec2.eu-west-1.amazonaws.com cannot be reached: it does not answer in time (ETIMEDOUT).",
  ],
  [
    "the certificate is not trusted",
    node("SELF_SIGNED_CERT_IN_CHAIN"),
    describeVpcs,
    "aws.unreachable",
    "https://ec2.eu-west-1.amazonaws.com cannot be reached: connect SELF_SIGNED_CERT_IN_CHAIN (SELF_SIGNED_CERT_IN_CHAIN).",
  ],
  [
    "a write has no answer",
    node("ECONNRESET"),
    runInstances,
    "aws.no-answer",
    "ec2:RunInstances was sent in eu-west-1, but AWS's answer is missing (ECONNRESET): it may have happened or not.",
    "Run again: what is there now is read first, and nothing is made twice.",
  ],
  [
    "a write ends in an outage",
    ec2Error("InternalError", "An internal error has occurred", 500),
    runInstances,
    "aws.no-answer",
    "ec2:RunInstances was sent in eu-west-1, but AWS's answer is missing (HTTP 500): it may have happened or not.",
  ],
  [
    "an emulator lacks a query operation",
    page,
    describeVpcs,
    "aws.not-implemented",
    "The sandbox at http://127.0.0.1:5555 does not implement ec2:DescribeVpcs as it was asked: the endpoint answered with a web page (HTTP 500).",
    undefined,
    sandbox,
  ],
  [
    "an emulator lacks a JSON operation",
    page,
    getParameters,
    "aws.not-implemented",
    "The sandbox at http://127.0.0.1:5555 does not implement ssm:GetParameters as it was asked: the endpoint answered with a web page (HTTP 500).",
    undefined,
    sandbox,
  ],
  [
    "an emulator lacks a REST operation",
    { ...page, status: 404 },
    getDistribution,
    "aws.not-implemented",
    "The sandbox at http://127.0.0.1:5555 does not implement cloudfront:GetDistribution as it was asked: the endpoint answered with a web page (HTTP 404).",
    undefined,
    sandbox,
  ],
  [
    "a proxy answers for AWS",
    { status: 407, type: "text/html", body: "<p>Log in</p><" },
    getParameters,
    "aws.unreadable-answer",
    "The answer to ssm:GetParameters from https://ssm.eu-west-1.amazonaws.com is not AWS's (HTTP 407).",
  ],
  [
    "anything else of EC2",
    ec2Error("InvalidAMIID.NotFound", "The image id '[ami-1]' does not exist"),
    runInstances,
    "aws.invalid-amiid-not-found",
    "ec2:RunInstances failed in eu-west-1: The image id '[ami-1]' does not exist.",
  ],
  [
    "anything else of SSM",
    jsonError("ParameterLimitExceeded", "Too many parameters.  (Service: Ssm, Status Code: 400, Request ID: 12-ab)"),
    getParameters,
    "aws.parameter-limit-exceeded",
    "ssm:GetParameters failed in eu-west-1: Too many parameters.",
  ],
  [
    "anything else of IAM",
    xmlError("NoSuchEntity", "The role with name r cannot be found.", 404),
    getRole,
    "aws.no-such-entity",
    "iam:GetRole failed in eu-west-1: The role with name r cannot be found.",
  ],
  [
    "anything else of CloudFront",
    xmlError("NoSuchDistribution", "The specified distribution does not exist.", 404),
    getDistribution,
    "aws.no-such-distribution",
    "cloudfront:GetDistribution failed in eu-west-1: The specified distribution does not exist.",
  ],
];

test.each(table)("%s", async (_, answer, call, code, message, remedy, options) => {
  const { aws } = await fakeAws(() => (typeof answer === "function" ? answer() : answer), options);
  const error: unknown = await call(aws).catch((thrown: unknown) => thrown);
  const diagnostic = aws.diagnose(error);
  expect(diagnostic).toMatchObject({ code, severity: "error", message, ...(remedy && { remedy }) });
});

test("throttling that does not end tells how long was waited", async () => {
  const { aws } = await fakeAws(() => ec2Error("RequestLimitExceeded", "Request limit exceeded.", 503));
  const error: unknown = await describeVpcs(aws).catch((thrown: unknown) => thrown);
  const { code, message } = aws.diagnose(error);
  expect(code).toBe("aws.throttled");
  expect(message).toMatch(
    /^ec2:DescribeVpcs was refused \d+ times in eu-west-1 because of too many requests \(RequestLimitExceeded\); (?:5[7-9]\d|600) s were waited in between\.$/,
  );
});

test("no diagnostic shows what was sent", async () => {
  const secret = "correct horse battery staple";
  const { aws } = await fakeAws(() =>
    jsonError("ValidationException", `Value '${secret}' at 'value' failed to satisfy constraint`),
  );
  const put = { logicalId: "P", type: "AWS::SSM::Parameter", operations: ["ssm:PutParameter"] };
  const error: unknown = await aws
    .planned(put, () => aws.ssm.putParameter({ Name: "/a", Value: secret }))
    .catch((thrown: unknown) => thrown);
  expect(JSON.stringify([aws.diagnose(error), aws.log(), String(error)])).not.toContain("horse");
});

test.each([
  [
    "no provider has any",
    "Could not load credentials from any providers",
    {},
    "aws.credentials-missing",
    "There are no AWS credentials: Could not load credentials from any providers.",
  ],
  [
    "the profile is not there",
    "Could not resolve credentials using profile: [work]",
    { profile: "work" },
    "aws.credentials-missing",
    'There are no AWS credentials of the profile "work": Could not resolve credentials using profile: [work].',
  ],
  [
    "the SSO session has expired",
    "The SSO session associated with this profile has expired.",
    { profile: "work" },
    "aws.credentials-expired",
    'The AWS SSO session of the profile "work" has expired.',
  ],
])("credentials: %s", async (_, said, caller, code, message) => {
  const error = Object.assign(new Error(said), { name: "CredentialsProviderError" });
  expect(toDiagnostic(error, caller)).toMatchObject({ code, message });
});

test("a bug is not taken for an error of AWS", async () => {
  const { aws } = await fakeAws(() => ({}));
  const bug = new TypeError("x is undefined");
  expect([toDiagnostic(bug), aws.diagnose(bug, "App (AWS::EC2::Instance)")]).toMatchObject([
    undefined,
    { code: "internal.error", resource: "App (AWS::EC2::Instance)" },
  ]);
});

test("an error that carries its diagnostic keeps it", async () => {
  const { aws } = await fakeAws(() => ({}));
  const own = new DiagnosticError({ code: "a.b", severity: "error", message: "It is so." });
  expect(aws.diagnose(own, "App")).toEqual({ code: "a.b", severity: "error", message: "It is so.", resource: "App" });
});
