import { CST, Lexer, type YAMLError } from "yaml";
import type { Diagnostic, Place } from "../diagnostic.ts";
import { openBracket } from "./brackets.ts";
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
      return { ...error("yaml.syntax", ...syntaxProblem(problem)), ...unclosed(problem, source, placeAt) };
  }
}

/** The library says where a text in quotes, or a list or map in brackets, should have ended; the slip is in one that starts before. */
function unclosed(
  { message, pos: [end] }: YAMLError,
  { text }: SourceFile,
  placeAt: (start: number, end: number) => Place,
): Pick<Diagnostic, "place" | "related"> {
  const start = message.includes("end with a")
    ? openBracket(text, end)
    : message.startsWith("Missing closing")
      ? openQuote(text, end)
      : undefined;
  if (start === undefined) return {};
  return {
    place: placeAt(start, start + 1),
    related: [{ message: "What is open was found to have no end here.", place: placeAt(end, end) }],
  };
}

/** Tokens of the lexer's own, which are not in the text. */
const marks: readonly string[] = [CST.DOCUMENT, CST.FLOW_END, CST.SCALAR];

/** Where the text in quotes starts that the library found to have no end at `end`. */
function openQuote(text: string, end: number): number {
  let start = 0;
  for (const token of new Lexer().lex(text)) {
    if (marks.includes(token)) continue;
    if (start + token.length >= end) break;
    start += token.length;
  }
  return start;
}

/** The library's messages speak of YAML's grammar; the commonest mistakes get words of their own. */
function syntaxProblem({ code, message }: YAMLError): [message: string, remedy: string] {
  if (message.includes("end with a")) {
    return [
      `${message.startsWith("Flow map") ? "The map" : "The list"} that starts with this bracket has no end.`,
      "Close the bracket, and indent what is inside it.",
    ];
  }
  if (message.startsWith("Missing closing"))
    return ["The text that starts with this quote has no end.", "Close the quote, and indent what is inside it."];
  if (message.startsWith("Missing ,")) return message.includes(" or : ") ? missingMark : missingComma;
  if (message.startsWith("Implicit map keys need")) return keyAlone;
  if (message.startsWith("Unexpected")) return misplaced;
  return inWords[code] ?? [message.replace(/[.!?]?$/, "."), "Correct the YAML at this place."];
}

const missingComma: [message: string, remedy: string] = [
  "A comma is missing before this.",
  'Add "," behind what stands before it.',
];

const missingMark: [message: string, remedy: string] = [
  'A comma or ":" is missing before this.',
  "Add it behind what stands before.",
];

const keyAlone: [message: string, remedy: string] = [
  'This line has no ":" after its key.',
  'Add the ":", or quote the text.',
];

const misplaced: [message: string, remedy: string] = [
  "This does not belong here: what stands before it has ended.",
  "Remove it; quote the value if it is a part of the text; or correct the indentation.",
];

const inWords: Partial<Record<YAMLError["code"], [message: string, remedy: string]>> = {
  BAD_INDENT: ["This line is not aligned with the others of its block.", "Indent it as they are; count in spaces."],
  BAD_SCALAR_START: ["Plain text cannot start with this character.", "Put the value in quotes."],
  BLOCK_AS_IMPLICIT_KEY: [
    'Inside this value a further key starts: there is a second ":" on the line, or the next line is indented too deep.',
    'Check the indentation of what follows, or quote the value if the ":" belongs to the text.',
  ],
  BLOCK_IN_FLOW: [
    "Inside brackets a key or a list starts in this value: a comma is missing before it, or it is written with indentation.",
    'Put "," before it; or write it in brackets as well, or close the bracket before it.',
  ],
  MULTILINE_IMPLICIT_KEY: keyAlone,
  MULTIPLE_TAGS: [
    "One function in its short form follows another, which YAML does not allow.",
    "Write one of the two in its long form, as in Fn::GetAZs: !Ref AWS::Region.",
  ],
  BAD_DQ_ESCAPE: [
    "A text in double quotes knows no such escape.",
    "Use single quotes where a backslash is meant literally.",
  ],
};

function unknownTag(written: string, functions: readonly string[]): [string, string] {
  const tag = written.trim();
  const names = functions.map((name) => `!${name}`);
  if (names.length === 0)
    return [`The tag ${tag} has no meaning here: this file holds plain values.`, "Write the value itself."];
  if (names.includes(tag)) return [`${tag} is given another meaning here by a %TAG line.`, "Remove that line."];
  return [
    `There is no function ${tag}.`,
    didYouMean(tag, names, "Use one of CloudFormation's functions, or quote the text."),
  ];
}
