import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawn, proves } from "../testing/proofs.ts";
import { codeBlock, codeSpan, escapeText } from "./markdown-escape.ts";
import { html, tagsIn, textIn } from "./markdown-fixtures.ts";
import { printable } from "./printable.ts";

/** Texts that are made of what Markdown, HTML and GitHub act on. */
const hostile = fc
  .array(
    fc.constantFrom(
      ..."\\`*_{}[]()<>&|~$!\"'#@:+-=.1 \t\n\r",
      ...[
        "a",
        "www.",
        "https://x.y",
        "![x](y)",
        "[x](javascript:a)",
        "<img src=x>",
        "<!--",
        "-->",
        "</details>",
        "```",
        "~~~",
        "&lt;",
        "&#64;",
        "| --- |",
        "[^1]",
        "- [x] ",
      ],
      ...["user", ":tada:", "GH-1", "a@b.c", "#1", "\u202e", "\u001b[31m", "\u0000"],
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

describe("escapeText", proves(13, "memory"), () => {
  it("shows any text as it is, inside a line, and as nothing but text", (context) => {
    fc.assert(
      fc.property(hostile, (text) => {
        const rendered = html(`Before ${escapeText(text)} after`);
        expect(tagsIn(rendered)).toEqual(["p", "p"]);
        expect(textIn(rendered)).toBe(`Before ${printable(text)} after`);
      }),
      drawn(context, 300),
    );
  });

  it("shows any text as it is at the beginning of a line", (context) => {
    fc.assert(
      fc.property(
        hostile.filter((text) => text.trim() !== ""),
        (text) => {
          const rendered = html(`${escapeText(text)} after`);
          expect(tagsIn(rendered)).toEqual(["p", "p"]);
          expect(textIn(rendered).trim()).toBe(`${printable(text)} after`.trim());
        },
      ),
      drawn(context, 300),
    );
  });

  it.each([
    ["@octocat", /@[a-z]/],
    ["fixes #12", /#\d/],
    ["GH-12", /GH-\d/],
    ["https://evil.example", /https:\/\//],
    ["www.evil.example", /www\./],
    [":tada:", /:tada:/],
    ["a@b.example", /a@b/],
  ])("leaves nothing in %s for the stages after Markdown", (text, found) => {
    const rendered = html(escapeText(text));

    expect(rendered).not.toMatch(found);
  });

  it("leaves types and places as they are written", () => {
    expect(escapeText("Table (AWS::EC2::VPC) at template.yaml:88")).toContain("template.yaml:88");
  });
});

describe("codeSpan", proves(13, "memory"), () => {
  it("shows any text as it is in a table's cell, and as nothing but code or text", (context) => {
    fc.assert(
      fc.property(hostile, (text) => {
        const rendered = html(`| a | b |\n| --- | --- |\n| ${codeSpan(text)} | end |`);
        expect(tagsIn(rendered).filter((tag) => tag === "td")).toHaveLength(4);
        expect(
          tagsIn(rendered).filter((tag) => !["table", "thead", "tbody", "tr", "th", "td", "code"].includes(tag)),
        ).toEqual([]);
        expect(textIn(rendered)).toContain("end");
        expect(textIn(rendered)).toContain(text === "" ? "(empty)" : printable(text).trim());
      }),
      drawn(context, 300),
    );
  });
});

describe("codeBlock", proves(13, "memory"), () => {
  it("holds any lines, and nothing after it is inside", (context) => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 4 }), (lines) => {
        const rendered = html(`${codeBlock(lines, "diff")}\n\nafter`);
        expect(tagsIn(rendered)).toEqual(["pre", "code", "code", "pre", "p", "p"]);
        expect(textIn(rendered)).toContain(lines.map(printable).join("\n"));
      }),
      drawn(context, 120),
    );
  });
});
