import type { InputRequest } from "../template/model.ts";

/** The key under which an outside value is kept, and the name of it as the source of an Unknown: as a dynamic reference writes it. */
export function inputKey({ kind, name, version, secret, stack }: Omit<InputRequest, "place">): string {
  if (stack) {
    // Stacks of one name in two accounts differ by nothing but the role by which they are read.
    const at = [stack.region, stack.roleArn].filter((each) => each !== undefined).map((each) => `@${each}`);
    return `${kind}:${stack.name}.${name}${at.join("")}`;
  }
  const part = secret ? ["SecretString", secret.jsonKey, secret.versionStage, secret.versionId] : [version];
  return [kind, name, ...part].join(":").replace(/:+$/, "");
}
