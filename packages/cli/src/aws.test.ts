import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { EC2 } from "@aws-sdk/client-ec2";
import { SSM } from "@aws-sdk/client-ssm";
import { EventDocument, PlanDocument, VerificationDocument } from "@reconcile/core";
import { proves } from "@reconcile/core/testing";
import { type Sandbox, sandboxEnvironment, startSandbox } from "@reconcile/sandbox";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bundle, commit, makeFolder, type RunOptions, reconcile, writeFiles } from "./testing/cli.ts";
import { secret, webStack } from "./testing/stacks.ts";

// One embedded AWS for the whole file, emptied before each test: they run one after the other.
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
}, 300_000);
beforeEach(() => sandbox.reset());
afterAll(() => sandbox?.stop());

/** Runs a command line in the sandbox. */
function run(cwd: string, args: string, options: Partial<RunOptions> = {}) {
  const env = { ...sandboxEnvironment(sandbox.endpoint), TEST_DATABASE_URL: secret, ...options.env };
  return reconcile(args.split(" "), { cwd, ...options, env });
}

function client() {
  return {
    endpoint: sandbox.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
}

async function openToTheWorld(port: number): Promise<void> {
  const ec2 = new EC2(client());
  const { SecurityGroups } = await ec2.describeSecurityGroups({ Filters: [{ Name: "group-name", Values: ["web"] }] });
  const range = { IpProtocol: "tcp", FromPort: port, ToPort: port, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
  await ec2.authorizeSecurityGroupIngress({ GroupId: SecurityGroups?.[0]?.GroupId, IpPermissions: [range] });
}

async function parameterNames(): Promise<(string | undefined)[]> {
  const { Parameters = [] } = await new SSM(client()).describeParameters({});
  return Parameters.map((each) => each.Name?.replace(/^(\/reconcile\/).*/, "$1…")).sort();
}

function planOf(stdout: string) {
  const plan = PlanDocument.parse(JSON.parse(stdout));
  return plan.stacks.flatMap((stack) =>
    stack.changes.map((change) => `${change.action} ${change.logicalId} ${change.cause}`),
  );
}

describe("from nothing to live and back", () => {
  it("plans, applies, finds nothing to do, and destroys", proves(1, "sandbox"), async () => {
    const cwd = makeFolder(webStack);

    const planned = await run(cwd, "--plan --format json");
    expect(planned).toMatchObject({ exitCode: 2, stderr: "" });
    expect(planOf(planned.stdout).map((each) => each.split(" ").slice(0, 2).join(" "))).toEqual([
      "create Images",
      "create Database",
      "create Image",
      "create Firewall",
    ]);
    expect(await parameterNames()).toEqual([]);

    const applied = await run(cwd, "--yes");
    expect(applied.exitCode).toBe(0);
    expect(applied.stdout).toContain("confirmed: the next plan is empty");
    expect(await parameterNames()).toEqual(["/reconcile/…", "/reconcile/…", "/web/database-url", "/web/image"]);

    const again = await run(cwd, "plan");
    expect(again).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^web · us-east-1 · 4 resources as declared/),
    });

    const destroyed = await run(cwd, "destroy --confirm web --allow-delete all");
    expect(destroyed.exitCode).toBe(0);
    expect(destroyed.stdout).not.toContain("ImageUri");
    expect(await parameterNames()).toEqual([]);
    expect((await run(cwd, "destroy --confirm web")).exitCode).toBe(0);
  });

  it("names exactly what changed behind its back, and brings it back", async () => {
    const cwd = makeFolder(webStack);
    await run(cwd, "--yes");
    await openToTheWorld(22);

    const plan = await run(cwd, "--plan --format json");
    expect(planOf(plan.stdout)).toEqual(["update Firewall drift"]);

    expect((await run(cwd, "--yes")).exitCode).toBe(0);
    expect((await run(cwd, "--plan")).exitCode).toBe(0);
  });
});

describe("what a difference is compared with", () => {
  const wider = webStack["desired-state/web/template.yaml"].replaceAll("443", "8443");

  it("is what was applied last, or a revision that is asked for", async () => {
    const cwd = makeFolder(webStack);
    await run(cwd, "--yes");
    writeFiles(cwd, { "desired-state/web/template.yaml": wider });

    const uncommitted = await run(cwd, "--plan --format json");
    const first = commit(cwd);
    const committed = await run(cwd, "--plan --format json");
    const asked = await run(cwd, "--plan --format json --base HEAD~1");

    expect(planOf(uncommitted.stdout)).toEqual(["update Firewall change"]);
    expect(planOf(committed.stdout)).toEqual(["update Firewall change"]);
    expect(planOf(asked.stdout)).toEqual(["update Firewall change"]);
    expect(JSON.parse(asked.stdout)).toMatchObject({ revision: first, base: expect.stringMatching(/^[0-9a-f]{40}$/) });
  });

  it("is nothing outside a repository", async () => {
    const cwd = makeFolder(webStack, { git: false });

    const plan = JSON.parse((await run(cwd, "--plan --format json")).stdout);

    expect(plan).toMatchObject({ revision: null, base: null });
  });

  it("is nothing, with a warning, when base cannot be read", async () => {
    const cwd = makeFolder({ ...webStack, "desired-state/web.yaml": "template-file-path: [\n" });
    writeFiles(cwd, webStack);

    const plan = JSON.parse((await run(cwd, "--plan --format json --base HEAD")).stdout);

    expect(plan.diagnostics).toMatchObject([{ code: "base.unavailable", severity: "warning" }]);
    expect(plan.base).toBeNull();
  });
});

