import type { Stack } from "../stack/model.ts";
import type { ResourceDeclaration } from "../template/model.ts";
import { withResources } from "./with-resources.ts";

/** How many days before the last one a plan begins to say so. */
const horizon = 14;

/** Days as `2030-01-31`, UTC: as text they compare as they follow one another. */
export function isExpired({ reconcile }: Pick<ResourceDeclaration, "reconcile">, today: string): boolean {
  return reconcile.expires !== undefined && reconcile.expires < today;
}

/** What is past its last day counts as not declared. */
export function withoutExpired(
  stack: Stack,
  today: string,
): { stack: Stack; expired: ReadonlyMap<string, ResourceDeclaration> } {
  const { resources } = stack.template;
  const expired = new Map([...resources].filter(([, each]) => isExpired(each, today)));
  if (expired.size === 0) return { stack, expired };
  const present = [...resources].filter(([id]) => !expired.has(id));
  return { stack: withResources(stack, present), expired };
}

/** `expires in 6 days`; undefined: nothing to say yet. */
export function expiryNote({ reconcile }: Pick<ResourceDeclaration, "reconcile">, today: string): string | undefined {
  const { expires } = reconcile;
  if (expires === undefined) return undefined;
  const days = Math.round((Date.parse(expires) - Date.parse(today)) / 86_400_000);
  if (days > horizon) return undefined;
  return `expires ${days === 0 ? "today" : days === 1 ? "tomorrow" : `in ${days} days`} (${expires}, UTC)`;
}
