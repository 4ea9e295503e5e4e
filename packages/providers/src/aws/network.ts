import type { HttpHandler } from "@smithy/core/protocols";

/** Requests under way at a time, over all services. AWS's own rates allow hardly more; the limit is here because the SDK counts waiting for a socket as connecting. */
export const parallelRequests = 50;

/** Connections that all clients of a run share. */
export async function createNetwork(): Promise<HttpHandler> {
  const { NodeHttpHandler } = await import("@smithy/node-http-handler");
  const agent = { keepAlive: true, maxSockets: parallelRequests };
  return new NodeHttpHandler({
    httpAgent: agent,
    httpsAgent: agent,
    connectionTimeout: 5000,
    requestTimeout: 60_000,
    throwOnRequestTimeout: true,
  });
}
