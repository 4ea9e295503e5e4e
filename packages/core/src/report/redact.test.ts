import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sensitive } from "../resource/annotations.ts";
import { shapeOf } from "../resource/shape.ts";
import { drawn, proves } from "../testing/proofs.ts";
import { Unknown } from "../value.ts";
import { change, plan, property, stackPlan, types } from "./fixtures.ts";
import { runDocument } from "./json.ts";
import { escapeText } from "./markdown-escape.ts";
import { printable } from "./printable.ts";
import { createRedactor, redactDocument, shown } from "./redact.ts";
import { redactPlan, redactRun } from "./redact-plan.ts";
import { renderPlan } from "./text.ts";

describe("shown", proves(10, "memory"), () => {
  const unknown = new Unknown(["Vpc.VpcId"], "changes");

  it.each([
    ["a plain value", { a: [1, true, null, "x"] }, false, { a: [1, true, null, "x"] }],
    ["an unknown", unknown, false, { unknown: ["Vpc.VpcId"] }],
    ["an unknown inside", { a: [unknown] }, false, { a: [{ unknown: ["Vpc.VpcId"] }] }],
    ["a sensitive value", "hunter22", true, { sensitive: true }],
    ["a sensitive unknown", unknown, true, { sensitive: true }],
  ])("gives %s as output may have it", (_name, value, isSensitive, expected) => {
    expect(shown(value, isSensitive)).toEqual(expected);
  });

  it("hides the parts that the type calls sensitive, at any depth", () => {
    const shape = shapeOf(
      z.strictObject({ Users: z.array(z.strictObject({ Name: z.string(), Password: sensitive(z.string()) })) }),
    );

    const value = shown({ Users: [{ Name: "ana", Password: "hunter22" }] }, false, shape);

    expect(value).toEqual({ Users: [{ Name: "ana", Password: { sensitive: true } }] });
  });

  it("is not misled by names that every object has", () => {
    const shape = shapeOf(z.strictObject({ A: z.string() }));

    expect(shown({ constructor: "x", toString: "y" }, false, shape)).toEqual({ constructor: "x", toString: "y" });
  });
});

// Letters that every encoding changes; none of those that "(sensitive)" is made of, or a replacement could complete a secret.
const secret = fc
  .array(fc.constantFrom(...'XYZ0189+/=%&<>"\\ äß€\n\t|*_`@#'), { minLength: 4, maxLength: 24 })
  .map((parts) => parts.join(""))
  .filter((text) => text.trim().length >= 4);
const around = fc.array(fc.constantFrom(..."abc {}.,-"), { maxLength: 10 }).map((parts) => parts.join(""));

const writings: [string, (text: string) => string][] = [
  ["plain", (text) => text],
  ["as JSON", (text) => JSON.stringify(text)],
  ["as JSON inside JSON", (text) => JSON.stringify(JSON.stringify({ text }))],
  ["as part of a URL", (text) => encodeURIComponent(text)],
  ["as part of a URL in lower case", (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase())],
  ["as a form", (text) => new URLSearchParams({ text }).toString()],
  ["as the terminal gets it", (text) => printable(text)],
  ["in single quotes", (text) => printable(text.replaceAll("\\", "\\\\").replaceAll("'", "\\'"))],
  ["as Markdown", (text) => escapeText(text)],
  ["as Markdown inside a line", (text) => escapeText(`x ${text}`)],
];

