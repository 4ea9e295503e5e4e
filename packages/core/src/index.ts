export {
  type AddressEdit,
  type AllowedAddress,
  allowAddress,
  cidrOf,
  isLabel,
  listAddresses,
  revokeAddress,
} from "./addresses/addresses.ts";
export type { BookkeepingOptions } from "./apply/bookkeeping.ts";
export type { Clock } from "./apply/clock.ts";
export { type HeadRecord, historyIn, type Source, type StackRecord, stacksIn } from "./apply/head-record.ts";
export type { LeaseClock } from "./apply/lease.ts";
export { type Ledger, type LedgerEntry, ledgerPath } from "./apply/ledger.ts";
export * from "./apply/model.ts";
export { outputsOf } from "./apply/outputs.ts";
export { parseApproval } from "./approval/approval.ts";
export * from "./diagnostic.ts";
export * from "./editor/index.ts";
export { createEngine, type EngineOptions, type Prepared } from "./engine.ts";
export * from "./partition.ts";
export { canonicalProperties, elementKey } from "./plan/canonical.ts";
export { diff } from "./plan/diff.ts";
export { liveAttribute } from "./plan/environment.ts";
export type { FoundBase } from "./plan/found-base.ts";
export { linksOffline, type OfflineLinks } from "./plan/links-offline.ts";
export * from "./plan/model.ts";
export type { ObserveOptions, StackWorld } from "./plan/observe.ts";
export type { WholeProject } from "./plan/orphan-stacks.ts";
export * from "./pointer.ts";
export * from "./report/index.ts";
export * from "./resource/annotations.ts";
export * from "./resource/define.ts";
export * from "./resource/model.ts";
export * from "./resource/owner.ts";
export * from "./resource/registry.ts";
export * from "./resource/shape.ts";
export * from "./scaffold/index.ts";
export * from "./stack/index.ts";
export * from "./template/index.ts";
export * from "./validate/index.ts";
export * from "./value.ts";
export type * from "./verify/model.ts";
export type { Handshake, HttpAnswer, HttpRequest, Limits, Network } from "./verify/network.ts";
export { createNetwork } from "./verify/node-network.ts";
