export { type Resources, resources } from "./arbitraries.ts";
export {
  type ContractCase,
  type ContractOptions,
  type ContractProcess,
  type ContractWorld,
  describeResourceType,
  type Mutation,
} from "./contract.ts";
export { changesOf, memoryEngine, type RunOptions, reconcileInMemory, stackOf } from "./harness.ts";
export { Crash, createMemoryCloud, type Kill, type MemoryCloud, Refusal } from "./memory-cloud.ts";
export { memoryTypes } from "./memory-types.ts";
