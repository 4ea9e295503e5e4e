import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { generate } from "selfsigned";
import { afterEach, describe, expect, test } from "vitest";
import { unreachable } from "./failures.ts";
import { createNetwork } from "./node-network.ts";

const limits = { timeout: 5000 };
const network = createNetwork();
const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function portOf(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("the web", () => {
  test("is asked with method, headers and body, and answers with status, headers and body", async () => {
    const server = createServer(async (request, response) => {
      const body = await request.toArray();
      response.writeHead(418, { "X-Agent": `${request.headers["user-agent"]}`, Connection: "close" });
      response.end(`${request.method} ${request.headers["x-key"]} ${body.join("")}`);
    });
    const url = `http://127.0.0.1:${await portOf(server)}/`;
    const answer = await network.http({ url, method: "POST", headers: { "X-Key": "k" }, body: "hello" }, limits);
    expect([answer.status, answer.headers["x-agent"], answer.body]).toEqual([418, "reconcile", "POST k hello"]);
  });

  test("an answer may have no body", async () => {
    const server = createServer((_, response) => response.writeHead(204, { Connection: "close" }).end());
    const url = `http://127.0.0.1:${await portOf(server)}/`;
    expect(await network.http({ url, method: "GET", headers: {} }, limits)).toMatchObject({ status: 204, body: "" });
  });

  test("a redirect is an answer; of a body without an end only the beginning is read", async () => {
    const server = createServer((request, response) => {
      if (request.url === "/moved") response.writeHead(302, { Location: "/", Connection: "close" }).end();
      else {
        const write = (): void => {
          if (!response.destroyed) response.write("x".repeat(1 << 18), write);
        };
        write();
      }
    });
    const url = `http://127.0.0.1:${await portOf(server)}`;
    const moved = await network.http({ url: `${url}/moved`, method: "GET", headers: {} }, limits);
    expect([moved.status, moved.headers.location]).toEqual([302, "/"]);
    const endless = await network.http({ url, method: "GET", headers: {} }, limits);
    expect(endless.body).toHaveLength(1 << 20);
  });

  test("one that does not answer in time, and one that is not there", async () => {
    const server = createServer(() => {});
    const url = `http://127.0.0.1:${await portOf(server)}`;
    const late = network.http({ url, method: "GET", headers: {} }, { timeout: 50 });
    await expect(late).rejects.toMatchObject({ name: "TimeoutError" });
    const gone = `http://127.0.0.1:${await closedPort()}`;
    await expect(network.http({ url: gone, method: "GET", headers: {} }, limits)).rejects.toMatchObject({
      cause: { code: "ECONNREFUSED" },
    });
    server.closeAllConnections();
  });
});

/** Collects memory, again and again. */
function collecting(): { close(): void } {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const timer = setInterval(collect, 5);
  return { close: () => clearInterval(timer) };
}

test("the time of what does not answer is over, also where memory is collected in the meantime", async () => {
  const port = await portOf(createTcpServer());
  const silent = createSocket("udp4").bind(0, "127.0.0.1");
  await once(silent, "listening");
  open.push(silent, collecting());
  const short = { timeout: 100 };
  const [host, server] = ["127.0.0.1", `127.0.0.1:${silent.address().port}`];
  const asked = [
    network.http({ url: `http://${host}:${port}`, method: "GET", headers: {} }, short),
    network.tls({ host, port, hostName: "a.test" }, short),
    network.dns({ name: "a.test", type: "A", server }, short),
  ];
  const found = await Promise.all(asked.map((each) => each.catch((error) => unreachable(error, 100).message)));
  expect(found).toEqual(Array(3).fill("no answer within 0.1 s"));
});

describe("a port", () => {
  test("accepts connections, or refuses them", async () => {
    const port = await portOf(createTcpServer((socket) => socket.destroy()));
    await expect(network.tcp({ host: "127.0.0.1", port }, limits)).resolves.toBeUndefined();
    const closed = network.tcp({ host: "127.0.0.1", port: await closedPort() }, limits);
    await expect(closed).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("whoever interrupts is not kept waiting", async () => {
    const port = await portOf(createTcpServer());
    const signal = AbortSignal.abort();
    await expect(network.tcp({ host: "127.0.0.1", port }, { ...limits, signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

describe("names", () => {
  /** A name server that does this with every question. */
  async function listening(onQuestion: (question: Buffer, reply: (answer: Buffer) => void) => void): Promise<string> {
    const socket = createSocket("udp4");
    open.push(socket);
    socket.on("message", (question, { port, address }) =>
      onQuestion(question, (answer) => socket.send(answer, port, address)),
    );
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return `127.0.0.1:${socket.address().port}`;
  }

  /** A name server that has one answer for every question: a record of that type with these bytes, or none. */
  function nameServer(type: number, data: Buffer | undefined): Promise<string> {
    return listening((question, reply) => {
      const name = question.subarray(12, question.indexOf(0, 12) + 5);
      const head = Buffer.from([...question.subarray(0, 2), 0x81, 0x80, 0, 1, 0, data ? 1 : 0, 0, 0, 0, 0]);
      const record = data
        ? Buffer.concat([Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]), data])
        : Buffer.of();
      reply(Buffer.concat([head, name, record]));
    });
  }
  const label = (text: string): number[] => [text.length, ...Buffer.from(text)];
  const host = [...label("mail"), ...label("test"), 0];

  test.each([
    ["A", 1, [192, 0, 2, 1], "192.0.2.1"],
    ["CNAME", 5, host, "mail.test"],
    ["MX", 15, [0, 10, ...host], "10 mail.test"],
    ["TXT", 16, [...label("a="), ...label("b")], "a=b"],
    ["SRV", 33, [0, 1, 0, 2, 1, 187, ...host], "1 2 443 mail.test"],
  ] as const)("a record %s is a text", async (type, number, data, text) => {
    const server = await nameServer(number, Buffer.from(data));
    expect(await network.dns({ name: "a.test", type, server }, limits)).toEqual([text]);
  });

  test("a name without records has none", async () => {
    const server = await nameServer(1, undefined);
    expect(await network.dns({ name: "a.test", type: "A", server }, limits)).toEqual([]);
  });

  test("a name server that refuses is a failure", async () => {
    const server = await listening((question, reply) => {
      const head = Buffer.from([...question.subarray(0, 2), 0x81, 0x85, 0, 1, 0, 0, 0, 0, 0, 0]);
      reply(Buffer.concat([head, question.subarray(12)]));
    });
    const refused = network.dns({ name: "a.test", type: "A", server }, limits);
    await expect(refused).rejects.toMatchObject({ code: "EREFUSED" });
  });

  test("whoever interrupts is not kept waiting, before the question or after it", async () => {
    const abort = new AbortController();
    const server = await listening(() => abort.abort());
    const ask = () => network.dns({ name: "a.test", type: "A", server }, { ...limits, signal: abort.signal });
    await expect(ask()).rejects.toMatchObject({ name: "AbortError" });
    await expect(ask()).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("a certificate", () => {
  async function tlsPort(names: string[], days: number) {
    const notBeforeDate = new Date("2026-01-01T00:00:00Z");
    const { private: key, cert } = await generate([{ name: "commonName", value: names[0] ?? "" }], {
      keyType: "ec",
      notBeforeDate,
      notAfterDate: new Date(notBeforeDate.getTime() + days * 86_400_000),
      extensions: [{ name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) }],
    });
    return { port: await portOf(createTlsServer({ key, cert })), cert };
  }

  test("is read whatever it is, with who trusts it and whom it is for", async () => {
    const { port, cert } = await tlsPort(["a.test"], 3650);
    const target = { host: "127.0.0.1", port, hostName: "a.test" };
    const shake = await network.tls(target, limits);
    expect(shake).toMatchObject({
      subject: "CN=a.test",
      issuer: "CN=a.test",
      validFrom: new Date("2026-01-01T00:00:00Z"),
      validTo: new Date("2035-12-30T00:00:00Z"),
      publicKey: expect.stringMatching(/^sha256\/\/[A-Za-z0-9+/]{43}=$/),
      chainProblem: "DEPTH_ZERO_SELF_SIGNED_CERT",
      isForHost: true,
    });
    const trusting = createNetwork({ ca: cert });
    expect(await trusting.tls(target, limits)).not.toHaveProperty("chainProblem");
    expect((await trusting.tls({ ...target, hostName: "b.test" }, limits)).isForHost).toBe(false);
    expect((await trusting.tls({ ...target, hostName: "127.0.0.1" }, limits)).isForHost).toBe(false);
  });

  test("one that has expired is read as well", async () => {
    const { port } = await tlsPort(["a.test"], 1);
    const { validTo } = await network.tls({ host: "127.0.0.1", port, hostName: "a.test" }, limits);
    expect(validTo).toEqual(new Date("2026-01-02T00:00:00Z"));
  });
});
