import type { ResourceType } from "../resource/model.ts";
import { resourceLabel } from "../template/label.ts";

/** How diagnostics name a resource whose type is known: `AppInstance (AWS::EC2::Instance)`. */
export function labelOf({ logicalId, type }: { logicalId: string; type: Pick<ResourceType, "type"> }): string {
  return resourceLabel({ logicalId, type: type.type });
}
