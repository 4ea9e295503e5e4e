import { startSandbox } from "../../packages/sandbox/src/index.ts";

const template = "RECONCILE_SANDBOX_TEMPLATE";

/** A first call of each service that tests use: it loads the service. The body, and the operation where that is no part of it. */
const calls = {
  sts: { body: "Action=GetCallerIdentity&Version=2011-06-15" },
  ec2: { body: "Action=DescribeVpcs&Version=2016-11-15" },
  iam: { body: "Action=ListRoles&Version=2010-05-08" },
  tagging: { body: "{}", operation: "ResourceGroupsTaggingAPI_20170126.GetResources" },
  ssm: { body: "{}", operation: "AmazonSSM.DescribeParameters" },
  ecr: { body: "{}", operation: "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories" },
  cloudfront: { path: "2020-05-31/distribution" },
};

/**
 * Before tests that use the embedded AWS: starts one, loads it once, and has every test file start a copy of it, in milliseconds instead of seconds.
 * Windows cannot copy a process: there each starts its own.
 */
export async function setup() {
  if (process.platform === "win32" || process.env[template]) return undefined;
  const sandbox = await startSandbox();
  for (const [service, call] of Object.entries(calls)) await load(sandbox.endpoint, service, call);
  process.env[template] = sandbox.template;
  return () => sandbox.stop();
}

async function load(endpoint, service, { body, operation, path = "" }) {
  const headers = {
    authorization: `AWS4-HMAC-SHA256 Credential=test/20250101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    ...(body && { "content-type": "application/x-www-form-urlencoded" }),
    ...(operation && { "content-type": "application/x-amz-json-1.1", "x-amz-target": operation }),
  };
  const response = await fetch(`${endpoint}/${path}`, { method: body ? "POST" : "GET", headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${service}: ${text}`);
}
