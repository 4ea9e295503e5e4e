import { isScalar, type Node } from "yaml";
import { Unknown } from "../value.ts";
import { evaluateNode } from "./node.ts";
import { isTagged } from "./nodes.ts";
import { report, type Scope } from "./scope.ts";

/** Does a condition hold? Evaluated once per evaluation. An undefined name or a circle is unknown: whoever evaluates the condition itself reports it. */
export function conditionValue(scope: Scope, name: string): boolean | Unknown {
  const { conditions } = scope.shared;
  const known = conditions.get(name);
  if (known !== undefined && known !== "open") return known;
  const node = scope.template.conditions.get(name);
  if (!node || known === "open") return new Unknown([], "unread");
  conditions.set(name, "open");
  // Problems inside a condition are those of the condition, not of everything that uses it.
  const quiet: Scope = { ...scope, position: "condition", shadow: false, diagnostics: [] };
  const value = truth(quiet, node);
  conditions.set(name, value);
  return value;
}

/** Evaluates an expression that must be a condition. */
export function truth(scope: Scope, node: Node): boolean | Unknown {
  const term = evaluateNode(scope, node);
  const written = scope.template.target(node);
  const literal = isScalar(written) && !isTagged(written);
  if (!literal && term.kind === "leaf" && (typeof term.value === "boolean" || term.value instanceof Unknown))
    return term.value;
  report(scope, node, {
    code: "condition.form",
    message: "This is not a condition.",
    remedy: "Use Fn::Equals, Fn::And, Fn::Or, Fn::Not or the name of a condition (!Condition Name).",
  });
  return new Unknown([], "unread");
}
