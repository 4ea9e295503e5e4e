import type { Row } from "./outcome.ts";

export const resources = "Resources:\n  Queue: { Type: AWS::SQS::Queue }\n";
export const extensions = "Transform: AWS::LanguageExtensions\n";

/** A section, or what makes a template; with one resource. */
export function section(of: string, rule: string, text: string, more: Partial<Row> = {}): Row {
  return { of, rule, template: `${text}\n${resources}`, ...more };
}
