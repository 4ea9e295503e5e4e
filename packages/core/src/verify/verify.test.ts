// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are CloudFormation's.
import { beforeEach, describe, expect, it } from "vitest";
import { DiagnosticError } from "../diagnostic.ts";
import { createEngine } from "../engine.ts";
import { createRegistry } from "../resource/registry.ts";
import { stackOf } from "../stack/harness.ts";
import type { Stack } from "../stack/model.ts";
import { createMemoryCloud, type MemoryCloud, Refusal } from "../testing/memory-cloud.ts";
import { memoryTypes } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";
import type { VerificationReport } from "./model.ts";
import type { Handshake, HttpAnswer, Network } from "./network.ts";

const template = `
Parameters:
  Token: { Type: String, NoEcho: true, Default: hush-hush }
Resources:
  App: { Type: Memory::Server, Properties: { Image: v1, Size: 2 } }
Outputs:
  Address: { Value: !GetAtt App.Address }
`;

const now = new Date("2026-07-01T12:00:00Z");
const certificate: Handshake = {
  subject: "CN=example.com",
  issuer: "CN=authority",
  validFrom: new Date("2026-01-01T00:00:00Z"),
  validTo: new Date("2026-12-31T00:00:00Z"),
  publicKey: `sha256//${"A".repeat(43)}=`,
  isForHost: true,
};

/** A network that says what a test wants it to, and remembers what it was asked. */
function network(answers: { http?: (HttpAnswer | Error)[]; dns?: string[]; tls?: Partial<Handshake>; tcp?: Error }) {
  const asked: unknown[] = [];
  const web = [...(answers.http ?? [])];
  const fake: Network = {
    async http(request) {
      asked.push(request);
      const answer = web.length > 1 ? web.shift() : web[0];
      if (!answer || answer instanceof Error) throw answer ?? new Error("no answer was arranged");
      return answer;
    },
    async tcp(target) {
      asked.push(target);
      if (answers.tcp) throw answers.tcp;
    },
    async dns(question) {
      asked.push(question);
      return answers.dns ?? [];
    },
    async tls(target) {
      asked.push(target);
      return { ...certificate, ...answers.tls };
    },
  };
  return { fake, asked };
}

const answer = (status: number, body = "", headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  body,
  headers,
});

function failure(code: string): Error {
  return Object.assign(new Error(`connect ${code} hush-hush.example.com`), { code });
}

let world: ReturnType<typeof createMemoryCloud>;
beforeEach(() => {
  world = createMemoryCloud();
});

function engineOptions() {
  const { cloud } = world.connect();
  return {
    registry: createRegistry(memoryTypes),
    connect: async () => cloud,
    environment: {},
    today: "2030-06-15",
    clock: world.clock,
    nonce: "n",
    parallelism: 4,
    allowDelete: [],
    revision: null,
    baseRevision: null,
  };
}

/** A stack with one check. */
function stackWith(check: string, text = template) {
  return stackOf(`stack-name: app\nchecks:\n  - name: it\n    ${check.trim().replaceAll("\n", "\n    ")}\n`, text);
}

/** Applies a stack with one check, and gives what the run says of it. */
async function run(check: string, net: Network, options: { signal?: AbortSignal } = {}, text = template) {
  const stack = await stackWith(check, text);
  const engine = createEngine({ ...engineOptions(), checks: { network: net, date: () => now }, ...options });
  const { verification } = await applied(engine, stack);
  if (!verification) throw new Error("the checks were not run");
  return verification;
}

/** Applies a stack, and gives how the run ended. */
async function applied({ prepare, run: apply }: ReturnType<typeof createEngine<MemoryCloud>>, stack: Stack) {
  const events = apply(await prepare([stack]), [stack]);
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
  }
}

function rowOf(report: VerificationReport) {
  const row = report.componentResults.find((each) => each.component === "app/checks.it");
  if (!row) throw new Error("the check is not in the report");
  return row;
}

