import { describe, expect, it } from "vitest";
import type { RunEvent } from "../apply/model.ts";
import { proves } from "../testing/proofs.ts";
import { Unknown } from "../value.ts";
import { DiagnosticDocument, EventDocument, PlanDocument, RunDocument } from "./document.ts";
import { calls, change, everything, place, plan, property, stackPlan, types, unchanged } from "./fixtures.ts";
import { diagnosticDocument, eventDocument, fingerprintOf, planDocument, runDocument } from "./json.ts";

const options = { tool: "reconcile 0.1.0", durationMs: { "crypto-agent": 812.4 } };

describe("the plan's document", () => {
  it("has the contract's names, in the contract's order", () => {
    const given = plan(
      [
        stackPlan(
          [
            change("AppSecurityGroup", types.group, {
              identifier: "sg-0abc",
              reasons: ["property-changed"],
              cause: "drift",
              place: { ...place(41), end: { line: 41, column: 9 } },
              properties: [property("/SecurityGroupIngress/-", { before: { IpProtocol: "tcp" }, cause: "drift" })],
            }),
            ...unchanged(12),
          ],
          {
            unowned: [{ logicalId: "A", type: "AWS::EC2::SecurityGroup", identifier: "sgr-1" }],
            orphans: [{ logicalId: "B", type: "AWS::EC2::SecurityGroup", identifier: "sg-2", reason: "guard" }],
          },
        ),
      ],
      {
        calls: { "crypto-agent": calls(14, { byService: { ssm: 8, ec2: 6 } }) },
        diagnostics: [{ code: "a.b", severity: "note", message: "M." }],
      },
    );

    const document = planDocument(given, options);

    expect(JSON.stringify({ ...document, fingerprint: "" }, null, 2)).toMatchInlineSnapshot(`
      "{
        "formatVersion": "1.0",
        "tool": "reconcile 0.1.0",
        "revision": "9d03e71c0ffee0000000000000000000000000aa",
        "base": "4f1c2abc0ffee0000000000000000000000000bb",
        "fingerprint": "",
        "stacks": [
          {
            "name": "crypto-agent",
            "project": "news",
            "account": "123456789012",
            "region": "us-east-1",
            "changes": [
              {
                "logicalId": "AppSecurityGroup",
                "type": "AWS::EC2::SecurityGroup",
                "action": "update",
                "identifier": "sg-0abc",
                "reasons": [
                  "property-changed"
                ],
                "cause": "drift",
                "impact": "none",
                "steps": [],
                "place": {
                  "file": "desired-state/crypto-agent/template.yaml",
                  "line": 41,
                  "column": 3
                },
                "properties": [
                  {
                    "path": "/SecurityGroupIngress/-",
                    "before": {
                      "IpProtocol": "tcp"
                    },
                    "cause": "drift",
                    "sensitive": false,
                    "requiresReplacement": false
                  }
                ],
                "fingerprint": "sha256:82675612ea565ecc6e0f03fcdd7d9c9950b2ede48ff3f12ff601e916c96be902",
                "fingerprintExcludes": []
              }
            ],
            "unowned": [
              {
                "logicalId": "A",
                "type": "AWS::EC2::SecurityGroup",
                "identifier": "sgr-1",
                "path": null,
                "owner": null
              }
            ],
            "orphans": [
              {
                "logicalId": "B",
                "type": "AWS::EC2::SecurityGroup",
                "identifier": "sg-2",
                "reason": "guard"
              }
            ],
            "summary": {
              "create": 0,
              "update": 1,
              "replace": 0,
              "delete": 0,
              "adopt": 0,
              "unchanged": 12
            },
            "calls": {
              "total": 14,
              "byService": {
                "ec2": 6,
                "ssm": 8
              },
              "throttled": 0
            },
            "durationMs": 812
          }
        ],
        "diagnostics": [
          {
            "code": "a.b",
            "severity": "note",
            "message": "M.",
            "remedy": null,
            "resource": null,
            "place": null,
            "related": []
          }
        ]
      }"
    `);
  });

  it("holds the contract for a bit of everything", () => {
    expect(() => PlanDocument.parse(planDocument(everything(), { ...options, all: true }))).not.toThrow();
  });

  it("has rows without an action on demand only, and counts them always", () => {
    const given = plan([stackPlan(unchanged(2))]);

    expect(planDocument(given, options).stacks[0]?.changes).toEqual([]);
    expect(planDocument(given, { ...options, all: true }).stacks[0]?.changes.map((row) => row.action)).toEqual([
      "none",
      "none",
    ]);
    expect(planDocument(given, options).stacks[0]?.summary).toMatchObject({ unchanged: 2, update: 0 });
  });

  it("says how long was waited for throttling, and of which operations", () => {
    const waited = { milliseconds: 12_000.4, operations: ["ec2:DescribeInstances"] };
    const given = plan([stackPlan(unchanged(1))], { calls: { "crypto-agent": calls(3, { throttled: 5, waited }) } });
    expect(PlanDocument.parse(planDocument(given, options)).stacks[0]?.calls).toEqual({
      total: 3,
      byService: { ec2: 3 },
      throttled: 5,
      waited: { durationMs: 12_000, operations: ["ec2:DescribeInstances"] },
    });
  });

  it("has null where there is nothing to name, and zeros where nothing was counted", () => {
    const given = plan([stackPlan([change("A", types.alarm, { action: "create" })])], {
      calls: {},
      revision: null,
      base: null,
    });

    const document = planDocument(given, { tool: "reconcile 0.1.0", durationMs: {} });

    expect(PlanDocument.parse(document)).toMatchObject({
      revision: null,
      base: null,
      stacks: [{ changes: [{ identifier: null }], calls: { total: 0, byService: {}, throttled: 0 }, durationMs: 0 }],
    });
  });

  it("marks what lets go of a resource", () => {
    const given = plan([stackPlan([change("A", types.alarm, { action: "update", released: true })])]);

    expect(planDocument(given, options).stacks[0]?.changes[0]?.steps).toEqual(["release"]);
  });

  it("says what is unknown and never what is sensitive, by the change or by its type", proves(10, "memory"), () => {
    const unknown = new Unknown(["Vpc.VpcId"], "changes");
    const given = plan([
      stackPlan([
        change("A", types.database, {
          properties: [property("/MasterUserPassword", { before: "hunter22", after: unknown })],
        }),
        change("B", types.parameter, {
          properties: [property("/Value", { before: "hunter22", after: "hunter33", sensitive: true })],
        }),
        change("C", types.service, { properties: [property("/Environment", { after: { KEY: "hunter22" } })] }),
        change("D", types.parameter, { properties: [property("/Value", { before: null, after: { a: [unknown] } })] }),
      ]),
    ]);

    const document = planDocument(given, options);

    const values = document.stacks[0]?.changes.flatMap((row) =>
      row.properties.map(({ before, after }) => ({ before, after })),
    );
    expect(values).toEqual([
      { before: { sensitive: true }, after: { sensitive: true } },
      { before: { sensitive: true }, after: { sensitive: true } },
      { before: undefined, after: { KEY: { sensitive: true } } },
      { before: null, after: { a: [{ unknown: ["Vpc.VpcId"] }] } },
    ]);
    expect(Object.keys(document.stacks[0]?.changes[2]?.properties[0] ?? {})).not.toContain("before");
    expect(PlanDocument.safeParse(document).success).toBe(true);
  });
});

