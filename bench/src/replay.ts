// Stands between a client and the emulator. While it records, it passes everything on and keeps the answers; then it gives them again at once, so that what a plan takes
// beyond the server's own time can be measured with real requests. Argument: the emulator's endpoint. Prints its own.
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

interface Answer {
  status: number;
  type: string | undefined;
  body: Buffer;
}

const [upstream = ""] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const answers = new Map<string, Answer>();
let recording = true;
let misses = 0;

const server = createServer(async (incoming, outgoing) => {
  const body = await bodyOf(incoming);
  if (incoming.url === "/bench/replay") recording = false;
  if (incoming.url?.startsWith("/bench/"))
    return respond(outgoing, { status: 200, type: "text/plain", body: Buffer.from(String(misses)) });
  const key = `${incoming.method} ${incoming.url} ${incoming.headers["x-amz-target"] ?? ""} ${body}`;
  const known = recording ? undefined : answers.get(key);
  if (!known && !recording) misses += 1;
  const answer = known ?? (await ask(incoming, body));
  answers.set(key, answer);
  respond(outgoing, answer);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
// It ends with whoever started it.
process.stdin.on("end", () => process.exit()).resume();

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function ask({ method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${upstream}${url}`, { method, headers, agent }, async (response) => {
      resolve({
        status: response.statusCode ?? 500,
        type: response.headers["content-type"],
        body: await bodyOf(response),
      });
    });
    outgoing.on("error", reject).end(body);
  });
}

function respond(outgoing: ServerResponse, { status, type, body }: Answer): void {
  outgoing.writeHead(status, { ...(type && { "content-type": type }), "content-length": body.length }).end(body);
}
