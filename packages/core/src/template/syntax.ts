import type { YAMLError } from "yaml";
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { SourceFile } from "./model.ts";
import { didYouMean } from "./nearest.ts";

/** A problem that the YAML library found, in our words and with a remedy where one is known. */
export function syntaxDiagnostic(
  problem: YAMLError,
  source: SourceFile,
  functions: readonly string[],
  placeAt: (start: number, end: number) => Place,
): Diagnostic {
  const place = placeAt(problem.pos[0], problem.pos[1]);
  const error = (code: string, message: string, remedy: string): Diagnostic => ({
    code,
    severity: "error",
    message,
    remedy,
    place,
  });
  switch (problem.code) {
    case "TAB_AS_INDENT":
      return error("yaml.tab", "A tab is used for indentation, which YAML does not allow.", "Indent with spaces.");
    case "MULTIPLE_DOCS":
      return error(
        "yaml.multiple-documents",
        "A second document starts here; a file holds one.",
        'Remove the line "---", or move what follows into a file of its own.',
      );
    case "RESOURCE_EXHAUSTION":
      return error(
        "yaml.depth",
        "This is nested too deep to be read.",
        "Flatten the structure; no template needs as many levels.",
      );
    case "TAG_RESOLVE_FAILED":
      return error("yaml.tag", ...unknownTag(source.text.slice(...problem.pos), functions));
    default:
      return error(
        "yaml.syntax",
        sentence(problem.message),
        remedies[problem.code] ?? "Correct the YAML at this place.",
      );
  }
}

function unknownTag(written: string, functions: readonly string[]): [string, string] {
  const tag = written.trim();
  const names = functions.map((name) => `!${name}`);
  if (names.length === 0)
    return [`The tag ${tag} has no meaning here: this file holds plain values.`, "Write the value itself."];
  return [
    `There is no function ${tag}.`,
    didYouMean(tag, names, "Use one of CloudFormation's functions, or quote the text."),
  ];
}

const remedies: Partial<Record<YAMLError["code"], string>> = {
  BAD_INDENT: "Align this line with the others of its block; count in spaces.",
  MISSING_CHAR: "Add the missing character, or quote the text if it was meant literally.",
  BAD_SCALAR_START: "Put the value in quotes.",
  BLOCK_AS_IMPLICIT_KEY:
    'Check the indentation of what follows, or quote the value if a ":" in it belongs to the text.',
  MULTILINE_IMPLICIT_KEY: 'Check that the line has a ":" after its key, or quote the text.',
  BAD_DQ_ESCAPE: "Use single quotes where a backslash is meant literally.",
  UNEXPECTED_TOKEN: "Check the brackets, commas and quotes before this place.",
};

function sentence(message: string): string {
  return message.replace(/[.!?]?$/, ".");
}