describe("a check of the web", () => {
  it("passes when it is answered as declared, at an address made from what lives", async () => {
    const { fake, asked } = network({ http: [answer(200, '{"status":"ok"}', { "content-type": "application/json" })] });
    const report = await run(
      [
        "http:",
        '  url: !Sub "http://a.test/${Address}"',
        "  headers: { Authorization: !Ref Token }",
        "  status: [200, 204]",
        '  contains: "ok"',
        '  matches: \'"status":\\s*"o.+"\'',
        "  response-headers: { Content-Type: json }",
      ].join("\n"),
      fake,
    );
    const id = world.things()[0]?.id;
    expect(rowOf(report).message).toBe(`GET http://a.test/10.${id}.2: answered 200`);
    expect(asked).toEqual([
      { url: `http://a.test/10.${id}.2`, method: "GET", headers: { Authorization: "hush-hush" } },
    ]);
    expect([report.overallStatus, report.connectivityTests, report.timestamp, report.recommendations]).toEqual([
      "passed",
      { "app/it": true },
      "2026-07-01T12:00:00.000Z",
      [],
    ]);
    expect(report.componentResults[0]).toEqual({
      success: true,
      component: "app/App",
      message: "as declared",
      details: { type: "Memory::Server", identifier: id },
      nextSteps: [],
    });
  });

  it("waits first, and tries again as often and as far apart as it is told", async () => {
    const { fake, asked } = network({ http: [answer(503), failure("ECONNREFUSED"), answer(200)] });
    const started = world.clock.now();
    const report = await run("http: { url: http://a.test }\ndelay: 30\ninterval: 7\nretries: 3", fake);
    expect([asked.length, rowOf(report).details.tries, rowOf(report).details.durationMs]).toEqual([3, 3, 44_000]);
    expect(world.clock.now() - started).toBeGreaterThanOrEqual(44_000);
  });

  it("fails with what the last try found, and says what to do", async () => {
    const { fake, asked } = network({ http: [answer(503)] });
    const report = await run("http: { url: http://a.test }\nretries: 2", fake);
    expect([report.overallStatus, asked.length]).toEqual(["failed", 3]);
    expect(rowOf(report).message).toBe("GET http://a.test: answered 503, not 200 to 299");
    expect(report.recommendations[0]).toMatch(/^app\/checks\.it: What stands in front answers/);
  });

  it.each([
    [404, "Correct the path, or see what the application answers on."],
    [401, "Give what it asks for (headers), or allow the check's address."],
    [403, "Give what it asks for (headers), or allow the check's address."],
    [301, "Ask for the address that it leads to, or expect this status."],
    [500, "See the application's own log, or expect this status."],
  ])("says what to do about %i", async (status, advice) => {
    const report = await run("http: { url: http://a.test }\nretries: 0", network({ http: [answer(status)] }).fake);
    expect(rowOf(report).nextSteps).toEqual([advice]);
  });

  it.each([
    ["one that says nothing of the network", new TypeError("fetch failed", { cause: "text" })],
    ["a mistake of the program", new TypeError("undefined is not a function")],
  ])("rejects for what is no failure of the network: %s", async (_, thrown) => {
    const { fake } = network({});
    const broken: Network = { ...fake, http: () => Promise.reject(thrown) };
    await expect(run("http: { url: http://a.test }\nretries: 0", broken)).rejects.toBe(thrown);
  });

  it.each([
    ["status: 201", answer(200), "answered 200, not 201"],
    ["status: [201, 204]", answer(200), "answered 200, not 201 or 204"],
    ["contains: [a, b]", answer(200, "a"), 'the answer does not contain "b"'],
    ["matches: '^v\\d+$'", answer(200, "v1x"), "the answer does not match ^v\\d+$"],
    ["response-headers: { ETag: '' }", answer(200), "the answer has no header ETag"],
    ["response-headers: { ETag: x }", answer(200, "", { etag: "y" }), 'the header ETag does not contain "x"'],
    ["method: HEAD", failure("ENOTFOUND"), "the name cannot be resolved"],
    ["method: HEAD", new TypeError("fetch failed", { cause: failure("UND_ERR_SOCKET") }), "the connection was cut"],
    ["method: HEAD", failure("ERR_SSL_WRONG_VERSION_NUMBER"), "what answers there does not speak TLS"],
    ["method: HEAD", Object.assign(new Error(), { name: "TimeoutError" }), "no answer within 10 s"],
    [
      "method: HEAD",
      Object.assign(new Error(), { name: "AbortError", cause: Object.assign(new Error(), { name: "TimeoutError" }) }),
      "no answer within 10 s",
    ],
    [
      "method: HEAD",
      new TypeError("fetch failed", { cause: failure("CERT_HAS_EXPIRED") }),
      "the certificate has expired",
    ],
    [
      "method: HEAD",
      new TypeError("fetch failed", { cause: new AggregateError([failure("ECONNREFUSED")]) }),
      "the connection was refused",
    ],
    [
      "method: HEAD",
      new TypeError("fetch failed", { cause: new Error("bad port") }),
      "the port is one that no web client asks",
    ],
    // Whatever else it says may quote what was asked for.
    [
      "method: HEAD",
      new TypeError("fetch failed", { cause: new Error("no http://a.test/key") }),
      "it failed with Error",
    ],
    ["method: HEAD", Object.assign(new Error(), { name: "AbortError" }), "it failed with AbortError"],
  ])("%s and %o: %s", async (setting, found, message) => {
    const { fake } = network({ http: [found] });
    const report = await run(`http:\n  url: http://a.test/\n  ${setting}\nretries: 0`, fake);
    expect(rowOf(report).message).toContain(`: ${message}`);
    expect(rowOf(report).nextSteps).toHaveLength(1);
  });

  it("shows no sensitive value, in no message and no detail", proves(10, "memory"), async () => {
    const { fake } = network({ http: [answer(200, "hello")] });
    const secret = await run(
      'http:\n  url: !Sub "http://a.test/${Token}"\n  contains: !Sub "${Token}"\nretries: 0',
      fake,
    );
    expect(rowOf(secret).message).toBe('GET (sensitive): the answer does not contain "(sensitive)"');
    const gone = await run(
      'http: { url: !Sub "http://a.test/${Token}" }\nretries: 0',
      network({ http: [failure("ENOTFOUND")] }).fake,
    );
    expect(JSON.stringify([secret, gone])).not.toContain("hush-hush");
  });

  it("follows redirects, and gives headers and body to the same origin only", async () => {
    const { fake, asked } = network({
      http: [
        answer(307, "", { location: "/there" }),
        answer(308, "", { location: "https://b.test/" }),
        answer(302, "", { location: "/end" }),
        answer(200),
      ],
    });
    const check = "http: { url: http://a.test, method: POST, body: hello, headers: { X-Key: k } }";
    expect(rowOf(await run(check, fake)).message).toBe("POST http://a.test: answered 200");
    expect(asked).toEqual([
      { url: "http://a.test", method: "POST", body: "hello", headers: { "X-Key": "k" } },
      { url: "http://a.test/there", method: "POST", body: "hello", headers: { "X-Key": "k" } },
      { url: "https://b.test/", method: "POST", headers: {} },
      { url: "https://b.test/end", method: "GET", headers: {} },
    ]);
  });

  it.each([
    ["follow-redirects: false", answer(301, "", { location: "/" }), 1],
    ["follow-redirects: true", answer(301, "", { location: "/" }), 6],
    ["follow-redirects: true", answer(301, "", { location: "ftp://a.test/" }), 1],
    ["follow-redirects: true", answer(301, "", { location: "http://" }), 1],
    ["follow-redirects: true", answer(301, "", { location: "http://user:word@a.test/" }), 1],
    ["follow-redirects: true", answer(300), 1],
  ])("%s, %o: asks %i times", async (setting, found, times) => {
    const { fake, asked } = network({ http: [found] });
    await run(`http: { url: http://a.test, ${setting} }\nretries: 0`, fake);
    expect(asked).toHaveLength(times);
  });
});

