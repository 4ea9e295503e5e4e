import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Between a command and AWS: counts the mutating requests, and at one of them has somebody killed. */
export interface DeadlyProxy {
  endpoint: string;
  close(): void;
}

export interface DeadlyOptions {
  /** Of AWS. */
  endpoint: string;
  /** From 1; undefined: at none. */
  at?: number;
  /** Is the request on its way when it happens? Its answer comes to nobody. */
  answer?: "never-sent" | "lost";
  kill?(): void;
}

export async function openDeadlyProxy(options: DeadlyOptions): Promise<DeadlyProxy> {
  const { endpoint, at, answer, kill } = options;
  let mutations = 0;

  async function pass(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const isHere = isMutating(asked, body.toString("latin1")) && ++mutations === at;
    if (isHere && answer === "never-sent") return kill?.();
    const { method, headers, url } = asked;
    const sent = request(new URL(url ?? "/", endpoint), { ...(method && { method }), headers }, (answered) => {
      if (isHere) {
        answered.resume();
        answered.on("end", () => kill?.());
        return;
      }
      reply.writeHead(answered.statusCode ?? 500, answered.headers);
      answered.pipe(reply);
    });
    // Whoever asked may be dead.
    sent.on("error", () => reply.destroy());
    sent.end(body);
  }

  const server = createServer((asked, reply) => void pass(asked, reply).catch(() => reply.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function isMutating({ method, headers }: IncomingMessage, body: string): boolean {
  const target = headers["x-amz-target"];
  const operation = typeof target === "string" ? target.split(".")[1] : new URLSearchParams(body).get("Action");
  return operation ? !/^(?:Assume|BatchGet|Describe|Get|List)/.test(operation) : method !== "GET";
}
