import { isSeq, type Node, type YAMLSeq } from "yaml";
import type { Diagnostic } from "../diagnostic.ts";
import { truth } from "./condition.ts";
import { functions } from "./functions/index.ts";
import type { Environment, RuleDeclaration, Template } from "./model.ts";
import { didYouMean } from "./nearest.ts";
import { nestedScopes } from "./nested.ts";
import { isTagged } from "./nodes.ts";
import { openScope, report, type Scope } from "./scope.ts";
import { complain, type Entry, emptyKey, type Reader, readText, readWhole } from "./structure.ts";

const ruleKeys = ["RuleCondition", "Assertions"];
const assertionKeys = ["Assert", "AssertDescription"];

/** One entry of the section Rules. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html */
export function parseRule(reader: Reader, { key: name, keyNode, value }: Entry & { value: Node }): RuleDeclaration {
  const rule: RuleDeclaration = { name, assertions: [] };
  const parts = readWhole(reader, value, `The rule "${name}"`, "a map with Assertions");
  for (const part of parts ?? []) {
    if (!ruleKeys.includes(part.key)) unknownRuleKey(reader, part, `The rule "${name}"`, ruleKeys);
    else if (!part.value) emptyKey(reader, part, `${part.key} of the rule "${name}"`);
    else if (part.key === "RuleCondition") rule.condition = part.value;
    else rule.assertions = parseAssertions(reader, name, part.value);
  }
  if (parts && rule.assertions.length === 0) {
    complain(reader, keyNode, {
      code: "rule.no-assertions",
      message: `The rule "${name}" asserts nothing.`,
      remedy: "Add Assertions: a list of maps with Assert and AssertDescription.",
    });
  }
  return rule;
}

function parseAssertions(reader: Reader, rule: string, node: Node): RuleDeclaration["assertions"] {
  const label = `An assertion of the rule "${rule}"`;
  const items = isSeq(node) && !isTagged(node) ? (node as YAMLSeq<Node>).items : [node];
  return items.flatMap((item) => {
    const parts = readWhole(reader, item, label, "a map with an Assert");
    if (!parts) return [];
    for (const part of parts) if (!assertionKeys.includes(part.key)) unknownRuleKey(reader, part, label, assertionKeys);
    const assert = parts.find((part) => part.key === "Assert")?.value;
    const described = parts.find((part) => part.key === "AssertDescription")?.value;
    const description = described && readText(reader, described, "AssertDescription");
    if (!assert) {
      complain(reader, item, {
        code: "rule.no-assert",
        message: `${label} has no Assert.`,
        remedy: "Add Assert: and what must hold.",
      });
      return [];
    }
    return [{ assert, ...(description !== undefined && { description }) }];
  });
}

/** CloudFormation passes over it, and so over a description that is misspelt. */
function unknownRuleKey(reader: Reader, { key, keyNode }: Entry, where: string, known: readonly string[]): void {
  complain(reader, keyNode, {
    code: "rule.unknown-key",
    severity: "warning",
    message: `${where} has no "${key}"; it has no effect.`,
    remedy: didYouMean(key, known, `It can have ${known.join(" and ")}.`),
  });
}

/** Which rules of a template its parameters break, and what is wrong with the rules themselves. What is not known breaks no rule. */
export function evaluateRules(template: Template, environment: Environment): readonly Diagnostic[] {
  const root = openScope(template, environment, functions, "rule");
  return [root, ...nestedScopes(root)].flatMap((scope) => brokenRules({ ...scope, diagnostics: [] }));
}

function brokenRules(scope: Scope): readonly Diagnostic[] {
  for (const { name, condition, assertions } of scope.template.rules?.values() ?? []) {
    const applies = condition ? truth(scope, condition) : true;
    for (const { assert, description } of assertions) {
      const holds = truth(applies === false ? { ...scope, shadow: true } : scope, assert);
      if (applies !== true || holds !== false) continue;
      report(scope, assert, {
        code: "rule.failed",
        message: `The rule "${name}" is broken: ${description ?? "this assertion does not hold"}`.replace(
          /[.!?]?$/,
          ".",
        ),
        remedy: "Give the parameters that it names other values.",
      });
    }
  }
  return scope.diagnostics;
}
