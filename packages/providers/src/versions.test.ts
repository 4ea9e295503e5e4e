import { expect, it } from "vitest";
import { z } from "zod";
import { fakeAws } from "./aws/testing.ts";
import { Distribution } from "./cloudfront/distribution.ts";
import { ManagedPolicy } from "./iam/managed-policy.ts";
import { types } from "./index.ts";
import { Parameter } from "./ssm/parameter.ts";

// A saved plan says by a version whether a secret has moved, and never by the secret or a hash of it. Where AWS has no version, it says that it does not know.

it("every type with places that are secret by themselves tells a version", () => {
  const secret = types.filter(({ properties, secrets }) => {
    const schema = JSON.stringify(z.toJSONSchema(properties, { io: "input", unrepresentable: "any" }));
    return secrets !== undefined || schema.includes('"sensitive":true');
  });
  expect(secret.map(({ type }) => type)).toEqual([Distribution.type, Parameter.type]);
});

it("a distribution's is its ETag", async () => {
  const { aws } = await fakeAws((operation) =>
    operation.startsWith("cloudfront:GET /2020-05-31/distribution/")
      ? {
          headers: { etag: "E2QWRUHEXAMPLE" },
          body: "<Distribution><DistributionConfig><Enabled>true</Enabled></DistributionConfig></Distribution>",
        }
      : { body: operation.startsWith("tagging:") ? {} : "<Tags><Items/></Tags>" },
  );
  expect((await Distribution.handlers.read(aws, "E1"))?.version).toBe("E2QWRUHEXAMPLE");
});

it("a parameter's is its own", async () => {
  const { aws } = await fakeAws((operation) => {
    if (operation === "ssm:DescribeParameters")
      return { body: { Parameters: [{ Name: "p", Type: "SecureString", Version: 7 }] } };
    if (operation === "ssm:GetParameters") return { body: { Parameters: [{ Name: "p", Value: "secret" }] } };
    return { body: {} };
  });
  expect((await Parameter.handlers.read(aws, "p"))?.version).toBe("7");
});

it("a policy's is that of its document: nothing else of it changes", async () => {
  const document = encodeURIComponent(JSON.stringify({ Version: "2012-10-17", Statement: [] }));
  const answers: Record<string, string> = {
    "iam:GetPolicy": "<Policy><DefaultVersionId>v3</DefaultVersionId></Policy>",
    "iam:GetPolicyVersion": `<PolicyVersion><Document>${document}</Document></PolicyVersion>`,
  };
  const { aws } = await fakeAws((operation) => {
    const name = operation.slice("iam:".length);
    return { body: `<${name}Response><${name}Result>${answers[operation] ?? ""}</${name}Result></${name}Response>` };
  });
  expect((await ManagedPolicy.handlers.read(aws, "arn:aws:iam::123456789012:policy/p"))?.version).toBe("v3");
});
