import { createHash } from "node:crypto";
import type { CatalogueEntry } from "../catalogue/model.ts";
import { diagnosticHelp } from "../catalogue/page.ts";
import { type Diagnostic, type Place, sortDiagnostics } from "../diagnostic.ts";
import { fixText } from "./words.ts";

export interface SarifOptions {
  /** Of this program. */
  version: string;
  /** The text of a file as it was read: what a result is recognised by when it moves to another line. */
  sources(file: string): string | undefined;
  /** What the documentation says of a code. */
  page(code: string): Omit<CatalogueEntry, "family"> | undefined;
  /** The address of this program's repository as package.json has it, `git+https://…/name.git`: the pages are in it. Without it rules have no address. */
  repository?: string;
}

const levels = { error: "error", warning: "warning", note: "note" } as const;

/**
 * Diagnostics as a SARIF 2.1.0 document, as GitHub's code scanning and other viewers take it: each code is a rule, with what its page in the documentation says.
 * Places are relative to the repository's root.
 */
export function sarifDocument(diagnostics: readonly Diagnostic[], options: SarifOptions) {
  const { version, sources } = options;
  const sorted = sortDiagnostics(diagnostics);
  const levelOf = new Map(sorted.map(({ code, severity }) => [code, levels[severity]]));
  const codes = [...levelOf.keys()].sort();
  const rules = codes.map((code) => ruleOf(code, levelOf.get(code) ?? "none", options));
  const fingerprints = openFingerprints(sources);
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Reconcile", version, semanticVersion: version, rules } },
        columnKind: "utf16CodeUnits",
        results: sorted.map((diagnostic) => ({
          ...resultOf(diagnostic, codes),
          partialFingerprints: { "reconcile/v1": fingerprints(diagnostic) },
        })),
      },
    ],
  };
}

/** Names under which SARIF has words of its own, and ours that are no secret: nothing there is filtered. */
export const sarifWords: ReadonlySet<string> = new Set(
  "$schema version semanticVersion columnKind id name level kind ruleId tags security-severity uriBaseId helpUri reconcile/v1".split(
    " ",
  ),
);

function ruleOf(code: string, level: string, { page, repository }: SarifOptions) {
  const rule = { id: code, name: nameOf(code), defaultConfiguration: { level } };
  const entry = page(code);
  if (!entry) return rule;
  const { says, why, mend } = entry;
  return {
    ...rule,
    shortDescription: { text: says },
    fullDescription: { text: `${says} ${why}` },
    help: { text: `${why} ${mend}`, markdown: diagnosticHelp(entry) },
    ...(repository !== undefined && { helpUri: `${webAddress(repository)}/blob/HEAD/docs/diagnostics/${entry.id}.md` }),
    ...(isSecurity.test(code) && { properties: { tags: ["security"], "security-severity": "6.0" } }),
  };
}

function webAddress(repository: string): string {
  return repository.replace(/^git\+/, "").replace(/\.git$/, "");
}

/** Codes of what somebody could make use of. */
const isSecurity = /^(network\..*-open|policy\.(full|pass|public).*|secret\..*|storage\.(public|unencrypted))$/;

/** `NetworkAdminPortOpen`. */
function nameOf(code: string): string {
  return code.replace(/(^|[.-])([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}

function resultOf(diagnostic: Diagnostic, codes: readonly string[]) {
  const { code, severity, message, remedy, resource, place, related = [] } = diagnostic;
  const logical = resource === undefined ? undefined : [{ fullyQualifiedName: resource, kind: "resource" }];
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: levels[severity],
    message: { text: remedy === undefined ? message : `${message}\n${fixText(remedy)}` },
    ...(place && {
      locations: [{ physicalLocation: physicalLocation(place), ...(logical && { logicalLocations: logical }) }],
    }),
    ...(related.length > 0 && {
      relatedLocations: related.map((each, id) => ({
        id,
        message: { text: each.message },
        physicalLocation: physicalLocation(each.place),
      })),
    }),
  };
}

function physicalLocation({ file, line, column, end }: Place) {
  const uri = file.split("/").map(encodeURIComponent).join("/");
  return {
    artifactLocation: { uri, uriBaseId: "%SRCROOT%" },
    region: { startLine: line, startColumn: column, ...(end && { endLine: end.line, endColumn: end.column }) },
  };
}

/** What stays the same when lines are added above: the text of the line, and its how manieth such result it is. */
function openFingerprints(sources: SarifOptions["sources"]): (diagnostic: Diagnostic) => string {
  const lines = new Map<string, readonly string[]>();
  const seen = new Map<string, number>();
  const linesOf = (file: string) => {
    const known = lines.get(file) ?? sources(file)?.split("\n") ?? [];
    lines.set(file, known);
    return known;
  };
  return ({ code, resource, place }) => {
    const text = place && linesOf(place.file)[place.line - 1]?.trim();
    const key = JSON.stringify([code, place?.file, resource, text]);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return createHash("sha256").update(`${key} ${count}`).digest("hex").slice(0, 32);
  };
}
