import { isMap, isScalar, isSeq, type Node, type YAMLSeq } from "yaml";
import { entriesOf, textOf } from "../../template/nodes.ts";
import type { Finding, Review, ReviewedStack } from "./model.ts";

export const conditionalTarget: Review = {
  id: "ref.may-be-absent",
  severity: "warning",
  title: "A reference leads to a resource that is not always there",
  about:
    "A resource has a Condition, and something refers to it that has none, outside of any Fn::If: when the condition is false, CloudFormation refuses the template for a resource that it does not know.",
  remedy: "Put the reference in an !If with that condition, or give both the same Condition.",
  stack: (stack) => {
    const { template } = stack;
    // What a loop or a nested stack declares is written elsewhere.
    if (![...template.resources.values()].some(({ condition }) => condition)) return [];
    const resources = [...template.resources.values()].flatMap(({ condition, within, properties, logicalId }) =>
      condition || within || !properties ? [] : usesIn(stack, properties, logicalId),
    );
    const outputs = [...template.outputs.values()].flatMap(({ condition, within, value }) =>
      condition || within ? [] : usesIn(stack, value, undefined),
    );
    return [...resources, ...outputs];
  },
};

/** Of resources that have a condition and are there nevertheless: of others `ref.inactive` is told. */
function usesIn(stack: ReviewedStack, root: Node, logicalId: string | undefined): Finding[] {
  const { template, byId } = stack;
  const findings: Finding[] = [];
  const resource = logicalId === undefined ? undefined : byId.get(logicalId);
  look(root);
  return findings;

  function look(written: Node): void {
    const node = template.target(written);
    if (node.tag === "!If") return;
    if (node.tag === "!Ref" && isScalar(node)) found(node, textOf(node));
    else if (node.tag === "!GetAtt") found(node, attributeOwner(node));
    else if (isSeq(node)) for (const item of (node as YAMLSeq<Node>).items) look(item);
    else if (isMap(node)) lookInto([...entriesOf(node)]);
  }

  function lookInto(entries: ReturnType<typeof entriesOf> extends Iterable<infer T> ? readonly T[] : never): void {
    for (const { key, value } of entries) {
      if (!value || key === "Fn::If") continue;
      if (key === "Ref" && isScalar(value)) found(value, textOf(value));
      else if (key === "Fn::GetAtt") found(value, attributeOwner(value));
      else look(value);
    }
  }

  function found(node: Node, name: string | undefined): void {
    const condition = name === undefined ? undefined : template.resources.get(name)?.condition;
    if (!condition || !template.conditions.has(condition.name) || !byId.has(name ?? "")) return;
    findings.push({
      at: template.placeOf(node),
      message: `"${name}" is there only while its condition "${condition.name}" holds, and nothing here asks for that.`,
      ...(resource && { resource }),
      related: [{ message: "Its condition.", place: condition.place }],
    });
  }
}

/** The name before the first dot, or the first of a list. */
function attributeOwner(node: Node): string | undefined {
  const [first] = isSeq(node) ? (node as YAMLSeq<Node>).items : [node];
  return isScalar(first) ? textOf(first).split(".", 1)[0] : undefined;
}
