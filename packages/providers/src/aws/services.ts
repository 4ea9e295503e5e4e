import type { CloudFormation } from "@aws-sdk/client-cloudformation";
import type { CloudFront } from "@aws-sdk/client-cloudfront";
import type { EC2 } from "@aws-sdk/client-ec2";
import type { ECR } from "@aws-sdk/client-ecr";
import type { IAM } from "@aws-sdk/client-iam";
import type { ResourceGroupsTaggingAPI } from "@aws-sdk/client-resource-groups-tagging-api";
import type { SecretsManager } from "@aws-sdk/client-secrets-manager";
import type { SSM } from "@aws-sdk/client-ssm";
import type { STS } from "@aws-sdk/client-sts";
import type { HttpHandler } from "@smithy/core/protocols";
import type { AwsCredentialIdentityProvider, Pluggable, RetryStrategyV2 } from "@smithy/types";
import type { Variables } from "./credentials.ts";
import { isMutating, operationNamed } from "./operations.ts";
import { refuseWebPages } from "./web-page.ts";

/**
 * What can be called on a service: every operation by its name in lower camel case, and the SDK's waiters. Its paginators are left out, because they end quietly
 * or never when a token repeats: `pages` does not.
 */
type Operations<Client> = {
  [Name in keyof Client as Name extends
    | "config"
    | "destroy"
    | "initConfig"
    | "middlewareStack"
    | "send"
    | `paginate${string}`
    ? never
    : Name]: Client[Name];
};

/** The services that resource types call, by the prefix of their IAM actions (`tagging` is the Resource Groups Tagging API, whose prefix is `tag`). */
export interface Services {
  cloudformation: Operations<CloudFormation>;
  cloudfront: Operations<CloudFront>;
  ec2: Operations<EC2>;
  ecr: Operations<ECR>;
  iam: Operations<IAM>;
  secretsmanager: Operations<SecretsManager>;
  ssm: Operations<SSM>;
  sts: Operations<STS>;
  tagging: Operations<ResourceGroupsTaggingAPI>;
}

export type ServiceName = keyof Services;

/** A service is one line here and one in `Services`. Loading one takes 0.1 s (ec2: 0.4 s), so each waits for its first call. */
const classes = {
  cloudformation: async () => (await import("@aws-sdk/client-cloudformation")).CloudFormation,
  cloudfront: async () => (await import("@aws-sdk/client-cloudfront")).CloudFront,
  ec2: async () => (await import("@aws-sdk/client-ec2")).EC2,
  ecr: async () => (await import("@aws-sdk/client-ecr")).ECR,
  iam: async () => (await import("@aws-sdk/client-iam")).IAM,
  secretsmanager: async () => (await import("@aws-sdk/client-secrets-manager")).SecretsManager,
  ssm: async () => (await import("@aws-sdk/client-ssm")).SSM,
  sts: async () => (await import("@aws-sdk/client-sts")).STS,
  tagging: async () => (await import("@aws-sdk/client-resource-groups-tagging-api")).ResourceGroupsTaggingAPI,
} satisfies Record<ServiceName, () => Promise<new (settings: ClientSettings) => object>>;

/** The name by which `AWS_ENDPOINT_URL_<NAME>` knows a service, where it is not the service's own in capitals. */
const endpointNames: Partial<Record<ServiceName, string>> = {
  secretsmanager: "SECRETS_MANAGER",
  tagging: "RESOURCE_GROUPS_TAGGING_API",
};

/** The endpoint that the environment names for a service; undefined: AWS's own, or that of the profile. */
export function endpointFor(service: ServiceName, environment: Variables): string | undefined {
  if (environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === "true") return undefined;
  const name = endpointNames[service] ?? service.toUpperCase();
  return environment[`AWS_ENDPOINT_URL_${name}`] || environment.AWS_ENDPOINT_URL || undefined;
}

/** What a client of the SDK is made with. */
export interface ClientSettings {
  region: string;
  credentials: AwsCredentialIdentityProvider;
  endpoint?: string;
  profile?: string;
  requestHandler: HttpHandler;
  retryStrategy: RetryStrategyV2;
}

export interface ServiceOptions {
  settings(): ClientSettings;
  plugin: Plugin;
  /** Ends reads. A write that is under way is never cut off, because nobody would know whether it happened. */
  signal: AbortSignal | undefined;
}

type Plugin = Pluggable<object, object>;
type Method = (...input: unknown[]) => Promise<unknown>;
type Client = Record<string, Method> & { middlewareStack: { use(plugin: Plugin): void } };

/** All services; each loads and makes its client at its first call. */
export function createServices(optionsFor: (service: ServiceName) => ServiceOptions): Services {
  const names = Object.keys(classes) as ServiceName[];
  return Object.fromEntries(names.map((name) => [name, createService(name, optionsFor(name))])) as unknown as Services;
}

function createService(name: ServiceName, { settings, plugin, signal }: ServiceOptions): object {
  let client: Promise<Client> | undefined;
  async function load(): Promise<Client> {
    const made = new (await classes[name]())(settings()) as unknown as Client;
    made.middlewareStack.use(plugin);
    made.middlewareStack.use(refuseWebPages);
    return made;
  }
  function method(operation: string): Method {
    return async (input = {}, options = {}) => {
      client ??= load();
      const loaded = await client;
      if (typeof loaded[operation] !== "function") throw new TypeError(`${name} has no operation "${operation}".`);
      const stop = signal && !isMutating(name, operationNamed(operation)) ? { abortSignal: signal } : {};
      // A waiter takes its longest time in seconds as a number.
      const more = typeof options === "number" ? { maxWaitTime: options } : (options as object);
      return loaded[operation](input, { ...stop, ...more });
    };
  }
  const methods = new Map<string, Method>();
  return new Proxy(
    {},
    {
      get(_, operation) {
        // A promise that resolves to this would otherwise ask AWS for an operation "then".
        if (typeof operation !== "string" || operation === "then") return undefined;
        const known = methods.get(operation) ?? method(operation);
        methods.set(operation, known);
        return known;
      },
    },
  );
}
