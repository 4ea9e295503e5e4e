export { type Explanation, explain, isUnknownName, type UnknownName } from "./explain.ts";
export { explanationPage } from "./explain-markdown.ts";
export { renderExplanation } from "./explain-text.ts";
export { editorSchema, editorSettings, type SchemaKind } from "./schema.ts";
export type { DocumentedSpecification } from "./specification.ts";
