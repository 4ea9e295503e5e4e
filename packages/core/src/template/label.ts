import type { ResourceDeclaration } from "./model.ts";

/** How diagnostics name a resource: `AppInstance (AWS::EC2::Instance)`. */
export function resourceLabel(declaration: Pick<ResourceDeclaration, "logicalId" | "type">): string {
  return declaration.type === "" ? declaration.logicalId : `${declaration.logicalId} (${declaration.type})`;
}
