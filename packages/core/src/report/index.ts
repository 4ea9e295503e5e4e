export { remainingChanges } from "../apply/remaining.ts";
export { type DiagnosticOptions, renderDiagnostics, validationSummary } from "./diagnostics.ts";
export {
  CallsDocument,
  ChangeDocument,
  DiagnosticDocument,
  EventDocument,
  PlaceDocument,
  PlanDocument,
  PropertyDocument,
  RunDocument,
  StackDocument,
  StepDocument,
  VerificationDocument,
} from "./document.ts";
export { renderWorkflowCommands } from "./github.ts";
export {
  HistoryDocument,
  historyDocument,
  renderHistory,
  renderHistoryMarkdown,
  type StackHistory,
} from "./history.ts";
export {
  diagnosticDocument,
  eventDocument,
  fingerprintOf,
  type PlanDocumentOptions,
  planDocument,
  runDocument,
} from "./json.ts";
export type { TextOptions } from "./layout.ts";
export { type CommentOptions, renderComment } from "./markdown.ts";
export { codeBlock, codeSpan, escapeText } from "./markdown-escape.ts";
export { printable } from "./printable.ts";
export { createRedactor, filters, redactDocument, shown } from "./redact.ts";
export { redactDiagnostics, redactPlan, redactRun, redactVerification } from "./redact-plan.ts";
export { isCutShort, isHeld, isWaiting, outputText, renderEvent, renderRunEnd, stepWords, verdictOf } from "./run.ts";
export { sarifDocument, sarifWords } from "./sarif.ts";
export { declaredSecrets, observedSecrets } from "./secrets.ts";
export { type PlanFacts, type PlanTextOptions, renderPlan } from "./text.ts";
export { renderVerification, renderVerificationMarkdown, verificationDocument } from "./verification.ts";
export { waitedTexts } from "./words.ts";