describe("a check of a port", () => {
  it("passes when it accepts connections, and fails when it does not", async () => {
    const open = network({});
    expect(rowOf(await run("tcp: { host: !GetAtt App.Address, port: '5432' }", open.fake)).success).toBe(true);
    expect(open.asked).toEqual([{ host: `10.${world.things()[0]?.id}.2`, port: 5432 }]);
    const closed = await run("tcp: { host: a.test, port: 5432 }", network({ tcp: failure("ETIMEDOUT") }).fake);
    expect(rowOf(closed).message).toBe("a.test:5432: no answer within 10 s");
  });
});

describe("a check of a name", () => {
  it.each([
    ["", [], false, "there is no A record"],
    ["", ["192.0.2.1"], true, "resolves to 192.0.2.1"],
    ["equals: [192.0.2.2, 192.0.2.1]", ["192.0.2.1", "192.0.2.2"], true, "resolves to 192.0.2.1, 192.0.2.2"],
    ["equals: 192.0.2.1", ["192.0.2.1", "192.0.2.2"], false, "192.0.2.2 is among the A records"],
    ["equals: 192.0.2.3", ["192.0.2.1"], false, "192.0.2.3 is not among the A records"],
    ["contains: 192.0.2.1", ["192.0.2.1", "192.0.2.2"], true, "resolves to"],
    ["type: CNAME, equals: WWW.Example.com.", ["www.example.com"], true, "resolves to www.example.com"],
    ["type: TXT, equals: Key=1", ["key=1"], false, "Key=1 is not among the TXT records"],
    ["server: '192.0.2.53:5353'", ["192.0.2.1"], true, "resolves to"],
  ])("%s, %j: %s %s", async (setting, records, success, message) => {
    const { fake } = network({ dns: records });
    const row = rowOf(await run(`dns: { name: a.test, ${setting} }\nretries: 0`, fake));
    expect([row.success, row.message]).toEqual([success, expect.stringContaining(message)]);
  });
});

