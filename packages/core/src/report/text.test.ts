import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change, Plan } from "../plan/model.ts";
import { Unknown } from "../value.ts";
import { calls, change, everything, plan, property, stackPlan, types, unchanged } from "./fixtures.ts";
import { type PlanTextOptions, renderPlan } from "./text.ts";

const facts = { durationMs: { "crypto-agent": 1234, network: 400 } };

function render(given: Plan, options: Partial<PlanTextOptions> = {}): string {
  return renderPlan(given, { color: false, ...facts, ...options });
}

describe("a plan on a screen", () => {
  it("shows dangers first, then changes, drift apart, what is left alone, and the counts", () => {
    expect(render(everything())).toMatchInlineSnapshot(`
      "crypto-agent · us-east-1 · 123456789012                                  base 4f1c2ab → head 9d03e71

        ! CryptoTable       AWS::DynamoDB::Table     replace                             template.yaml:88
            refused, KeySchema forces it
            KeySchema[0].AttributeName  id → tenant  (forces the replacement)
        ! AppSecurityGroup  AWS::EC2::SecurityGroup  update   opens tcp 22 to the world  template.yaml:41
            SecurityGroupIngress  + tcp 22 from 0.0.0.0/0  "temporary"

        + NightlyAlarm      AWS::CloudWatch::Alarm   create                              template.yaml:120
        ~ ImageRepository   AWS::ECR::Repository     update                              template.yaml:60
            ImageTagMutability  MUTABLE → IMMUTABLE
            LifecyclePolicy     rules[0].selection.countNumber  10 → 20

        drift since 4f1c2ab, reverted by this run
        ~ InstanceRole      AWS::IAM::Role           update   changed outside            template.yaml:70
            AssumeRolePolicyDocument
              - Allow sts:AssumeRole to *
              + Allow sts:AssumeRole to ec2.amazonaws.com

        noted, left alone
          AppService: DesiredCount is 3 and not declared
          AppSecurityGroup: has 1 foreign tag (CostCenter)

      1 to create · 3 to update · 1 to replace · 0 to delete · 1 drifted · 14 unchanged
      31 calls · 1.2 s
      refused: CryptoTable (crypto) holds what cannot be made again. Fix: Allow its replacement with
               --allow-delete CryptoTable"
    `);
  });

  it("is one line when there is nothing to do", () => {
    expect(render(plan([stackPlan(unchanged(18))]))).toMatchInlineSnapshot(
      `"crypto-agent · us-east-1 · 18 resources as declared     31 calls · 1.2 s"`,
    );
  });

  it("counts nothing as declared where nothing is there", () => {
    expect(render(plan([stackPlan([])]))).toBe("crypto-agent · us-east-1 · nothing to change     31 calls · 1.2 s");
  });

  it("is one line for each of several stacks when there is nothing to do", () => {
    const quiet = plan([stackPlan(unchanged(2)), stackPlan(unchanged(1), { name: "network" })]);

    expect(render(quiet).split("\n")).toHaveLength(2);
  });

  it("tells what was found and left alone when there is nothing to do", () => {
    const noted = stackPlan(unchanged(18), {
      unowned: [
        {
          logicalId: "AppSecurityGroup",
          type: "AWS::EC2::SecurityGroup",
          identifier: "sgr-0abc",
          path: "/SecurityGroupIngress",
          owner: "news/other@us-east-1",
        },
      ],
      orphans: [{ logicalId: "OldTable", type: "AWS::DynamoDB::Table", identifier: "old", reason: "retained" }],
    });

    expect(render(plan([noted]))).toMatchInlineSnapshot(`
      "crypto-agent · us-east-1 · 18 resources as declared     31 calls · 1.2 s

        noted, left alone
          AppSecurityGroup.SecurityGroupIngress: sgr-0abc is not ours (news/other@us-east-1)
          OldTable (AWS::DynamoDB::Table): old is no longer declared and stays: retained"
    `);
  });

  it("shows a fresh stack as a line for each resource", () => {
    const changes = [
      change("AppSecurityGroup", types.group, { action: "create", reasons: ["not-found"] }),
      change("ImageRepository", types.repository, { action: "create", reasons: ["not-found"] }),
      change("InstanceRole", types.role, { action: "create", reasons: ["not-found"] }),
    ];

    expect(render(plan([stackPlan(changes)], { base: null }))).toMatchInlineSnapshot(`
      "crypto-agent · us-east-1 · 123456789012                                                   at 9d03e71

        + AppSecurityGroup  AWS::EC2::SecurityGroup  create    template.yaml:10
        + ImageRepository   AWS::ECR::Repository     create    template.yaml:10
        + InstanceRole      AWS::IAM::Role           create    template.yaml:10

      3 to create · 0 to update · 0 to replace · 0 to delete     31 calls · 1.2 s"
    `);
  });

  it("shows unchanged resources on demand", () => {
    expect(render(plan([stackPlan(unchanged(1))]), { all: true })).toMatchInlineSnapshot(`
      "crypto-agent · us-east-1 · 123456789012                                  base 4f1c2ab → head 9d03e71

        as declared
        = Same0  AWS::CloudWatch::Alarm      template.yaml:10

      0 to create · 0 to update · 0 to replace · 0 to delete · 1 unchanged     31 calls · 1.2 s"
    `);
  });

  it("says what each kind of change means in words of its own", () => {
    const changes = [
      change("Gone", types.alarm, { action: "delete", reasons: ["not-declared"] }),
      change("LeftOver", types.alarm, { action: "delete", reasons: ["left-over"], cause: "drift" }),
      change("Kept", types.alarm, { action: "update", released: true, reasons: ["not-declared"], steps: ["release"] }),
      change("Taken", types.alarm, { action: "adopt", identifier: "sg-0abc", reasons: ["adopted"] }),
      change("Lost", types.alarm, { action: "create", reasons: ["not-found"], cause: "drift" }),
      change("Resized", types.instance, {
        impact: "interrupts",
        steps: ["stop-start"],
        properties: [property("/InstanceType", { before: "t3.small", after: "t3.large" })],
      }),
      change("Image", types.instance, {
        cause: "input",
        properties: [property("/InstanceType", { before: "t3.small", after: "t3.large", cause: "input" })],
      }),
      change("Perhaps", types.group, {
        action: "replace",
        impact: "may-replace",
        reasons: ["depends-on-unknown"],
        properties: [
          property("/GroupDescription", {
            before: "a",
            after: new Unknown(["Vpc.VpcId"], "may-change"),
            requiresReplacement: true,
          }),
        ],
      }),
      change("Mixed", types.repository, {
        cause: "both",
        properties: [
          property("/ImageTagMutability", { before: "MUTABLE", after: "IMMUTABLE", cause: "drift" }),
          property("/Tags/Team", { before: "core", cause: "change" }),
        ],
      }),
    ];

    expect(render(plan([stackPlan(changes)]))).toMatchInlineSnapshot(`
      "crypto-agent · us-east-1 · 123456789012                                  base 4f1c2ab → head 9d03e71

        ! Perhaps   AWS::EC2::SecurityGroup  replace                                 template.yaml:10
            GroupDescription may force it, once known
            GroupDescription  a → known when applied (Vpc.VpcId)  (may force the replacement)
        ! Gone      AWS::CloudWatch::Alarm   delete   no longer declared             template.yaml:10
        ! LeftOver  AWS::CloudWatch::Alarm   delete   left over from an earlier run  template.yaml:10
        ! Resized   AWS::EC2::Instance       update   interrupts, with stop-start    template.yaml:10
            InstanceType  t3.small → t3.large

        ~ Image     AWS::EC2::Instance       update   an outside value moved         template.yaml:10
            InstanceType  t3.small → t3.large
        ~ Mixed     AWS::ECR::Repository     update   also changed outside           template.yaml:10
            ImageTagMutability  MUTABLE → IMMUTABLE  (drift)
            Tags.Team           - core
        - Kept      AWS::CloudWatch::Alarm   release  no longer declared, kept       template.yaml:10
        » Taken     AWS::CloudWatch::Alarm   adopt    takes over sg-0abc             template.yaml:10

        drift since 4f1c2ab, reverted by this run
        + Lost      AWS::CloudWatch::Alarm   create   deleted outside                template.yaml:10

      1 to create · 3 to update · 1 to replace · 2 to delete · 1 to adopt · 1 to release · 3 drifted
      31 calls · 1.2 s"
    `);
  });

  it("puts every stack under its own head, and what was refused at the end", () => {
    const text = render(
      plan(
        [stackPlan([change("A", types.alarm, { action: "create" })]), stackPlan(unchanged(2), { name: "network" })],
        {
          diagnostics: [
            { code: "note.x", severity: "note", message: "A note." },
            { code: "guard.x", severity: "error", message: "Not this.", remedy: "allow it" },
          ],
          calls: {
            "crypto-agent": calls(1, {
              throttled: 2,
              waited: { milliseconds: 12_040, operations: ["ec2:DescribeInstances", "ec2:DescribeVpcs"] },
            }),
            network: calls(3, { waited: { milliseconds: 999, operations: ["ec2:DescribeVpcs"] } }),
          },
          revision: null,
          base: null,
        },
      ),
    );

    expect(text).toMatchInlineSnapshot(`
      "crypto-agent · us-east-1 · 123456789012

        + A  AWS::CloudWatch::Alarm  create    template.yaml:10

      1 to create · 0 to update · 0 to replace · 0 to delete     1 call (2 throttled) · 1.2 s
        waited 12.0 s because AWS throttled ec2:DescribeInstances and 1 more

      network · us-east-1 · 2 resources as declared     3 calls · 0.4 s

      refused: Not this. Fix: Allow it
      note: A note."
    `);
  });

  it("never shows a sensitive value", () => {
    const text = render(
      plan([
        stackPlan([
          change("Database", types.database, {
            properties: [
              property("/MasterUserPassword", { before: "hunter22", after: "hunter33", sensitive: true }),
              property("/Port", { before: 1, after: 2 }),
            ],
          }),
          change("Service", types.service, {
            properties: [property("/Environment", { before: { A: "hunter22" }, after: { A: "hunter33" } })],
          }),
        ]),
      ]),
    );

    expect(text).not.toContain("hunter");
    expect(text.match(/\(sensitive\) changed/g)).toHaveLength(2);
  });

  it.each([
    ["base 4f1c2ab → head 9d03e71 + changes", { base: "4f1c2abc0ffee000", revision: "9d03e71c0ffee000" }],
    ["at 9d03e71 + changes", { base: "9d03e71c0ffee000", revision: "9d03e71c0ffee000" }],
    ["at 9d03e71 + changes", { base: null, revision: "9d03e71c0ffee000" }],
  ])("says of files that are in no commit that they are: %s", (says, revisions) => {
    const shown = (stack: string) =>
      render(plan([stackPlan([change("A", types.alarm, { action: "create" })])], revisions), {
        dirty: new Set([stack]),
      }).split("\n")[0];

    expect(shown("crypto-agent")).toMatch(new RegExp(`${says.replace("+", "\\+")}$`));
    expect(shown("another")).not.toContain("changes");
  });

  it("stays readable with a hundred resources", () => {
    const changes = Array.from({ length: 100 }, (_, index) =>
      change(`Resource${index}`, index % 2 ? types.alarm : types.repository, { action: "create" }),
    );

    const lines = render(plan([stackPlan(changes)])).split("\n");

    expect(lines).toHaveLength(104);
    expect(new Set(lines.filter((line) => line.includes("create  ")).map((line) => line.indexOf("create"))).size).toBe(
      1,
    );
  });

  it("breaks a row whose names are wider than the screen", () => {
    const wide = change("ALogicalIdThatSomebodyMadeOutOfAWholeSentence", types.ingress, {
      action: "delete",
      reasons: ["not-declared"],
    });

    const rows = render(plan([stackPlan([wide, ...unchanged(1)])]), { width: 60 }).split("\n");

    expect(rows.slice(3, 6)).toEqual([
      "  ! ALogicalIdThatSomebodyMadeOutOfAWholeSentence",
      "      AWS::EC2::SecurityGroupIngress  delete  no longer",
      "      declared  template.yaml:10",
    ]);
  });

  it("has a line for each resource on a narrow screen, too: of where it is declared, the number", () => {
    const narrow = render(plan([stackPlan([change("A", types.alarm, { action: "create" }), ...unchanged(1)])]), {
      width: 45,
    });

    expect(narrow).toContain("\n  + A  AWS::CloudWatch::Alarm  create    :10\n");
  });

  it("does not say of each resource that it goes, where everything does", () => {
    const gone = change("Web", types.ingress, { action: "delete", reasons: ["not-declared"] });

    expect(render(plan([stackPlan([gone])]))).not.toContain("no longer declared");
  });

  it("says the same in colour", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
    const plain = render(everything(), { color: true }).replace(/\u001b\[\d+m/g, "");

    expect(plain).toBe(render(everything()));
  });
});

