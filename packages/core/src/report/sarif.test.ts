import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../diagnostic.ts";
import { sarifDocument } from "./sarif.ts";

const file = "desired-state/a b#1.yaml";
const place = { file, line: 2, column: 3, end: { line: 2, column: 7 } };
const wrong: Diagnostic = {
  code: "ref.undefined",
  severity: "error",
  message: 'There is no "B".',
  remedy: 'did you mean "A"?',
  resource: "A (Test::Thing)",
  place,
  related: [{ message: '"A" is declared here.', place: { file, line: 1, column: 1 } }],
};
const open: Diagnostic = {
  code: "network.admin-port-open",
  severity: "warning",
  message: "Open.",
  place: { file, line: 3, column: 1 },
};

const page = (code: string) =>
  code === open.code
    ? { id: code, says: "SSH is open.", why: "It is tried.", mend: "Close it.", example: "Port: 22\n" }
    : undefined;

function render(diagnostics: readonly Diagnostic[], text = "A:\n  B: !Ref B\nrule\n", repository?: string) {
  const options = { version: "1.2.3", sources: () => text, page, ...(repository && { repository }) };
  return JSON.parse(JSON.stringify(sarifDocument(diagnostics, options)));
}

function fingerprints(diagnostics: readonly Diagnostic[], text?: string): string[] {
  const { results } = render(diagnostics, text).runs[0];
  return results.map(
    (result: { partialFingerprints: Record<string, string> }) => result.partialFingerprints["reconcile/v1"],
  );
}

describe("diagnostics as SARIF", () => {
  it("have a place each, from the repository's root, and the rule that they break", () => {
    const [run] = render([wrong]).runs;

    expect(run.tool.driver).toMatchObject({
      name: "Reconcile",
      version: "1.2.3",
      rules: [{ id: "ref.undefined", name: "RefUndefined" }],
    });
    expect(run.results).toEqual([
      {
        ruleId: "ref.undefined",
        ruleIndex: 0,
        level: "error",
        message: { text: 'There is no "B".\nFix: Did you mean "A"?' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "desired-state/a%20b%231.yaml", uriBaseId: "%SRCROOT%" },
              region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 7 },
            },
            logicalLocations: [{ fullyQualifiedName: "A (Test::Thing)", kind: "resource" }],
          },
        ],
        relatedLocations: [
          {
            id: 0,
            message: { text: '"A" is declared here.' },
            physicalLocation: {
              artifactLocation: { uri: "desired-state/a%20b%231.yaml", uriBaseId: "%SRCROOT%" },
              region: { startLine: 1, startColumn: 1 },
            },
          },
        ],
        partialFingerprints: { "reconcile/v1": expect.stringMatching(/^[0-9a-f]{32}$/) },
      },
    ]);
  });

  it("bring along what is known of the check", () => {
    const [rule] = render([open]).runs[0].tool.driver.rules;

    expect(rule).toMatchObject({
      shortDescription: { text: "SSH is open." },
      fullDescription: { text: "SSH is open. It is tried." },
      help: {
        text: "It is tried. Close it.",
        markdown: expect.stringMatching(
          /^SSH is open\.[\s\S]*\*\*What to do\.\*\* Close it\.[\s\S]*```yaml\nPort: 22\n```$/,
        ),
      },
      defaultConfiguration: { level: "warning" },
      properties: { tags: ["security"] },
    });
  });

  it("lead to the page of the check, where it is known where that is", () => {
    const [rule] = render([open], "", "git+https://example.test/reconcile.git").runs[0].tool.driver.rules;
    const [without] = render([open]).runs[0].tool.driver.rules;

    expect(rule.helpUri).toBe(`https://example.test/reconcile/blob/HEAD/docs/diagnostics/${open.code}.md`);
    expect(without).not.toHaveProperty("helpUri");
  });

  it("are recognised when lines are added above, and told apart", () => {
    const moved = { ...wrong, place: { ...place, line: 4 } };
    const [before] = fingerprints([wrong]);

    expect(fingerprints([moved], "# new\n# new\nA:\n  B: !Ref B\n")).toEqual([before]);
    expect(fingerprints([wrong], "A:\n  B: !Ref C\n")).not.toEqual([before]);
    expect(new Set(fingerprints([wrong, wrong, open])).size).toBe(3);
  });

  it("may be none, or have no place", () => {
    expect(render([]).runs[0].results).toEqual([]);
    expect(
      render([{ code: "path.missing", severity: "note", message: "Gone." }]).runs[0].results[0],
    ).not.toHaveProperty("locations");
  });
});
