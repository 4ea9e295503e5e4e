import type { Node } from "yaml";
import type { Place } from "../../diagnostic.ts";
import { Unknown } from "../../value.ts";
import { combineUnknown, complete } from "../combine.ts";
import { conditionValue } from "../condition.ts";
import { isLeftOut } from "../left-out.ts";
import type { PseudoParameter, ResourceDeclaration } from "../model.ts";
import { didYouMean, nearest, nearestIn } from "../nearest.ts";
import { enter } from "../nested.ts";
import { badForm, evaluateNode, listArguments, literalText, nameFrom } from "../node.ts";
import { everywhere, type IntrinsicFunction, type Position, reportAt, type Scope } from "../scope.ts";
import { failed, isName, isSensitive, leafText, lift, lower, type Term } from "../term.ts";

export const ref: IntrinsicFunction = {
  name: "Ref",
  form: "!Ref Name, the name of a parameter, a resource or a pseudo parameter",
  positions: everywhere,
  evaluate(scope, argument, node) {
    const name = nameFrom(scope, argument, node);
    if (!name) return badForm(scope, argument, ref);
    if (typeof name === "object") return combineUnknown(scope, node, [name]);
    return refer(scope, name, argument, scope.template.placeOf(argument));
  },
};

export const getAtt: IntrinsicFunction = {
  name: "Fn::GetAtt",
  form: "!GetAtt LogicalId.Attribute, or a list of the two",
  positions: ["properties", "output"],
  evaluate(scope, argument, node) {
    const text = literalText(scope, argument, node);
    if (text !== undefined) {
      const [logicalId, attribute] = cut(text);
      if (!logicalId || !attribute) return badForm(scope, argument, getAtt, `"${text}" names no attribute.`);
      return attributeOf(scope, logicalId, attribute, argument, scope.template.placeOf(argument));
    }
    const parts = listArguments(argument, node);
    const [first, second] = parts ?? [];
    const logicalId = first && nameFrom(scope, first);
    if (!logicalId || !second || parts?.length !== 2) return badForm(scope, argument, getAtt);
    const term = evaluateNode(scope, second);
    if (term.kind !== "leaf") return badForm(scope, second, getAtt, "the name of an attribute is a text.");
    // It would be in every message about what is not known yet.
    if (isSensitive(term)) return badForm(scope, second, getAtt, "the name of an attribute cannot be a secret.");
    if (typeof logicalId === "object") return combineUnknown(scope, node, [logicalId, term]);
    if (term.value instanceof Unknown) return combineUnknown(scope, node, [term]);
    return attributeOf(scope, logicalId, leafText(term), argument, scope.template.placeOf(first));
  },
};

/** `a.b.c` as `a` and `b.c`. */
export function cut(text: string): [string, string | undefined] {
  const dot = text.indexOf(".");
  return dot < 0 ? [text, undefined] : [text.slice(0, dot), text.slice(dot + 1)];
}

const pseudoParameters: readonly PseudoParameter[] = [
  "AWS::AccountId",
  "AWS::NotificationARNs",
  "AWS::Partition",
  "AWS::Region",
  "AWS::StackId",
  "AWS::StackName",
  "AWS::URLSuffix",
];

function isPseudo(name: string): name is PseudoParameter {
  return (pseudoParameters as readonly string[]).includes(name);
}

/** What `Ref` gives for a name; `place` is that of the name itself. */
export function refer(scope: Scope, name: string, node: Node, place: Place): Term {
  if (name === "AWS::NoValue") return { kind: "nothing", node };
  if (isPseudo(name)) return lift({ value: scope.environment.pseudo[name] }, node);
  if (scope.template.parameters.has(name)) {
    // Without a value there is a diagnostic already (`parameter.missing`): unknown says nothing twice.
    const known = scope.environment.parameters.get(name) ?? { value: new Unknown([name], "unread") };
    return lift(known, node, known.uses && { uses: known.uses });
  }
  if (scope.template.nested?.has(name)) return nestedStack(scope, name, undefined, node, place);
  if (isLeftOut(scope.template.leftOut, name)) return unlisted(node, name);
  const resource = resourceIn(scope, name);
  return resource ? useOf(scope, resource, undefined, node, place) : undefinedName(scope, name, node, place);
}