describe("a screen of any plan", () => {
  const hostile = fc
    .array(fc.constantFrom("\u001b[2J", "\u202e", "\u200b", "\r\n", "\t", "a", " ", "😀"), { maxLength: 8 })
    .map((parts) => parts.join(""));
  const name = fc.oneof(
    fc.constantFrom("A", "AppSecurityGroup"),
    fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 90 }),
    hostile,
  );
  const value = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 200 }),
    hostile,
    fc.jsonValue(),
    fc.constant(undefined),
  );
  const changes = fc.array(
    fc.record({
      name,
      type: fc.constantFrom(...Object.values(types)),
      action: fc.constantFrom<Change["action"][]>("create", "update", "replace", "delete", "adopt", "none"),
      cause: fc.constantFrom<Change["cause"][]>("change", "drift", "both", "input", null),
      path: fc.oneof(
        fc.constantFrom("/Value", "/SecurityGroupIngress/-", "/Tags/Team"),
        name.map((text) => `/${text}`),
      ),
      before: value,
      after: value,
    }),
    { maxLength: 4 },
  );

  it("fits its width and holds nothing that a terminal would act on", () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 60, max: 120 }), fc.boolean(), (given, width, all) => {
        const rows = given.map((each) =>
          change(each.name, each.type, {
            action: each.action,
            cause: each.cause,
            place: { file: `a/${each.name}`, line: 1, column: 1 },
            properties: [property(each.path, { before: each.before, after: each.after, cause: each.cause })],
          }),
        );
        const lines = render(plan([stackPlan(rows)]), { width, all }).split("\n");
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
        expect(lines.join("")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
      { numRuns: 300 },
    );
  });
});