describe("a check of a certificate", () => {
  const endsIn = (days: number): Partial<Handshake> => ({ validTo: new Date(now.getTime() + days * 86_400_000) });

  it.each([
    ["", {}, "passed", "valid for 182 days"],
    ["", endsIn(30), "passed", "valid for 30 days"],
    ["", endsIn(29.999), "warning", "expires in 29 days"],
    ["", endsIn(1.5), "warning", "expires in 1 day, on 2026-07-03"],
    ["warn-days: 10", endsIn(12), "passed", "valid for 12 days"],
    ["days-left: 14", endsIn(13), "failed", "expires in 13 days"],
    ["", endsIn(0), "failed", "the certificate expired on 2026-07-01"],
    ["", { validFrom: new Date("2026-07-02T00:00:00Z") }, "failed", "valid only from 2026-07-02 on"],
    ["", { isForHost: false }, "failed", "not for a.test"],
    ["host-name: b.test", { isForHost: false }, "failed", "not for b.test"],
    ["", { chainProblem: "DEPTH_ZERO_SELF_SIGNED_CERT" }, "failed", "the certificate is self-signed"],
    ["", { chainProblem: "INVALID_PURPOSE" }, "failed", "it failed with INVALID_PURPOSE"],
    ["chain: false", { chainProblem: "DEPTH_ZERO_SELF_SIGNED_CERT" }, "passed", "valid for"],
    [`public-key: sha256//${"A".repeat(43)}=`, {}, "passed", "valid for"],
    [`public-key: sha256//${"B".repeat(43)}=`, {}, "failed", "the certificate has another key"],
  ])("%s %o: %s, %s", async (setting, shake, outcome, message) => {
    const { fake } = network({ tls: shake });
    const report = await run(`tls: { host: a.test, ${setting} }\nretries: 0`, fake);
    expect([rowOf(report).details.outcome, rowOf(report).message]).toEqual([outcome, expect.stringContaining(message)]);
    const overall = { passed: "passed", warning: "degraded", failed: "failed" };
    expect(report.overallStatus).toBe(overall[outcome as keyof typeof overall]);
    expect(report.recommendations.length > 0).toBe(outcome !== "passed");
  });
});

describe("a check of a resource", () => {
  it.each([
    ["attribute: ServerId, matches: '^srv-'", true, "ServerId is"],
    ["attribute: ServerId, equals: x", false, 'not "x"'],
    ["attribute: ServerId.Part", false, "ServerId.Part is not set"],
    ["property: Size, equals: 2", true, 'Size is "2"'],
    ["property: /Size, equals: '3'", false, 'Size is "2", not "3"'],
    ["property: Image", true, 'Image is "v1"'],
    ["property: GroupIds, equals: [a]", false, "GroupIds is a list, and not that of the check"],
    ["property: Image, matches: w", false, 'Image is "v1", which does not match w'],
  ])("%s: %s, %s", async (setting, success, message) => {
    const row = rowOf(await run(`aws: { resource: App, ${setting} }\nretries: 0`, network({}).fake));
    expect([row.success, row.message]).toEqual([success, expect.stringContaining(message)]);
  });
});