describe("outputs", () => {
  it("are printed as they are live, without what is sensitive", async () => {
    const cwd = makeFolder(webStack);
    await run(cwd, "--yes");

    const text = await run(cwd, "outputs");
    const json = await run(cwd, "outputs --format json");

    expect(text.stdout).toMatch(
      /^ImageUri {5}\d{12}\.dkr\.ecr\.us-east-1\.amazonaws\.com\/web\nDatabaseUrl {2}\(sensitive\)$/,
    );
    expect(JSON.parse(json.stdout).stacks[0].outputs[1]).toMatchObject({
      name: "DatabaseUrl",
      value: { sensitive: true },
    });
  });

  it("say so before anything is there", async () => {
    const { exitCode, stdout } = await run(makeFolder(webStack), "outputs");

    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: "ImageUri     (not known: Images.RepositoryUri is not there)\nDatabaseUrl  (sensitive)",
    });
  });
});

describe("forms of output", () => {
  it("tells an apply as JSON lines: the plan, then every event", async () => {
    const { stdout, exitCode } = await run(makeFolder(webStack), "--yes --format json");

    const [plan = "", ...events] = stdout.split("\n");
    expect(exitCode).toBe(0);
    expect(planOf(plan)).toHaveLength(4);
    const kinds = events.map((line) => EventDocument.parse(JSON.parse(line)).event);
    expect([kinds[0], kinds.at(-1)]).toEqual(["run-started", "run-finished"]);
    expect(kinds.filter((kind) => kind === "step-finished")).toHaveLength(4);
  });

  it("writes a comment to a file, and shows people the plan", async () => {
    const cwd = makeFolder(webStack);

    const { stdout, exitCode } = await run(cwd, "--plan --format markdown --output comment.md");

    expect(exitCode).toBe(2);
    expect(readFileSync(join(cwd, "comment.md"), "utf8")).toMatch(/^\*\*web\*\* \(us-east-1\): 4 create/);
    expect(stdout).toMatch(/4 to create · 0 to update/);
  });

  it("never shows a secret, whatever the form, and writes none", proves(10, "sandbox"), async () => {
    const cwd = makeFolder(webStack);
    const commands = [
      "--plan",
      "--plan --format json --all",
      "--plan --format markdown --output c.md",
      "--yes --debug --format json",
      "plan --all",
      "outputs",
    ];

    const shown: string[] = [];
    for (const command of commands) {
      const { stdout, stderr } = await run(cwd, command);
      shown.push(stdout, stderr);
    }

    const changed = await run(cwd, "plan --format json", { env: { TEST_DATABASE_URL: "another one, as secret" } });
    expect(planOf(changed.stdout)).toHaveLength(1);
    const everything = [...shown, changed.stdout, changed.stderr, readFileSync(join(cwd, "c.md"), "utf8")].join("\n");
    for (const canary of ["battery", "another one", Buffer.from(secret).toString("base64").slice(0, 20)]) {
      expect(everything).not.toContain(canary);
    }
  });

  it("ends quietly when nobody reads any more", async () => {
    const cwd = makeFolder(webStack);
    const env = { ...process.env, ...sandboxEnvironment(sandbox.endpoint), TEST_DATABASE_URL: secret };

    const piped = await execa("sh", ["-c", `"${process.execPath}" "${bundle}" --plan | true`], {
      cwd,
      env,
      reject: false,
    });

    expect(piped.stderr).toBe("");
  });
});

describe("what is refused", proves(7, "sandbox"), () => {
  const taken = {
    "desired-state/taken.yaml":
      "Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Properties: { Name: /taken, Type: String, Value: x }\n",
  };

  it("is shown by a plan (2, strictly 5), and keeps an apply from starting (5)", async () => {
    const cwd = makeFolder(taken);
    await new SSM(client()).putParameter({ Name: "/taken", Type: "String", Value: "theirs" });

    const codes = [await run(cwd, "--plan"), await run(cwd, "--plan --strict"), await run(cwd, "--yes")].map(
      (each) => each.exitCode,
    );

    expect(codes).toEqual([2, 5, 5]);
    const { Parameter } = await new SSM(client()).getParameter({ Name: "/taken" });
    expect(Parameter?.Value).toBe("theirs");
  });

  it("is another account than the stack's (5)", async () => {
    const cwd = makeFolder({
      ...webStack,
      "desired-state/web.yaml": `${webStack["desired-state/web.yaml"]}account: "210987654321"\n`,
    });

    const { exitCode, stderr } = await run(cwd, "--yes");

    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/^error {2}aws\.wrong-account/);
  });
});