describe("a redactor", proves(10, "memory"), () => {
  it.for(writings)("leaves no secret in a text that has it %s", ([, write], context) => {
    fc.assert(
      fc.property(around, secret, around, (before, value, after) => {
        const text = createRedactor([value])(before + write(value) + after);
        expect(text).toContain("(sensitive)");
        expect(text).not.toContain(write(value).slice(1, -1));
      }),
      drawn(context, 300),
    );
  });

  it.for(["base64", "base64url"] as const)("leaves no secret in %s, wherever it begins", (encoding, context) => {
    fc.assert(
      fc.property(around, secret, around, (before, value, after) => {
        const encoded = Buffer.from(before + value + after).toString(encoding);
        const left = createRedactor([value])(encoded).split("(sensitive)");
        expect(left.length).toBeGreaterThan(1);
        // What is left on either side decodes to no more than what was around it, and a part of one character.
        expect((left[0] ?? "").length).toBeLessThanOrEqual(Math.ceil((Buffer.byteLength(before) * 8) / 6));
        expect((left.at(-1) ?? "").replaceAll("=", "").length).toBeLessThanOrEqual(
          Math.ceil((Buffer.byteLength(after) * 8) / 6) + 1,
        );
      }),
      drawn(context, 300),
    );
  });

  it("leaves nothing of two secrets that overlap", () => {
    expect(createRedactor(["abcdef", "defghi"])("x abcdefghi y")).toBe("x (sensitive) y");
  });

  it("takes out the lines of a secret that has several", () => {
    const key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\n-----END KEY-----\n";

    expect(createRedactor([key])("+ MIIEvQIBADANBg")).toBe("+ (sensitive)");
  });

  it("leaves values under four characters, which are part of too many words", () => {
    expect(createRedactor(["abc", ""])("abcabc")).toBe("abcabc");
  });

  it("leaves a text without secrets as it is", () => {
    expect(createRedactor(["hunter22"])("1 to create")).toBe("1 to create");
  });
});

describe("a plan without secrets", proves(10, "memory"), () => {
  it("has none left that a line's end could cut in two", () => {
    const secret = "a secret phrase of several words that is longer than a line of the terminal, which would cut it";
    const given = plan(
      [
        stackPlan(
          [
            change("Notes", types.parameter, {
              properties: [property("/Value", { before: "x", after: `y ${secret}` })],
            }),
          ],
          {
            notes: [{ logicalId: "Notes", message: `has ${secret}` }],
          },
        ),
      ],
      { diagnostics: [{ code: "x.y", severity: "error", message: `Not ${secret}.` }] },
    );

    const text = renderPlan(redactPlan(given, createRedactor([secret])), { color: false, durationMs: {} });

    expect(text).not.toMatch(/secret phrase|several words/);
    expect(text.match(/\(sensitive\)/g)).toHaveLength(3);
  });

  it("has none left in how a run ended either", () => {
    const diagnostic = {
      code: "a.b",
      severity: "error" as const,
      message: "Not hunter22.",
      place: { file: "a", line: 1, column: 1 },
    };
    const step = { stack: "crypto-agent", logicalId: "A", type: "T", operation: "create" as const };
    const given = {
      results: [{ step, outcome: "failed" as const, milliseconds: 22, diagnostics: [diagnostic] }],
      confirmed: plan([
        stackPlan([change("A", types.parameter, { properties: [property("/Value", { after: "hunter22" })] })]),
      ]),
      mutated: true,
      interrupted: false,
      diagnostics: [diagnostic],
      outputs: { "crypto-agent": [{ name: "Url", value: "https://x:hunter22@y", sensitive: false }] },
      calls: {},
      milliseconds: 22,
    };

    const redacted = redactRun(given, createRedactor(["hunter22"]));

    expect(JSON.stringify(runDocument(redacted))).not.toContain("hunter");
    expect(redacted.results[0]?.diagnostics[0]?.place).toEqual(diagnostic.place);
  });

  it("keeps what is unknown", () => {
    const unknown = new Unknown(["Vpc.VpcId"], "changes");
    const given = plan([
      stackPlan([change("Notes", types.parameter, { properties: [property("/Value", { after: unknown })] })]),
    ]);

    const [stack] = redactPlan(given, createRedactor(["hunter22"])).stacks;

    expect(stack?.changes[0]?.properties[0]?.after).toBe(unknown);
  });
});

describe("redactDocument", proves(10, "memory"), () => {
  it("keeps the contract's words and names when a secret is called like one of them", () => {
    const document = {
      action: "update",
      name: "a name",
      line: 12345,
      properties: [{ before: { update: "x update", port: 12345 } }],
    };

    const redacted = redactDocument(document, createRedactor(["update", "name", "12345"]));

    expect(redacted).toEqual({
      action: "update",
      name: "a (sensitive)",
      line: 12345,
      properties: [{ before: { "(sensitive)": "x (sensitive)", port: "(sensitive)" } }],
    });
  });
});