/** The resources and nested stacks that can be referred to. */
function namesIn({ template }: Scope): string[] {
  return [...template.resources.keys(), ...(template.nested?.keys() ?? [])].filter((name) => !name.includes("/"));
}

/** What is inside a nested stack is reached through its outputs only. */
function resourceIn({ template }: Scope, name: string): ResourceDeclaration | undefined {
  return name.includes("/") ? undefined : template.resources.get(name);
}

/** What `Fn::GetAtt` gives. */
export function attributeOf(scope: Scope, logicalId: string, attribute: string, node: Node, place: Place): Term {
  if (scope.template.nested?.has(logicalId)) return nestedStack(scope, logicalId, attribute, node, place);
  const resource = resourceIn(scope, logicalId);
  if (resource) return useOf(scope, resource, attribute, node, place);
  if (isLeftOut(scope.template.leftOut, logicalId)) return unlisted(node, `${logicalId}.${attribute}`);
  const isParameter = scope.template.parameters.has(logicalId);
  if (!isParameter && scope.template.partial) return unlisted(node, `${logicalId}.${attribute}`);
  const near = nearestIn(scope.template.resources, `${logicalId}.`, () => nearest(logicalId, namesIn(scope)));
  reportAt(scope, place, {
    code: "ref.undefined",
    message: isParameter
      ? `"${logicalId}" is a parameter, and a parameter has no attributes.`
      : `There is no resource "${logicalId}".`,
    remedy: isParameter
      ? `Use !Ref ${logicalId}.`
      : near
        ? meant(scope, near)
        : "Declare the resource, or correct its name.",
  });
  return failed(node);
}

/** Where resources are known and cannot be used. */
const earlyNames: Partial<Record<Position, { code: string; what: string }>> = {
  condition: { code: "condition.resource", what: "A condition" },
  rule: { code: "rule.resource", what: "A rule" },
  // Those that stand further down are not even known yet.
  early: { code: "ref.undefined", what: "What says which resources there are" },
};

function useOf(
  scope: Scope,
  resource: ResourceDeclaration,
  attribute: string | undefined,
  node: Node,
  place: Place,
): Term {
  if (isOutOfReach(scope, resource, place)) return failed(node);
  const logicalId = scope.prefix + resource.logicalId;
  const use = attribute === undefined ? { logicalId, place } : { logicalId, attribute, place };
  const known = scope.environment.attribute(logicalId, attribute);
  const called = isNameOf(resource.type, attribute) ? { ...known, isName: true } : known;
  return lift(called, node, { uses: [use], verbatim: true });
}

/** Is it the identifier of the resource itself: `GroupId` of a SecurityGroup? Other attributes are empty where a feature is not used. */
function isNameOf(type: string, attribute: string | undefined): boolean {
  if (attribute === undefined) return true;
  const stem = /^(.*)(?:Id|Arn)$/.exec(attribute)?.[1];
  return stem !== undefined && type.toLowerCase().endsWith(stem.toLowerCase());
}

/** Can a resource not be used here, or now? That is reported. */
function isOutOfReach(scope: Scope, { logicalId, condition }: ResourceDeclaration, place: Place): boolean {
  const early = earlyNames[scope.position];
  if (early) {
    reportAt(scope, place, {
      code: early.code,
      message: `${early.what} cannot depend on the resource "${logicalId}": it is evaluated before there are resources.`,
      remedy: "Use a parameter, a pseudo parameter or a mapping.",
    });
    return true;
  }
  if (!condition || conditionValue(scope, condition.name) !== false) return false;
  reportAt(scope, place, {
    code: "ref.inactive",
    message: `"${logicalId}" is not part of this stack: its condition "${condition.name}" is false.`,
    remedy: `Put the reference in an !If with the condition "${condition.name}", or give both the same condition.`,
    related: [{ message: `"${logicalId}" has this condition.`, place: condition.place }],
    dynamic: true,
  });
  return true;
}

