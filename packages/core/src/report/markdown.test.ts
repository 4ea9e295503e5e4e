import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "../plan/model.ts";
import { drawn, proves } from "../testing/proofs.ts";
import { calls, change, everything, place, plan, property, stackPlan, types, unchanged } from "./fixtures.ts";
import { renderComment } from "./markdown.ts";
import { html, tagsIn } from "./markdown-fixtures.ts";

const facts = { durationMs: { "crypto-agent": 1234 } };

function render(given: Plan, limit?: number): string {
  return renderComment(given, { ...facts, ...(limit !== undefined && { limit }) });
}

describe("a comment on a pull request", () => {
  it("begins with the verdict and the dangers; the changes are folded", proves(13, "memory"), () => {
    expect(render(everything())).toMatchInlineSnapshot(`
      "**crypto-agent** (us-east-1): 1 create · 3 update · 1 replace · 0 delete · 1 drift would be reverted · ⚠ 1 refused · 31 calls · 1.2 s

      > [!CAUTION]
      > **CryptoTable** would be replaced: \`KeySchema\` forces it (\`template.yaml:88\`). **Refused**: CryptoTable (crypto) holds what cannot be made again. Fix: Allow its replacement with --allow-delete CryptoTable\\
      > **AppSecurityGroup** would open tcp 22 to the world (\`template.yaml:41\`).

      <details><summary>crypto-agent: 5 changes</summary>

      | Action | Resource | Type | Why | Place |
      | --- | --- | --- | --- | --- |
      | ⚠ replace | \`CryptoTable\` | \`AWS::DynamoDB::Table\` | refused, KeySchema forces it | \`template.yaml:88\` |
      | ⚠ update | \`AppSecurityGroup\` | \`AWS::EC2::SecurityGroup\` | opens tcp 22 to the world | \`template.yaml:41\` |
      | + create | \`NightlyAlarm\` | \`AWS::CloudWatch::Alarm\` |  | \`template.yaml:120\` |
      | ~ update | \`ImageRepository\` | \`AWS::ECR::Repository\` |  | \`template.yaml:60\` |
      | ~ update | \`InstanceRole\` | \`AWS::IAM::Role\` | changed outside | \`template.yaml:70\` |

      \`\`\`diff
      # CryptoTable
        KeySchema[0].AttributeName  id → tenant  (forces the replacement)
      # AppSecurityGroup
      + SecurityGroupIngress  tcp 22 from 0.0.0.0/0  "temporary"
      # ImageRepository
        ImageTagMutability  MUTABLE → IMMUTABLE
        LifecyclePolicy  rules[0].selection.countNumber  10 → 20
      # InstanceRole
      - AssumeRolePolicyDocument  Allow sts:AssumeRole to *
      + AssumeRolePolicyDocument  Allow sts:AssumeRole to ec2.amazonaws.com
      \`\`\`

      Noted, left alone:

      - AppService: DesiredCount is 3 and not declared
      - AppSecurityGroup: has 1 foreign tag (CostCenter)

      </details>"
    `);
  });

  it("is one line when there is nothing to do", () => {
    expect(render(plan([stackPlan(unchanged(18))]))).toMatchInlineSnapshot(
      `"**crypto-agent** (us-east-1): 18 resources as declared · 31 calls · 1.2 s"`,
    );
  });

  it("says what was waited for in that line", () => {
    const waited = { milliseconds: 12_000, operations: ["ec2:DescribeInstances"] };
    const given = plan([stackPlan(unchanged(1))], { calls: { "crypto-agent": calls(3, { waited }) } });
    expect(render(given)).toContain("1.2 s · waited 12.0 s because AWS throttled ec2:DescribeInstances");
  });

  it("tells every refusal, also of what is not dangerous by itself, and other messages at the end", () => {
    const text = render(
      plan([stackPlan([change("A", types.alarm, {})])], {
        diagnostics: [
          { code: "guard.x", severity: "error", message: "This run would delete 3 of 4.", remedy: "check the branch" },
          { code: "adopt.x", severity: "error", message: "It exists already.", resource: "A (AWS::CloudWatch::Alarm)" },
          { code: "warn.x", severity: "warning", message: "A warning." },
        ],
      }),
    );

    expect(text).toMatchInlineSnapshot(`
      "**crypto-agent** (us-east-1): 0 create · 1 update · 0 replace · 0 delete · ⚠ 1 refused · 31 calls · 1.2 s

      > [!CAUTION]
      > **Refused**: This run would delete 3 of 4. Fix: Check the branch\\
      > **Refused**: A (AWS::&#8203;CloudWatch::Alarm): It exists already.

      <details><summary>crypto-agent: 1 change</summary>

      | Action | Resource | Type | Why | Place |
      | --- | --- | --- | --- | --- |
      | ~ update | \`A\` | \`AWS::CloudWatch::Alarm\` | refused | \`template.yaml:10\` |

      </details>

      - warning: A warning."
    `);
  });

  const tags = [
    "p",
    "strong",
    "br",
    "blockquote",
    "details",
    "summary",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "code",
    "pre",
    "ul",
    "li",
    "em",
  ];
  const hostile = fc
    .array(
      fc.constantFrom(
        ..."`*_[]()<>&|~!@#:\n a1-",
        ...[
          "<img src=x onerror=y>",
          "</details>",
          "```",
          "![a](http://b)",
          "@user",
          "https://x.y",
          "<!--",
          "> [!NOTE]",
          "\n\n# A",
          "|---|",
        ],
      ),
      { maxLength: 10 },
    )
    .map((parts) => parts.join(""));

  it("lets no value do anything", proves(13, "memory"), (context) => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (name, before, after) => {
        const evil = change(`X${name}`, types.parameter, {
          action: "replace",
          reasons: ["adopted"],
          identifier: before,
          steps: [after],
          place: { file: `a/${name}`, line: 1, column: 1 },
          properties: [
            property("/Value", { before, after, requiresReplacement: true }),
            property(`/${name}`, { after: { [before]: after } }),
          ],
        });
        const text = render(
          plan([stackPlan([evil], { notes: [{ logicalId: name, message: after }] })], {
            diagnostics: [
              {
                code: "a.b",
                severity: "error",
                message: before,
                remedy: after,
                resource: `X${name} (AWS::SSM::Parameter)`,
              },
              { code: "a.b", severity: "warning", message: after },
            ],
          }),
        );
        const rendered = html(text);
        expect(tagsIn(rendered).filter((tag) => !tags.includes(tag))).toEqual([]);
        expect(tagsIn(rendered).filter((tag) => tag === "table" || tag === "pre")).toHaveLength(4);
        expect(rendered.replace(/<code[^>]*>[^<]*<\/code>/g, "")).not.toMatch(/@user|https?:\/\//);
      }),
      drawn(context, 120),
    );
  });

  it("keeps the verdict and the dangers when it has to be shortened", proves(13, "memory"), () => {
    const value = (character: string) =>
      Array.from({ length: 30 }, (_, line) => `${character}${line} ${"x".repeat(120)}`).join("\n");
    const large = Array.from({ length: 200 }, (_, index) =>
      change(`Parameter${index}`, types.parameter, {
        properties: [property("/Value", { before: value("a"), after: value("b") })],
      }),
    );
    const dangers = Array.from({ length: 20 }, (_, index) =>
      change(`Table${index}`, types.table, { action: "delete", place: place(index) }),
    );
    const given = plan([stackPlan([...large, ...dangers])]);

    for (const limit of [65_536, 20_000, 4000]) {
      const text = render(given, limit);
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text).toContain("200 update · 0 replace · 20 delete");
      expect(text.match(/would be deleted/g)).toHaveLength(20);
    }
  });

  it("counts the dangers that have no room", proves(13, "memory"), () => {
    const dangers = Array.from({ length: 500 }, (_, index) =>
      change(`Table${index}`, types.table, { action: "delete" }),
    );

    const text = render(plan([stackPlan(dangers)]), 2000);

    expect(text.length).toBeLessThanOrEqual(2000);
    const shown = text.match(/would be deleted/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(10);
    expect(text).toContain(`… and ${500 - shown} more, not shown here.`);
  });
});
