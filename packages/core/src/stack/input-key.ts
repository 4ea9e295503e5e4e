import type { InputRequest } from "../template/model.ts";

/** The key under which an outside value is kept, and the name of it as the source of an Unknown. */
export function inputKey(request: Omit<InputRequest, "place">): string {
  return `${request.kind}:${request.name}${request.version === undefined ? "" : `:${request.version}`}`;
}
