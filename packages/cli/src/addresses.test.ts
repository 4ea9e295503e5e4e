import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder, reconcile } from "./testing/cli.ts";

const template = `Resources:
  Firewall:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupDescription: the app } # stays
`;
const run = (cwd: string, ...args: string[]) => reconcile(args, { cwd });
const textIn = (cwd: string) => readFileSync(join(cwd, "desired-state/app.yaml"), "utf8");

describe("who may log in", () => {
  it("is written into the template, listed, and taken out again", async () => {
    // With a byte order mark, as some editors write it.
    const marked = `\ufeff${template}`;
    const cwd = makeFolder({ "desired-state/app.yaml": marked });
    const allowed = await run(cwd, "allow-ip", "203.0.113.10", "--label", "home", "--expires", "2099-01-31");
    expect(allowed).toEqual({
      exitCode: 0,
      stdout: "home: allows 203.0.113.10/32 to port 22 of Firewall until 2099-01-31",
      stderr: "desired-state/app.yaml is written; nothing in AWS has changed. Commit it and reconcile.",
    });
    expect(textIn(cwd).startsWith(marked)).toBe(true);
    expect((await run(cwd, "validate")).exitCode).toBe(0);

    const listed = await run(cwd, "list-ips");
    expect(listed.stdout).toBe("app/Firewall  tcp 22  203.0.113.10/32  home  until 2099-01-31");
    const { addresses } = JSON.parse((await run(cwd, "list-ips", "--format", "json")).stdout);
    expect(addresses).toMatchObject([{ stack: "app", rule: "AllowHomeOn22", file: "desired-state/app.yaml", line: 5 }]);

    expect((await run(cwd, "revoke-ip", "desired-state/app.yaml", "--label", "home")).exitCode).toBe(0);
    expect(textIn(cwd)).toBe(marked);
  });

  it.each<[string, string[], number, string]>([
    ["an address that is none", ["allow-ip", "203.0.113.300"], 64, "no address that can be let in"],
    ["the whole world", ["allow-ip", "0.0.0.0/0"], 64, "no address that can be let in"],
    ["a day that is none", ["allow-ip", "203.0.113.10", "--expires", "2099-02-30"], 64, "is not a day"],
    ["a day that is over", ["allow-ip", "203.0.113.10", "--expires", "2020-01-31"], 64, "is a day that is over"],
    ["a label that is none", ["allow-ip", "203.0.113.10", "--label", "ä"], 64, "--label"],
    ["an address that nobody allowed", ["revoke-ip", "203.0.113.10"], 1, "address.not-allowed"],
    ["a group that is not there", ["allow-ip", "203.0.113.10", "--group", "Web"], 1, "address.group"],
  ])("refuses %s, and leaves the file alone", async (_, args, exitCode, said) => {
    const cwd = makeFolder({ "desired-state/app.yaml": template });
    const ran = await run(cwd, ...args);
    expect([ran.exitCode, ran.stderr]).toEqual([exitCode, expect.stringContaining(said)]);
    expect(textIn(cwd)).toBe(template);
  });

  it("asks for one stack", async () => {
    const cwd = makeFolder({ "desired-state/app.yaml": template, "desired-state/web.yaml": template });
    expect((await run(cwd, "allow-ip", "203.0.113.10")).exitCode).toBe(64);
    expect((await run(cwd, "allow-ip", "203.0.113.10", "--stack", "app")).exitCode).toBe(0);
  });
});
