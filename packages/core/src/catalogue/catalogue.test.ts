import { describe, expect, it } from "vitest";
import {
  type CatalogueEntry,
  diagnosticIds,
  diagnosticPage,
  diagnosticsIndex,
  diagnosticText,
  exampleFiles,
  families,
  findEntry,
  nearestId,
} from "./index.ts";

const index = diagnosticsIndex(families);
const rows = diagnosticIds.flatMap((id) => findEntry(id) ?? []);

describe("every diagnostic", () => {
  it.each(rows)("$id says what it means, why, and what to do, in sentences", ({ id, says, why, mend, see }) => {
    expect(id).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
    expect(says).toMatch(/^[^\n]*\.$/);
    for (const words of [why, mend]) expect(words).toMatch(/\w.*\.$/s);
    if (see !== undefined) expect(new URL(see)).toMatchObject({ protocol: "https:" });
  });

  it.each(rows)("$id is found in a page, a text and the index", (entry) => {
    const { id, says } = entry;
    const text = diagnosticText(entry, { color: false, width: 1000 });

    expect(diagnosticPage(entry)).toContain(`# ${id}\n\n`);
    expect(text.split("\n")).toEqual(expect.arrayContaining([id, `  ${says}`, `  What to do: ${entry.mend}`]));
    expect(index).toContain(`| [${id}](${id}.md) |`);
  });

  it("belongs to one family", () => {
    const all = families.flatMap(({ entries }) => Object.keys(entries));

    expect(all.sort()).toEqual(diagnosticIds);
    expect(rows.map(({ family }) => families.some(({ title }) => title === family))).not.toContain(false);
  });
});

describe("looking one up", () => {
  it("an error that only AWS has a name for shares an entry", () => {
    expect(findEntry("aws.load-balancer-not-found")).toMatchObject({ id: "aws.other" });
  });

  it.each(["aws.Load", "aws.", "ref.undefind", "constructor", ""])("there is none of %j", (id) => {
    expect(findEntry(id)).toBeUndefined();
  });

  it("what is near is offered, and where nothing is, how to find a code", () => {
    expect(nearestId("ref.undefind")).toBe('Did you mean "ref.undefined"?');
    expect(nearestId("xyz")).toMatch(/^diagnostics show their code/);
  });
});

const lines = (count: number) => Array.from({ length: count }, (_, index) => `  Line${index + 1}: x`);

/** A diagnostic of which nothing is true but what a test says. */
function entry(more: Partial<CatalogueEntry> = {}): CatalogueEntry {
  return {
    id: "bread.burnt",
    family: "In the oven: heat & time",
    says: "The bread is burnt.",
    why: "Bread does not stop by itself.",
    mend: "Take it out.",
    ...more,
  };
}

describe("a page", () => {
  it("has what is said, and the way back", () => {
    expect(diagnosticPage(entry())).toBe(
      [
        "# bread.burnt",
        "The bread is burnt.",
        "Bread does not stop by itself.",
        "**What to do.** Take it out.",
        "[In the oven: heat & time](README.md#in-the-oven-heat--time)\n",
      ].join("\n\n"),
    );
  });

  it("has the files that it is said of, what is then shown, and the page of AWS that decides it", () => {
    const page = diagnosticPage(
      entry({ see: "https://docs.aws.amazon.com/oven", example: { "a.yaml": "A: 1\n", "b.yaml": "B: 2\n" } }),
      "error  bread.burnt",
    );

    expect(page).toContain(
      [
        "**See** <https://docs.aws.amazon.com/oven>",
        "## Example",
        "`a.yaml`",
        "```yaml\nA: 1\n```",
        "`b.yaml`",
        "```yaml\nB: 2\n```",
        "```text\nerror  bread.burnt\n```",
      ].join("\n\n"),
    );
  });

  it("shows words as they are: only what stands between backticks is code", () => {
    const page = diagnosticPage(entry({ says: "*All* of <b> in `a_*_b` | c_d \\ is shown." }));

    expect(page).toContain("\\*All\\* of \\<b\\> in `a_*_b` \\| c\\_d \\\\ is shown.");
  });

  it("of a long example has the beginning", () => {
    const whole = diagnosticPage(entry({ example: lines(30).join("\n") }));
    const cut = diagnosticPage(entry({ example: [...lines(30), `  Line31: ${"x".repeat(200)}`].join("\n") }));

    expect(whole).toContain("Line30");
    expect(cut).toContain("Line20: x\n# … and 11 more lines\n");
    expect(cut).not.toContain("Line21");
  });

  it("cuts lines that nobody reads to their end", () => {
    const page = diagnosticPage(entry({ example: `A: ${"x".repeat(200)}` }));

    expect(Math.max(...page.split("\n").map((line) => line.length))).toBe(140);
  });
});

describe("a text for a terminal", () => {
  it("has the same in the same order, within its width", () => {
    const text = diagnosticText(
      entry({
        why: "Bread does not stop by itself, and an oven does not either.",
        see: "https://docs.aws.amazon.com/oven",
        example: `A: ${"x".repeat(50)}\n`,
      }),
      { color: false, width: 40 },
    );

    expect(text.split("\n")).toEqual([
      "bread.burnt",
      "",
      "  The bread is burnt.",
      "",
      "  Bread does not stop by itself, and an",
      "  oven does not either.",
      "",
      "  What to do: Take it out.",
      "",
      "  See https://docs.aws.amazon.com/oven",
      "",
      "  template.yaml",
      expect.stringMatching(/^ {4}A: x+…$/),
    ]);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBe(40);
  });
});

it("the index has a table for each family, its codes in the order of the alphabet", () => {
  const { says, why, mend } = entry();
  const entries = { "bread.burnt": { says, why, mend }, "bread.black": { says: "It is a | b.", why, mend } };

  expect(diagnosticsIndex([{ title: "Oven", about: "While it bakes.", entries }])).toMatch(
    [
      "## Oven",
      "While it bakes.",
      "| | |\n| --- | --- |\n| [bread.black](bread.black.md) | It is a \\| b. |\n| [bread.burnt](bread.burnt.md) | The bread is burnt. |\n",
    ].join("\n\n"),
  );
});

it.each([
  { example: undefined, files: {} },
  { example: "A: 1", files: { "template.yaml": "A: 1" } },
  { example: { "stack.yaml": "B: 2" }, files: { "stack.yaml": "B: 2" } },
])("the files of $example are $files", ({ example, files }) => {
  expect(exampleFiles({ ...(example !== undefined && { example }) })).toEqual(files);
});