describe("what is not as a check needs it", () => {
  const { fake } = network({});

  it("is said where a value is wrong, which was not known before it was there", async () => {
    const row = rowOf(await run("tcp: { host: a.test, port: !GetAtt App.Address }", fake));
    expect([row.success, row.message, row.details.tries]).toEqual([
      false,
      expect.stringMatching(/^tcp\.port must be a whole number, not "10\./),
      0,
    ]);
  });

  it("is said of a resource whose condition does not hold", async () => {
    const conditional = template
      .replace("Resources:", "Conditions: { Never: !Equals [a, b] }\nResources:")
      .replace("Outputs:", "  Other: { Type: Memory::Server, Condition: Never, Properties: { Image: v1 } }\nOutputs:");
    const row = rowOf(await run("aws: { resource: Other, property: Size }\nretries: 0", fake, {}, conditional));
    expect([row.message, row.nextSteps]).toEqual([
      "Other.Size: Other is not part of this stack",
      ["Its condition does not hold: remove the check, or change the condition."],
    ]);
  });

  it.each([
    [
      "in its own words",
      new DiagnosticError({ code: "a.b", severity: "error", message: "No.", remedy: "Ask." }),
      "No.",
      ["Ask."],
    ],
    ["in the cloud's words", new Refusal("throttled", "slower please"), "slower please", []],
  ])("is said of a resource that cannot be read, %s", async (_, error, message, nextSteps) => {
    const stack = await stackWith("aws: { resource: App, property: Size }\nretries: 0");
    const options = engineOptions();
    const cloud = await options.connect();
    const engine = createEngine({ ...options, checks: { network: fake, date: () => now } });
    await applied(engine, stack);
    const prepared = await engine.prepare([stack]);
    cloud.read = () => Promise.reject(error);
    const row = rowOf(await engine.check(prepared));
    expect([row.message, row.nextSteps]).toEqual([`App.Size: ${message}`, nextSteps]);
  });
});

describe("a resource", () => {
  const engine = () => createEngine({ ...engineOptions(), checks: { network: network({}).fake, date: () => now } });

  /** What the report says of the resources of a template that was not applied yet. */
  async function said(text = template) {
    const { check, prepare } = engine();
    const report = await check(await prepare([await stackOf("stack-name: app\n", text)]));
    expect(report.overallStatus).toBe("degraded");
    return report.componentResults.map(({ component, message }) => `${component} ${message}`);
  }

  async function made() {
    await applied(engine(), await stackOf("stack-name: app\n", template));
    const [app] = world.things();
    if (!app) throw new Error("nothing was made");
    return app;
  }

  it("that was not made does not exist", async () => {
    expect(await said()).toEqual(["app/App does not exist"]);
  });

  it("that somebody changed differs, and it says in what", async () => {
    const app = await made();
    world.store.put({ ...app, properties: { ...app.properties, Size: "3" } });
    expect(await said()).toEqual(["app/App differs from what is declared: Size"]);
  });

  it("that nobody declares any more is there all the same", async () => {
    await made();
    const without = "Resources:\n  Other: { Type: Memory::Group }\n";
    expect(await said(without)).toContain("app/App is there, and no longer declared");
  });

  it("that is to be taken over is not yet", async () => {
    const app = await made();
    world.store.put({ ...app, tags: {} });
    const adopting = `Memory::Server, Metadata: { Reconcile: { adopt: ${app.id} } },`;
    expect(await said(template.replace("Memory::Server,", adopting))).toEqual([
      "app/App is there, and not taken over yet",
    ]);
  });
});

describe("a run", () => {
  it("that is interrupted skips what was not tried to its end, and then nothing has passed", async () => {
    const abort = new AbortController();
    const { fake } = network({ http: [answer(503)] });
    const stopping: Network = {
      ...fake,
      http: (request, limits) => {
        abort.abort();
        return fake.http(request, limits);
      },
    };
    const report = await run("http: { url: http://a.test }", stopping, { signal: abort.signal });
    expect([report.overallStatus, rowOf(report).details.outcome, report.connectivityTests]).toEqual([
      "failed",
      "skipped",
      { "app/it": false },
    ]);
    expect(rowOf(report).message).toBe("GET http://a.test: interrupted; so far: answered 503, not 200 to 299");
  });

  it("that is interrupted while the first answer is waited for has nothing to say of it", async () => {
    const abort = new AbortController();
    const { fake } = network({});
    const waiting: Network = {
      ...fake,
      async http() {
        abort.abort();
        return abort.signal.throwIfAborted() as never;
      },
    };
    const report = await run("http: { url: http://a.test }", waiting, { signal: abort.signal });
    expect(rowOf(report).message).toBe("GET http://a.test: interrupted before the first try ended");
  });
});

it("cannot look at what several things give that are not there yet", async () => {
  const stack = await stackWith('http: { url: !Sub "http://${App.Address}/${App}" }');
  const engine = createEngine({ ...engineOptions(), checks: { network: network({}).fake, date: () => now } });
  expect(rowOf(await engine.check(await engine.prepare([stack]))).message).toBe(
    "App, App.Address are not known: what gives it is not there",
  );
});

it("cannot look at what is not there yet, and says so (check.unknown)", async () => {
  const stack = await stackOf(
    "stack-name: app\nchecks: [{ name: it, tcp: { host: !GetAtt App.Address, port: 80 } }]\n",
    template,
  );
  const { fake, asked } = network({});
  const engine = createEngine({ ...engineOptions(), checks: { network: fake, date: () => now } });
  const row = rowOf(await engine.check(await engine.prepare([stack])));
  expect(row.message).toBe("App.Address is not known: what gives it is not there");
  expect([row.success, row.nextSteps, asked]).toEqual([false, ["Run reconcile: it makes what is declared."], []]);
});
