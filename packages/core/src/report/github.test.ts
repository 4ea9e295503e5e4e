import { expect, it } from "vitest";
import { renderWorkflowCommands } from "./github.ts";

const place = { file: "desired-state/a,b:c.yaml", line: 3, column: 5, end: { line: 3, column: 9 } };

it("writes an annotation a line, escaped as GitHub wants it", () => {
  const text = renderWorkflowCommands([
    { code: "x.note", severity: "note", message: "Nowhere." },
    {
      code: "x.bad",
      severity: "error",
      message: "100 %:\r\n::error::injected, as it were.",
      remedy: "leave it",
      resource: "A (Test::Thing)",
      place,
    },
    {
      code: "x.warn",
      severity: "warning",
      message: "Long.",
      place: { ...place, line: 1, end: { line: 4, column: 2 } },
    },
    {
      code: "x.warn",
      severity: "warning",
      message: "A \u001b[31mpoint\u202e.",
      place: { file: "a.yaml", line: 1, column: 2 },
    },
  ]);

  expect(text.split("\n")).toEqual([
    "::warning file=a.yaml,line=1,col=2,title=x.warn::A \\u001b[31mpoint\\u202e.",
    "::warning file=desired-state/a%2Cb%3Ac.yaml,line=1,endLine=4,col=5,title=x.warn::Long.",
    "::error file=desired-state/a%2Cb%3Ac.yaml,line=3,endLine=3,col=5,endColumn=8,title=x.bad%3A A (Test%3A%3AThing)::100 %25:%0D%0A::error::injected, as it were. Fix: Leave it",
    "::notice title=x.note::Nowhere.",
  ]);
});