const outputs = "Outputs.";

/** What a nested stack gives: its id, or one of its outputs. */
function nestedStack(scope: Scope, logicalId: string, attribute: string | undefined, node: Node, place: Place): Term {
  const declaration = scope.template.nested?.get(logicalId)?.declaration;
  if (!declaration || isOutOfReach(scope, declaration, place)) return failed(node);
  const inner = enter({ ...scope, position: "output", diagnostics: [] }, logicalId);
  const use = { logicalId: scope.prefix + logicalId, ...(attribute !== undefined && { attribute }), place };
  const origin = inner.template.partial ? { uses: [use] } : {};
  if (attribute === undefined) return lift({ value: inner.environment.pseudo["AWS::StackId"] }, node, origin);
  if (inner.template.partial) return { ...unlisted(node, `${use.logicalId}.${attribute}`), ...origin };
  const own = [...inner.template.outputs.values()].filter((each) => !each.within);
  const name = attribute.startsWith(outputs) ? attribute.slice(outputs.length) : undefined;
  const output = own.find((each) => each.name === name);
  if (!output) {
    reportAt(scope, place, {
      code: "getatt.unknown-attribute",
      message: `The nested stack "${logicalId}" has no ${name === undefined ? `attribute "${attribute}"` : `output "${name}"`}.`,
      remedy: didYouMean(
        attribute,
        own.map((each) => outputs + each.name),
        `Write Outputs. and the name of an output of ${inner.template.source.path}.`,
      ),
      related: [{ message: `"${logicalId}" is declared here.`, place: declaration.place }],
    });
    return failed(node);
  }
  if (output.condition && conditionValue(inner, output.condition.name) === false) {
    reportAt(scope, place, {
      code: "ref.inactive",
      message: `The nested stack "${logicalId}" has no output "${output.name}" now: its condition "${output.condition.name}" is false.`,
      remedy: "Put the reference in an !If with the same condition.",
      related: [{ message: `"${output.name}" has this condition.`, place: output.condition.place }],
      dynamic: true,
    });
    return failed(node);
  }
  const term = complete(inner, evaluateNode(inner, output.value));
  const { value = null, sensitive, references } = lower(term);
  const uses = references.map(({ at: _, ...each }) => each);
  const flags = { ...(sensitive.size > 0 && { sensitive: true }), ...(isName(term) && { isName: true }) };
  return lift({ value, ...flags }, node, { uses, verbatim: true });
}

/** Perhaps a loop declares it that could not be written out. */
function unlisted(node: Node, source: string): Term {
  return { kind: "leaf", node, value: new Unknown([source], "unread") };
}

function undefinedName(scope: Scope, name: string, node: Node, place: Place): Term {
  const { parameters, partial } = scope.template;
  // With one colon it can be meant for nothing else.
  const pseudo = name.startsWith("AWS:");
  if (partial && !pseudo) return unlisted(node, name);
  // There, resources are not read yet.
  const early = scope.position === "early" ? ", and resources cannot be used here" : "";
  const near = nearestIn(scope.template.resources, early + name, () =>
    nearest(name, pseudo ? [...pseudoParameters, "AWS::NoValue"] : [...parameters.keys(), ...namesIn(scope)]),
  );
  reportAt(scope, place, {
    code: "ref.undefined",
    message: pseudo
      ? `There is no pseudo parameter "${name}".`
      : `There is no parameter ${early ? "" : "or resource "}"${name}"${early}.`,
    remedy: near
      ? meant(scope, near)
      : pseudo
        ? "Use one of CloudFormation's pseudo parameters."
        : "Declare it, or correct the name.",
  });
  return failed(node);
}

function meant(scope: Scope, near: string): string {
  const parameter = scope.template.parameters.get(near);
  const place =
    parameter?.place ??
    scope.template.resources.get(near)?.place ??
    scope.template.nested?.get(near)?.declaration.place;
  if (!place) return `Did you mean "${near}"?`;
  return `Did you mean "${near}", the ${parameter ? "parameter" : "resource"} at line ${place.line}?`;
}
