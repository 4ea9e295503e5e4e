export { type Resources, resources } from "./arbitraries.ts";
export { canaryForms } from "./canary-forms.ts";
export { describeResourceType } from "./contract.ts";
export type {
  ContractCase,
  ContractOptions,
  ContractPlace,
  ContractProcess,
  ContractWorld,
  Faults,
  Mutation,
} from "./contract-model.ts";
export { changesOf, memoryEngine, type RunOptions, reconcileInMemory, stackOf } from "./harness.ts";
export { type HostileFiles, hostileFiles } from "./hostile.ts";
export { interruptions } from "./interruptions.ts";
export { Crash, createMemoryCloud, type Kill, type MemoryCloud, Refusal } from "./memory-cloud.ts";
export { memoryTypes } from "./memory-types.ts";
export { drawn, type ProofPlace, proves, type Tried, tried } from "./proofs.ts";
export { type UnsetOutcome, unsetOutcomes } from "./unset-outcome.ts";
