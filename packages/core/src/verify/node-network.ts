import { createHash, X509Certificate } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { connect, isIP } from "node:net";
import { checkServerIdentity, connect as connectTls, type TLSSocket } from "node:tls";
import type { Handshake, HttpAnswer, HttpRequest, Limits, Network } from "./network.ts";

const mostBytes = 1 << 20;

/** The network of this machine. `ca`: authorities to trust instead of Node's own, in PEM; NODE_EXTRA_CA_CERTS adds some to those. */
export function createNetwork(options: { ca?: string } = {}): Network {
  return { http: askWeb, tcp, dns, tls: (target, limits) => shakeHands(target, limits, options.ca) };
}

/**
 * Ends what `act` does when its time is over or the run is interrupted. With a timer that is held here: a signal of `AbortSignal.timeout` inside one of `AbortSignal.any` is
 * held by nothing, and is forgotten when memory is collected; what waits for it then waits for ever.
 */
async function within<T>({ timeout, signal }: Limits, act: (end: AbortSignal) => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(new DOMException("The time is over.", "TimeoutError")), timeout);
  const interrupt = () => end.abort(signal?.reason);
  signal?.addEventListener("abort", interrupt, { once: true });
  try {
    return await act(end.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", interrupt);
  }
}

async function askWeb({ url, method, headers, body }: HttpRequest, limits: Limits): Promise<HttpAnswer> {
  return within(limits, async (signal) => {
    const response = await fetch(url, {
      method,
      headers: { "user-agent": "reconcile", ...headers },
      redirect: "manual",
      signal,
      ...(body !== undefined && { body }),
    });
    const { status } = response;
    return { status, headers: Object.fromEntries(response.headers), body: await beginningOf(response) };
  });
}

/** A stream without an end would otherwise be read until the time is over. */
async function beginningOf(response: Response): Promise<string> {
  if (!response.body) return "";
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= mostBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, mostBytes).toString("utf8");
}

async function tcp({ host, port }: { host: string; port: number }, limits: Limits): Promise<void> {
  const socket = connect({ host, port });
  try {
    await within(limits, (signal) => once(socket, "connect", { signal }));
  } finally {
    socket.destroy();
  }
}

const dns: Network["dns"] = async ({ name, type, server }, limits) => {
  const resolver = new Resolver({ timeout: limits.timeout, tries: 1 });
  if (server !== undefined) resolver.setServers([server]);
  return within(limits, async (end) => {
    end.addEventListener("abort", () => resolver.cancel(), { once: true });
    try {
      return await records(resolver, name, type);
    } catch (error) {
      // There is no such name, or it has no records of that type: an answer like any other.
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOTFOUND" || code === "ENODATA") return [];
      throw end.aborted ? end.reason : error;
    }
  });
};

async function records(
  resolver: Resolver,
  name: string,
  type: Parameters<Network["dns"]>[0]["type"],
): Promise<string[]> {
  switch (type) {
    case "MX":
      return (await resolver.resolveMx(name)).map((each) => `${each.priority} ${each.exchange}`);
    case "SRV":
      return (await resolver.resolveSrv(name)).map(
        (each) => `${each.priority} ${each.weight} ${each.port} ${each.name}`,
      );
    case "TXT":
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(""));
    default:
      return (await resolver.resolve(name, type)) as string[];
  }
}

async function shakeHands(
  { host, port, hostName }: { host: string; port: number; hostName: string },
  limits: Limits,
  ca: string | undefined,
): Promise<Handshake> {
  const socket = connectTls({
    host,
    port,
    // An address is no server name.
    ...(isIP(hostName) === 0 && { servername: hostName }),
    // Looked at below: what is wrong with a certificate is what is asked.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(ca !== undefined && { ca }),
  });
  try {
    await within(limits, (signal) => once(socket, "secureConnect", { signal }));
    return handshakeOf(socket, hostName);
  } finally {
    socket.destroy();
  }
}

function handshakeOf(socket: TLSSocket, hostName: string): Handshake {
  const peer = socket.getPeerCertificate();
  const certificate = new X509Certificate(peer.raw);
  const key = certificate.publicKey.export({ type: "spki", format: "der" });
  const problem = socket.authorizationError as Error | string | null;
  return {
    subject: certificate.subject ?? "",
    issuer: certificate.issuer,
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    publicKey: `sha256//${createHash("sha256").update(key).digest("base64")}`,
    ...(problem && { chainProblem: typeof problem === "string" ? problem : problem.message }),
    isForHost: checkServerIdentity(hostName, peer) === undefined,
  };
}
