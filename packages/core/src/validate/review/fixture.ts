// For the tests of this folder only.
import type { Diagnostic } from "../../diagnostic.ts";
import { createRegistry } from "../../resource/registry.ts";
import { load } from "../fixture.ts";
import type { Specification } from "../specification.ts";
import { validateStacks } from "../validate.ts";

const subnet = [{ type: "AWS::EC2::Subnet", property: "SubnetId" }];

/** What properties of any type take. */
const takes: Readonly<Record<string, readonly { type: string; property: string }[]>> = {
  "/SubnetId": subnet,
  "/SubnetIds": subnet,
  "/Role": [{ type: "AWS::IAM::Role", property: "Arn" }],
  "/GroupId": [
    { type: "AWS::EC2::SecurityGroup", property: "Id" },
    { type: "AWS::EC2::VPC", property: "DefaultSecurityGroup" },
  ],
  "/Target": [...subnet, { type: "AWS::SQS::Queue", property: "Arn" }],
};

/** Knows every type, and nothing of it but that it takes anything. */
export const specification: Specification = {
  has: () => true,
  nearestType: () => undefined,
  resource: () => undefined,
  propertyAt: (_, path) => ({ references: takes[path] }),
  propertiesAt: () => undefined,
  actionServices: () => ["s3", "iam", "sqs"],
  actions: (service) =>
    service === "s3" ? ["GetObject", "GetObjectAcl", "PutObject"] : service === "iam" ? ["PassRole"] : undefined,
};

/** What reviews say of a template, with the files beside it. */
export async function reviewed(template: string, more: Record<string, string> = {}): Promise<Diagnostic[]> {
  const loaded = await load({ "desired-state/t.yaml": template, ...more });
  const options = { registry: createRegistry([]), specification, environment: {}, purpose: "files" } as const;
  return validateStacks(loaded, options).filter(({ code }) => !/^(not-yet\.type|parameter\.missing)$/.test(code));
}
