import { describe, expect, it } from "vitest";
import type { CheckOutcome, ComponentResult, VerificationReport } from "../verify/model.ts";
import { VerificationDocument } from "./document.ts";
import { redactVerification } from "./redact-plan.ts";
import { renderVerification, renderVerificationMarkdown, verificationDocument } from "./verification.ts";

function check(name: string, outcome: CheckOutcome, message: string, nextSteps: string[] = []): ComponentResult {
  const success = outcome === "passed" || outcome === "warning";
  return { success, component: `app/checks.${name}`, message, details: { outcome, tries: 1 }, nextSteps };
}

const report: VerificationReport = {
  timestamp: "2026-07-01T12:00:00.000Z",
  overallStatus: "failed",
  componentResults: [
    { success: true, component: "app/Web", message: "as declared", details: { type: "A::B::C" }, nextSteps: [] },
    {
      success: false,
      component: "app/App",
      message: "does not exist",
      details: { type: "A::B::C" },
      nextSteps: ["Run it."],
    },
    check("health", "passed", "GET https://a.test/: answered 200"),
    check("certificate", "warning", "a.test:443: the certificate expires in 9 days", ["Renew it."]),
    check(
      "login",
      "failed",
      "POST https://a.test/a-very-long-path/that/takes/all/the/room: answered 500 | <b>, not 200 to 299",
      ["See the log."],
    ),
    check("late", "skipped", "interrupted"),
  ],
  connectivityTests: { "app/health": true, "app/certificate": true, "app/login": false, "app/late": false },
  recommendations: ["app/checks.login: See the log.", "app/checks.certificate: Renew it."],
};

describe("a verification report", () => {
  it("says on a screen what works, what does not, and what to do", () => {
    expect(renderVerification(report, { color: false, width: 80 })).toBe(
      `
failed   checks 2 of 4   1 of 2 resources as declared   2026-07-01T12:00:00.000Z
  ✓ app/checks.health  GET https://a.test/: answered 200
  ! app/checks.certificate
      warning: a.test:443: the certificate expires in 9 days
  ✗ app/checks.login
      failed: POST https://a.test/a-very-long-path/that/takes/all/the/room:
      answered 500 | <b>, not 200 to 299
  - app/checks.late  skipped: interrupted
  ! app/App  does not exist

to do
  - app/checks.login: See the log.
  - app/checks.certificate: Renew it.`.trim(),
    );
  });

  it("is short when all is well", () => {
    const [resource] = report.componentResults;
    const well: VerificationReport = {
      ...report,
      overallStatus: "passed",
      componentResults: resource ? [resource] : [],
      connectivityTests: {},
      recommendations: [],
    };
    expect(renderVerification(well, { color: false })).toBe(
      "passed   checks 0 of 0   1 of 1 resource as declared   2026-07-01T12:00:00.000Z",
    );
    expect(renderVerificationMarkdown(well).split("\n\n")).toHaveLength(4);
  });

  it("is a document of its own schema", () => {
    expect(VerificationDocument.parse(verificationDocument(report))).toEqual({ formatVersion: "1.0", ...report });
  });

  it("shows values in Markdown, where they do nothing", () => {
    const markdown = renderVerificationMarkdown(report);
    expect(markdown).toContain("| ✗ failed | `app/checks.login` |");
    expect(markdown).toContain("| ⚠ differs | `app/App` | does not exist |");
    expect(markdown).toContain("answered 500 &#124; &#60;b&#62;");
    expect(markdown).toMatch(/### Recommendations\n\n- app\/checks\.login: See the log\.\n- /);
  });

  it("hides what is secret and stays a report, whatever is secret", () => {
    const redacted = redactVerification(report, (text) => text.replaceAll(/500|failed|login/g, "(sensitive)"));
    expect(redacted.overallStatus).toBe("failed");
    expect(redacted.connectivityTests).toEqual(report.connectivityTests);
    expect(redacted.componentResults[4]).toMatchObject({
      component: "app/checks.login",
      details: { outcome: "failed" },
    });
    expect(redacted.componentResults[4]?.message).toContain("answered (sensitive)");
  });
});
