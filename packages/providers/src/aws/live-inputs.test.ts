import { CloudFormation } from "@aws-sdk/client-cloudformation";
import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { SSM } from "@aws-sdk/client-ssm";
import { sandboxRegion } from "@reconcile/sandbox";
import { expect, test } from "vitest";
import { useSandbox } from "../testing/use-sandbox.ts";
import { connect } from "./session.ts";

const sandbox = useSandbox();

const place = { file: "a.yaml", line: 1, column: 1 };

test("secrets, SecureStrings and what CloudFormation's stacks export are read as the services answer", async () => {
  const settings = {
    region: sandboxRegion,
    endpoint: sandbox().endpoint,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  await new SSM(settings).putParameter({ Name: "/db/password", Value: "pw", Type: "SecureString" });
  const secrets = new SecretsManager(settings);
  const { ARN: secretArn = "" } = await secrets.createSecret({ Name: "db", SecretString: '{"user":"admin"}' });
  await secrets.putSecretValue({ SecretId: "db", SecretString: '{"user":"root"}' });
  const template = {
    Resources: { Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "news" } } },
    Outputs: { Name: { Value: "news", Export: { Name: "queue-name" } } },
  };
  await new CloudFormation(settings).createStack({ StackName: "theirs", TemplateBody: JSON.stringify(template) });

  const aws = await connect({ ...settings, endpointUrl: settings.endpoint, environment: {} });
  const values = await Promise.all([
    aws.input({ kind: "ssm-secure", name: "/db/password", version: "1", place }),
    aws.input({ kind: "secretsmanager", name: "db", secret: { jsonKey: "user" }, place }),
    aws.input({
      kind: "secretsmanager",
      name: secretArn,
      secret: { jsonKey: "user", versionStage: "AWSPREVIOUS" },
      place,
    }),
    aws.input({ kind: "export", name: "queue-name", place }),
    aws.input({ kind: "stack-output", name: "Name", stack: { name: "theirs" }, place }),
  ]);
  expect(values.map(({ value }) => value)).toEqual(["pw", "root", "admin", "news", "news"]);
  await expect(
    aws.input({ kind: "stack-output", name: "Name", stack: { name: "nobody" }, place }),
  ).rejects.toMatchObject({ diagnostics: [{ code: "import.undefined" }] });
}, 60_000);