describe("what AWS does not let happen gets a sentence", () => {
  const unreachable = { AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
  const noRegion = { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined };
  const anonymous = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
  const anywhere = {
    "desired-state/a.yaml":
      "Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Properties: { Type: String, Value: x }\n",
  };

  it.each([
    { name: "an endpoint where nobody is", env: unreachable, code: "aws.unreachable" },
    { name: "no region anywhere", env: noRegion, code: "aws.region-missing" },
    { name: "no credentials anywhere", env: anonymous, code: "aws.credentials-missing" },
  ])("$name", async ({ env, code }) => {
    const { exitCode, stderr, stdout } = await run(makeFolder(anywhere), "--plan --format json", { env });

    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).diagnostics).toMatchObject([{ code, remedy: expect.any(String) }]);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it("a call that is denied", async () => {
    const denying = await startDenying();

    const ended = run(makeFolder(anywhere), "--yes", { env: { AWS_ENDPOINT_URL: denying.endpoint } });
    const { exitCode, stderr } = await ended.finally(denying.stop);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error {2}aws\.access-denied/);
    expect(stderr.replace(/\s+/g, " ")).toContain(
      "ssm:GetParametersByPath was denied to arn:aws:iam::123456789012:user/reader",
    );
    expect(stderr).toContain("Fix:");
  });
});

/** Knows who calls, and lets them do nothing: in the words of AWS's own services, which the sandbox does not use for that. */
async function startDenying() {
  const identity =
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/reader</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
  const server = createServer((request, response) => {
    const operation = String(request.headers["x-amz-target"] ?? "").split(".")[1];
    if (operation === undefined) return void response.writeHead(200, { "content-type": "text/xml" }).end(identity);
    if (operation === "GetResources") return void response.end(JSON.stringify({ ResourceTagMappingList: [] }));
    const message = `User: arn:aws:iam::123456789012:user/reader is not authorized to perform: ssm:${operation}`;
    response.writeHead(400, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify({ __type: "AccessDeniedException", Message: message }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => void server.close() };
}

describe("--region", () => {
  const anywhere = {
    "desired-state/a.yaml":
      "Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Properties: { Type: String, Value: x }\n",
  };

  it("is where stacks live that name none", async () => {
    const { stdout } = await run(makeFolder(anywhere), "--plan --region eu-west-1");

    expect(stdout).toMatch(/^a · eu-west-1/);
  });

  it("does not move a stack that names one", async () => {
    const { exitCode, stderr } = await run(makeFolder(webStack), "--plan --region eu-west-1");

    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining("contradicts the stack web"),
    });
  });
});

describe("what was applied", () => {
  it("is verified: after the run, when nothing is to change, and by itself", async () => {
    let status = 503;
    const server = createServer((_request, response) => {
      response.writeHead(status, { Connection: "close" }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const stackFile = `${webStack["desired-state/web.yaml"]}checks:
  - { name: health, http: { url: !Sub "${url}/\${DatabaseUrl}" }, interval: 0, retries: 1 }
  - { name: open, aws: { resource: Firewall, attribute: GroupId, matches: "^sg-" } }
`;
    const cwd = makeFolder({ ...webStack, "desired-state/web.yaml": stackFile });
    try {
      const failing = await run(cwd, "--yes");
      expect(failing.exitCode).toBe(7);
      expect(failing.stdout).toMatch(/^done {3}4 created.*checks 1 of 2/m);
      expect(failing.stdout).toContain("GET (sensitive): answered 503, not 200 to 299");
      expect(failing.stdout).not.toContain("battery");
      expect(await run(cwd, "--yes")).toMatchObject({ exitCode: 7, stdout: expect.stringContaining("checks 1 of 2") });

      status = 200;
      const report = await run(cwd, "verify --format json");
      const { overallStatus, connectivityTests, componentResults } = VerificationDocument.parse(
        JSON.parse(report.stdout),
      );
      expect([report.exitCode, overallStatus]).toEqual([0, "passed"]);
      expect(connectivityTests).toEqual({ "web/health": true, "web/open": true });
      expect(componentResults.map((each) => each.component)).toEqual(
        ["Images", "Database", "Image", "Firewall", "checks.health", "checks.open"].map((name) => `web/${name}`),
      );

      await openToTheWorld(22);
      const drifted = await run(cwd, "verify --format markdown --output report.md");
      expect(drifted).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^degraded {3}checks 2 of 2/) });
      expect(readFileSync(join(cwd, "report.md"), "utf8")).toContain("| ⚠ differs | `web/Firewall` |");
      const planned = await run(cwd, "--plan");
      expect(planned.stdout).not.toContain("checks");
    } finally {
      server.close();
    }
  });
});
