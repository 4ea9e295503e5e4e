import { InvalidArgumentError } from "commander";
import { UsageError } from "./usage.ts";

export type Format = "text" | "json" | "markdown" | "sarif" | "github";

/** As commander gives them: what every command has. */
export interface CommonFlags {
  color: boolean;
  debug: boolean;
}

/** What commands with a result have. */
export interface FileFlags extends CommonFlags {
  output?: string;
}

export interface OutputFlags extends FileFlags {
  format: Format;
}

export interface SchemaFlags extends FileFlags {
  type: readonly string[];
}

export interface SandboxFlags extends OutputFlags {
  port?: number;
}

export interface InitFlags extends CommonFlags {
  project?: string;
  stack?: string;
  example?: string;
  region?: string;
  account?: string;
  workflows: boolean;
  yes: boolean;
}

/** What every command that reads the desired state has. */
export interface LoadFlags extends OutputFlags {
  stack: readonly string[];
  /** Go on without what is not supported. */
  skipUnsupported?: boolean;
  /** Read the desired state at this commit. */
  ref?: string;
}

export interface PolicyFlags extends LoadFlags {
  plan: boolean;
  apply: boolean;
  github?: string;
  branch?: string;
  environment?: string;
  region?: string;
}

export interface ValidateFlags extends LoadFlags {
  cloudformation: boolean;
}

export interface AwsFlags extends LoadFlags {
  region?: string;
  profile?: string;
  endpointUrl?: string;
  sandbox: boolean;
  parallelism: number;
  /** Milliseconds. */
  timeout?: number;
}

/** Of commands that take the stacks. */
export interface LockFlags extends AwsFlags {
  /** Milliseconds. */
  lockTimeout?: number;
  leaseTime?: number;
}

/** What was asked for of the lock. */
export function lockOf({ lockTimeout, leaseTime }: LockFlags): Pick<LockFlags, "lockTimeout" | "leaseTime"> {
  return { ...(lockTimeout !== undefined && { lockTimeout }), ...(leaseTime !== undefined && { leaseTime }) };
}

export interface DriftFlags extends AwsFlags {
  all: boolean;
}

export interface PlanFlags extends AwsFlags {
  base?: string;
  all: boolean;
  allowDelete: readonly string[];
  abandon: readonly string[];
  pruneStacks: boolean;
  refreshInputs: boolean;
  strict: boolean;
}

export interface ApplyFlags extends PlanFlags, LockFlags {
  plan: boolean;
  planFile?: string;
  yes: boolean;
}

export interface DestroyFlags extends LockFlags {
  confirm: readonly string[];
  allowDelete: readonly string[];
  all: boolean;
}

export interface AddressFlags extends FileFlags {
  group?: string;
  port?: number;
  label?: string;
  /** The last day, UTC: 2030-01-31. */
  expires?: string;
}

/** A day, or so many days from now: `2030-01-31`, `7d`. */
export function dayOf(text: string): string {
  const [, days] = /^(\d{1,4})d$/.exec(text) ?? [];
  const day = days === undefined ? new Date(`${text}T00:00:00Z`) : new Date(Date.now() + Number(days) * 86_400_000);
  const written = Number.isNaN(day.getTime()) ? "" : day.toISOString().slice(0, 10);
  if (days === undefined && written !== text) {
    throw new UsageError(
      `--expires "${text}" is not a day.`,
      "write it as in 2030-01-31, or as 7d for seven days from now",
    );
  }
  if (written < new Date().toISOString().slice(0, 10))
    throw new UsageError(`--expires "${text}" is a day that is over.`, "name today, or a day that is to come");
  return written;
}

/** For options that may be repeated, and may have several values with commas between them. */
export function several(text: string, before: readonly string[]): readonly string[] {
  const values = text.split(",").map((part) => part.trim());
  if (values.includes("")) throw new InvalidArgumentError("There is an empty name in it.");
  return [...before, ...values];
}

/** A whole number from 1 to 100. */
export function parallelismOf(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 100) return value;
  throw new InvalidArgumentError("It is a whole number from 1 to 100.");
}

/** Seconds, as milliseconds. */
export function secondsOf(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value <= 86_400) return value * 1000;
  throw new InvalidArgumentError("It is a number of seconds from 0 to 86400.");
}

/** A region's name: three parts or more. It becomes a part of host names, so nothing else may be in it. */
export function regionOf(text: string): string {
  if (/^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}$/.test(text)) return text;
  throw new UsageError(`--region "${text}" is not the name of a region.`, "write it as in us-east-1");
}

/** `OWNER/REPO`. */
export function repositoryOf(text: string): string {
  if (/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/.test(text)) return text;
  throw new UsageError(`--github "${text}" is not the name of a repository.`, "write it as OWNER/REPO");
}

/** An address with http or https. */
export function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return text;
  throw new UsageError(`--endpoint-url "${text}" is not a URL.`, "write it as in http://127.0.0.1:5000");
}

/** A TCP port. */
export function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError("It is a number from 1 to 65535.");
}
