// For the tests of this folder only.
import type { Diagnostic } from "../../diagnostic.ts";
import { createRegistry } from "../../resource/registry.ts";
import { load } from "../fixture.ts";
import type { Specification } from "../specification.ts";
import { validateStacks } from "../validate.ts";

/** Knows every type, and nothing of it but that it takes anything. */
export const specification: Specification = {
  has: () => true,
  nearestType: () => undefined,
  resource: () => undefined,
  propertyAt: () => undefined,
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
