import type { InputRequest } from "../template/model.ts";

/** The key under which an outside value is kept, and the name of it as the source of an Unknown: as a dynamic reference writes it. */
export function inputKey({ kind, name, version, secret, stack }: Omit<InputRequest, "place">): string {
  if (stack) return `${kind}:${stack.name}.${name}${stack.region === undefined ? "" : `@${stack.region}`}`;
  const part = secret ? ["SecretString", secret.jsonKey, secret.versionStage, secret.versionId] : [version];
  return [kind, name, ...part].join(":").replace(/:+$/, "");
}
