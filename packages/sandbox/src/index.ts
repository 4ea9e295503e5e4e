export { sandboxAccount, sandboxEnvironment, sandboxRegion } from "./environment.ts";
export { SandboxError } from "./errors.ts";
export type { Environment } from "./folders.ts";
export {
  installSandbox,
  resetSandbox,
  type Sandbox,
  type SandboxOptions,
  type SandboxStatus,
  type StartOptions,
  sandboxStatus,
  startSandbox,
  stopSandbox,
} from "./sandbox.ts";
