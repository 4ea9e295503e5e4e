import { STS } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentity } from "@smithy/types";

/** Where the tests are. */
export const region = "us-east-1";

export type Credentials = Required<Pick<AwsCredentialIdentity, "accessKeyId" | "secretAccessKey" | "sessionToken">>;

/** Keys to an account of the sandbox; one that nobody has used is empty. */
export async function openAccount(endpoint: string, account: string): Promise<Credentials> {
  const sts = new STS({ region, endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const assumed = await sts.assumeRole({
    RoleArn: `arn:aws:iam::${account}:role/contract`,
    RoleSessionName: "contract",
  });
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = assumed.Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