describe("the fingerprint", () => {
  const row = { properties: [property("/Value", { before: "a", after: "b" })] };
  const of = (given: object, more: object = {}) =>
    fingerprintOf(plan([stackPlan([change("A", types.parameter, { ...row, ...given }), ...unchanged(1)])], more));

  it.each<[string, string]>([
    ["calls", of({}, { calls: { "crypto-agent": calls(99) } })],
    ["places", of({ place: place(99) })],
    [
      "the base and the causes it gives",
      of({ cause: null, properties: [property("/Value", { before: "a", after: "b", cause: null })] }, { base: null }),
    ],
    ["unchanged resources", fingerprintOf(plan([stackPlan([change("A", types.parameter, row)])]))],
    ["notes", of({}, { diagnostics: [{ code: "a.b", severity: "note", message: "M." }] })],
  ])("does not depend on %s", (_name, fingerprint) => {
    expect(fingerprint).toBe(of({}));
  });

  it.each<[string, string]>([
    ["a value", of({ properties: [property("/Value", { before: "a", after: "c" })] })],
    ["the live value that was seen", of({ properties: [property("/Value", { before: "x", after: "b" })] })],
    ["the action", of({ action: "replace" })],
    ["the identifier", of({ identifier: "other" })],
    ["the stack", fingerprintOf(plan([stackPlan([change("A", types.parameter, row)], { name: "network" })]))],
  ])("depends on %s", (_name, fingerprint) => {
    expect(fingerprint).not.toBe(of({}));
  });

  it("tells nothing about a secret", proves(10, "memory"), () => {
    const secret = (value: string) =>
      of({ properties: [property("/Value", { before: "a", after: value, sensitive: true })] });

    expect(secret("hunter22")).toBe(secret("hunter33"));
  });
});

