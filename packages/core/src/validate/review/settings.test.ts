import { describe, expect, test } from "vitest";
import { lines } from "../fixture.ts";
import { reviewed } from "./fixture.ts";

const ssh = "AWS::EC2::SecurityGroupIngress";
const world = "IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0";
const template = (comment: string) => `
Resources:
  A:
    Type: ${ssh}
    Properties: { ${world} } ${comment}
`;
const id = "network.admin-port-open";
const project = (checks: string) => ({ "desired-state/reconcile.yaml": `checks: ${checks}\n` });

describe("reconcile.yaml", () => {
  test.each([
    [`{ ${id}: error }`, [`${id} error`]],
    [`{ ${id}: note }`, [`${id} note`]],
    [`{ ${id}: off }`, []],
    ["{ storage.public: off }", [`${id} warning`]],
  ])("%s", async (checks, expected) => {
    const found = await reviewed(template(""), project(checks));
    expect(found.map(({ code, severity }) => `${code} ${severity}`)).toEqual(expected);
  });

  test.each([
    ["a check that there is not", "{ network.admin-port: off }", `Did you mean "${id}"?`],
    ["an error", "{ ref.undefined: off }", "Errors cannot be turned off; the documentation lists the checks."],
  ])("%s is refused by name", async (_, checks, remedy) => {
    const found = await reviewed(template(""), project(checks));
    expect(found.find(({ code }) => code === "project.unknown-check")).toMatchObject({
      severity: "error",
      remedy,
      place: { file: "desired-state/reconcile.yaml", line: 1, column: 11 },
    });
  });
});

describe("a comment", () => {
  const said = async (text: string) => lines(await reviewed(text));

  test.each([
    ["at the end of the line", template(`# reconcile-ignore ${id}: a bastion host`)],
    [
      "that names several",
      template(`# reconcile-ignore storage.public, ${id}: a bastion host`).replace("storage.public, ", ""),
    ],
    [
      "on the line above, other comments between",
      template("").replace("    Prop", `    # reconcile-ignore ${id}: a bastion host\n\n    # more\n    Prop`),
    ],
    [
      "in a file with Windows' ends of lines",
      template(`# reconcile-ignore ${id}: a bastion host`).replaceAll("\n", "\r\n"),
    ],
  ])("%s silences", async (_, text) => {
    expect(await said(text)).toEqual([]);
  });

  test("without a reason silences nothing, and says so", async () => {
    expect(await said(template(`# reconcile-ignore ${id}`))).toEqual([
      expect.stringMatching(`^${id} `),
      `ignore.no-reason 5:101 "${id}" is not silenced here: no reason is given.`,
    ]);
  });

  test("among many is read at once", async () => {
    const many = `    # reconcile-ignore ${id}: a bastion host\n`.repeat(20_000);
    const all = await said(template("").replace("    Prop", `${many}    Prop`));
    expect(all).toHaveLength(1000);
    expect(all.at(-1)).toMatch(/There are 18,999 more like it in this file\.$/);
  });

  test("that is a megabyte of blanks is read at once", async () => {
    const blanks = " ".repeat(1_000_000);
    expect(await said(template(`# reconcile-ignore ${id}:${blanks}a${blanks}`))).toEqual([]);
    expect(await said(template(`# reconcile-ignore ${blanks}${id}`))).toHaveLength(2);
  });

  test("that silences nothing is noted", async () => {
    expect(await said(template(`# reconcile-ignore ${id}, storage.public: a bastion host`))).toEqual([
      'ignore.unused 5:126 There is nothing to silence here: "storage.public" is not said of this line.',
    ]);
  });

  test.each([
    ["reason", "a bastion host", []],
    ["no reason", "", [id, "ignore.no-reason"]],
  ])("in the metadata of a resource, where JSON has no comments: %s", async (_, reason, expected) => {
    const json = JSON.stringify({
      Resources: {
        A: {
          Type: ssh,
          Metadata: { Reconcile: { "ignore-checks": { [id]: reason } } },
          Properties: { IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIp: "0.0.0.0/0" },
        },
      },
    });
    expect((await reviewed(json)).map(({ code }) => code).sort()).toEqual([...expected].sort());
  });

  test("metadata that silence nothing are noted", async () => {
    const text = template("").replace(
      "    Prop",
      "    Metadata: { Reconcile: { ignore-checks: { storage.public: as it were } } }\n    Prop",
    );
    expect(await said(text)).toContainEqual(
      'ignore.unused 5:47 There is nothing to silence here: "storage.public" is not said of this resource.',
    );
  });

  test.each([
    ["a check that there is not", "network.admin-port", `Did you mean "${id}"?`],
    ["an error", "ref.undefined", "Write # reconcile-ignore <check>: reason. An error cannot be silenced."],
    ["nothing", "", "Write # reconcile-ignore <check>: reason. An error cannot be silenced."],
  ])("that names %s is told so", async (_, name, remedy) => {
    const found = await reviewed(template(`# reconcile-ignore ${name}: a reason`));
    expect(found.map(({ code }) => code)).toEqual([id, "ignore.unknown-check"]);
    expect(found[1]).toMatchObject({ severity: "warning", remedy });
  });
});
