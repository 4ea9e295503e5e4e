export { type Resources, resources } from "./arbitraries.ts";
export { describeResourceType } from "./contract.ts";
export type { ContractCase, ContractOptions, ContractProcess, ContractWorld, Mutation } from "./contract-model.ts";
export { changesOf, memoryEngine, type RunOptions, reconcileInMemory, stackOf } from "./harness.ts";
export { Crash, createMemoryCloud, type Kill, type MemoryCloud, Refusal } from "./memory-cloud.ts";
export { memoryTypes } from "./memory-types.ts";