describe("other documents", () => {
  const diagnostic = { code: "ref.undefined", severity: "error" as const, message: "M.", place: place(3) };
  const full = {
    ...diagnostic,
    remedy: "R",
    resource: "A (B)",
    place: place(2),
    related: [{ message: "here", place: place(1) }],
  };

  it("sorts diagnostics by place and leaves no name out", () => {
    const { diagnostics } = diagnosticDocument([
      { code: "aws.denied", severity: "error", message: "M." },
      diagnostic,
      full,
    ]);

    expect(diagnostics.map((each) => each.place?.line)).toEqual([2, 3, undefined]);
    expect(diagnostics[1]).toEqual({ ...diagnostic, remedy: null, resource: null, related: [] });
    expect(diagnostics.every((each) => DiagnosticDocument.safeParse(each).success)).toBe(true);
  });

  const step = { stack: "crypto-agent", logicalId: "A", type: "AWS::SSM::Parameter", operation: "create" as const };
  const result = { step, outcome: "failed" as const, milliseconds: 12.6, diagnostics: [diagnostic] };
  const run = {
    results: [result],
    confirmed: plan([stackPlan([change("A", types.parameter, {}), ...unchanged(1)])]),
    mutated: true,
    interrupted: false,
    diagnostics: [],
    outputs: {
      "crypto-agent": [
        { name: "Key", value: "hunter22", sensitive: true },
        { name: "Url", value: "u", sensitive: false, description: "D" },
      ],
    },
    calls: { "crypto-agent": calls(3) },
    milliseconds: 1000.4,
  };

  it("tells how a run ended", () => {
    const document = RunDocument.parse(runDocument(run));

    expect(document).toMatchObject({
      verdict: "failed",
      durationMs: 1000,
      confirmed: { empty: false, changes: [{ stack: "crypto-agent", logicalId: "A" }] },
    });
    expect(document.outputs["crypto-agent"]?.map((output) => output.value)).toEqual([{ sensitive: true }, "u"]);
    expect(RunDocument.parse(runDocument({ ...run, confirmed: undefined })).confirmed).toBeNull();
  });

  it.each<RunEvent>([
    { kind: "run-started", at: 0, steps: [step] },
    { kind: "step-started", at: 1, step },
    { kind: "step-progress", at: 2, step, message: "creating" },
    { kind: "step-finished", at: 3, ...result },
    { kind: "confirming", at: 4 },
    { kind: "run-finished", at: 5, run },
  ])("makes one line of $kind", (event) => {
    const line = JSON.stringify(eventDocument(event));

    expect(line).not.toContain("\n");
    expect(EventDocument.parse(JSON.parse(line))).toMatchObject({ event: event.kind, at: event.at });
  });
});
