import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canaryForms, proves } from "@reconcile/core/testing";
import { type Sandbox, sandboxEnvironment, startSandbox } from "@reconcile/sandbox";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commit, makeFolder, type Ran, reconcile, writeFiles } from "./testing/cli.ts";

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
}, 300_000);
afterAll(() => sandbox?.stop());

/** Every encoding changes something of them; colons part them, for functions. The last one can stand in a name. */
const secrets = {
  first: 'Xy0/+%<&>"\\ä:Zq9=w&v<u>#:Kj8€l/m+n',
  later: 'Bc1/+%<&>"\\ö:Dd2=e&f<g>#:Hh3€i/j+k',
  quoted: "Qx7-plain.secret_9",
};

const parameter = `Parameters:
  Secret: { Type: String, NoEcho: true, Default: ${secrets.quoted} }`;

const files = (description: string) => ({
  "desired-state/app.yaml": `template-file-path: app/template.yaml
region: us-east-1
parameters:
  Secret: { env: TEST_SECRET }
checks:
  - { name: health, http: { url: !Sub "http://127.0.0.1:9/\${Secret}" }, interval: 0, retries: 0 }
`,
  "desired-state/app/template.yaml": `Parameters:
  Secret: { Type: String, NoEcho: true }
Resources:
  Plain:
    Type: AWS::SSM::Parameter
    Properties: { Name: /app/plain, Type: String, Value: !Sub "a \${Secret} b", Description: ${description} }
  Encoded:
    Type: AWS::SSM::Parameter
    Properties: { Name: /app/encoded, Type: String, Value: !Base64 { "Fn::Sub": "a\${Secret}" } }
  Secure:
    Type: AWS::SSM::Parameter
    Properties: { Name: /app/secure, Type: SecureString, Value: !Ref Secret }
  Firewall:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupName: app, GroupDescription: x, SecurityGroupIngress: [] }
Outputs:
  Secret: { Value: !Ref Secret }
  Part: { Value: !Select [1, !Split [":", !Ref Secret]] }
`,
  // AWS does not take it, and quotes it.
  "refused.yaml": `${parameter}
Resources:
  Bad:
    Type: AWS::IAM::InstanceProfile
    Properties: { Roles: [!Ref Secret] }
`,
  // What is wrong is shown with the lines around it.
  "broken.yaml": `${parameter}
Resources:
  Bad: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Secrets } }
`,
});

const broken = ["", "--format json", "--format sarif", "--format github"].map((form) => `broken.yaml --debug ${form}`);

/** Every command in every form that it has: what is not here is not looked at, so a new command has to be. */
const commands: Readonly<Record<string, readonly string[]>> = {
  validate: ["", "--format json", "--format sarif", "--format github", "--cloudformation", ...broken],
  plan: [
    "--all",
    "--all --format json",
    "--all --format markdown",
    "--output plan.json",
    "refused.yaml --debug",
    "broken.yaml --debug",
  ],
  policy: ["", "--format json", "--plan", "--github owner/name"],
  schema: ["", "settings"],
  explain: ["AWS::SSM::Parameter", "AWS::SSM::Parameter --format json", "AWS::SSM::Parameter --format markdown"],
  apply: ["--yes --format json --debug", "refused.yaml --yes --format json --debug"],
  outputs: ["", "--format json"],
  verify: ["", "--format json", "--format markdown --output report.md"],
  drift: ["", "--format json", "--format markdown"],
  history: ["", "--format json", "--format markdown"],
  "allow-ip": ["203.0.113.9 --group Firewall"],
  "list-ips": ["", "--format json"],
  "revoke-ip": ["203.0.113.9 --group Firewall"],
  rollback: ["HEAD~1 --yes --allow-delete all --debug"],
  destroy: ["--confirm app --allow-delete all --format json"],
  init: ["new --yes"],
  sandbox: ["status --format json"],
};

/** Everything that has been written, but for what git keeps. */
function written(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if ([".git", "refused.yaml", "broken.yaml"].includes(entry.name)) return [];
    const name = join(folder, entry.name);
    return entry.isDirectory() ? written(name) : [readFileSync(name, "utf8")];
  });
}

it("is in nothing that any command shows or writes, in whatever form", {
  ...proves(10, "sandbox"),
  timeout: 300_000,
}, async () => {
  const cwd = makeFolder(files("one"));
  async function run(line: string, secret = secrets.first): Promise<Ran> {
    const env = { ...sandboxEnvironment(sandbox.endpoint), TEST_SECRET: secret };
    return reconcile(line.split(" ").filter(Boolean), { cwd, env });
  }
  const { stdout: help } = await run("--help");
  const known = [...help.slice(help.indexOf("Commands:")).matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name);
  expect([...Object.keys(commands), "help"].sort()).toEqual(known.sort());

  const shown: string[] = [];
  for (const [command, lines] of Object.entries(commands)) {
    // From here on another secret lives than is declared, and something else has changed.
    const isLater = Object.keys(commands).indexOf(command) > Object.keys(commands).indexOf("apply");
    if (command === "outputs") {
      writeFiles(cwd, files("two"));
      commit(cwd);
      for (const form of ["plan --all", "plan --format json", "plan --format markdown"])
        shown.push(...Object.values(await run(form, secrets.later)).map(String));
    }
    for (const line of lines) {
      const { stdout, stderr, exitCode } = await run(`${command} ${line}`, isLater ? secrets.later : secrets.first);
      expect([command, line, exitCode], stderr).not.toEqual([command, line, 64]);
      shown.push(stdout, stderr);
    }
  }
  const everything = [...shown, ...written(cwd)].join("\n");
  expect(
    Object.values(secrets)
      .flatMap(canaryForms)
      .filter((form) => everything.includes(form)),
  ).toEqual([]);
  // They were there, and were hidden: what AWS refused quotes one.
  expect(everything).toMatch(/role.{0,20}\(sensitive\).{0,20}not/i);
  expect(everything.split("(sensitive)").length).toBeGreaterThan(20);
});
