import type { Node } from "yaml";
import { append, type Diagnostic, type Place } from "../diagnostic.ts";
import { segmentsOf } from "../pointer.ts";
import { isRecord, Unknown, type Value } from "../value.ts";
import { complete } from "./combine.ts";
import { truth } from "./condition.ts";
import { functions } from "./functions/index.ts";
import { resourceLabel } from "./label.ts";
import type { Environment, Evaluated, Known, Reference, ResourceDeclaration, Template } from "./model.ts";
import { activity, nestedDiagnostics, nestedScopes, scopeOf } from "./nested.ts";
import { evaluateNode } from "./node.ts";
import { isFunction } from "./nodes.ts";
import { openScope, report, type Scope } from "./scope.ts";
import { descend, isSensitive, leafText, lower, usesOf } from "./term.ts";

/**
 * The properties of one resource as they are in an environment: again and again, as more becomes known.
 * Problems inside conditions are not in its diagnostics but in those of `evaluateConditions`.
 */
export function evaluateResource(template: Template, logicalId: string, environment: Environment): Evaluated {
  const declaration = template.resources.get(logicalId);
  if (!declaration) throw new Error(`The template has no resource "${logicalId}".`);
  const root = openScope(template, environment, functions, "properties", resourceLabel(declaration));
  const scope = scopeOf(root, declaration.within);
  const { placeOf } = scope.template;
  const term = declaration.properties ? complete(scope, evaluateNode(scope, declaration.properties)) : undefined;
  const { value, sensitive, references } = term
    ? lower(term)
    : { value: {}, sensitive: new Set<string>(), references: [] };
  const beside = usesBeside(scope, declaration);
  const properties = isRecord(value) ? (value as Evaluated["properties"]) : {};
  // A list that is written out was reported when the template was read.
  if (declaration.properties && term?.kind === "list" && isFunction(scope.template.target(declaration.properties)))
    reportNoMap(scope, declaration.properties);
  return {
    properties,
    ...(value !== undefined && !isRecord(value) && { isOpen: true }),
    sensitive,
    references: [...references, ...beside, ...dependencies(root, declaration)],
    ...(declaration.within && { stackTags: stackTagsOf(root, declaration.within) }),
    placeOf: (path) => (term ? placeOf(descend(term, segmentsOf(path)).term.node) : declaration.place),
    placeOfKey: (path) => {
      const found = term && descend(term, segmentsOf(path));
      return found ? placeOf((found.complete && found.key) || found.term.node) : declaration.place;
    },
    textOf: (path) => {
      const found = term && descend(term, segmentsOf(path));
      return found?.complete && found.term.kind === "leaf" ? found.term.text : undefined;
    },
    diagnostics: scope.diagnostics,
  };
}

/**
 * The resources that metadata and policies refer to come first, as in CloudFormation. Their values are for others to read: what stands outside is not looked up for them.
 */
function usesBeside(scope: Scope, { beside = [] }: ResourceDeclaration): Reference[] {
  const environment: Environment = {
    ...scope.environment,
    input: ({ kind, name }) => ({ value: new Unknown([`${kind}:${name}`], "unread") }),
  };
  return beside.flatMap((node) => usesOf(evaluateNode({ ...scope, environment }, node)));
}

function reportNoMap(scope: Scope, node: Node): void {
  report(scope, node, {
    code: "template.form",
    message: "Properties must be a map.",
    remedy: "Write one property a line: Name: value.",
  });
}

/** DependsOn, but for what is not part of this stack: CloudFormation waits for what is there. That a resource depends on itself was said when it was read. */
function dependencies(scope: Scope, declaration: ResourceDeclaration): Reference[] {
  return declaration.dependsOn.filter(({ logicalId }) => {
    const { resources, nested } = scope.template;
    const target = resources.get(logicalId) ?? nested?.get(logicalId)?.declaration;
    return target && target !== declaration && activity(scope, target) !== false;
  });
}

function stackTagsOf(scope: Scope, within: readonly string[]): Value[] {
  return within.flatMap((name, index) => {
    const around = scopeOf(scope, within.slice(0, index));
    const tags = around.template.nested?.get(name)?.tags;
    if (!tags) return [];
    // What is wrong with them is said once, not for every resource.
    const silent = { ...around, diagnostics: [] };
    const { value } = lower(complete(silent, evaluateNode(silent, tags)));
    return value === undefined ? [] : [value];
  });
}

/** Does a condition of the template hold? Unknown as long as what it compares is. */
export function evaluateCondition(
  template: Template,
  name: string,
  environment: Environment,
): { value: boolean | Unknown; diagnostics: readonly Diagnostic[] } {
  const scope = openScope(template, environment, functions, "condition");
  const value = evaluateConditionIn(scope, name);
  return { value, diagnostics: conditionDiagnostics(scope) };
}

function evaluateConditionIn(scope: Scope, name: string): boolean | Unknown {
  const node = scope.template.conditions.get(name);
  if (!node) return new Unknown([], "unread");
  scope.shared.conditions.set(name, "open");
  const value = truth(scope, node);
  scope.shared.conditions.set(name, value);
  return value;
}

/** What is wrong with conditions, with what was found while they looked at one another. */
function conditionDiagnostics(scope: Scope): readonly Diagnostic[] {
  for (const [name, node] of scope.shared.circles) {
    report(scope, node, {
      code: "condition.cycle",
      message: `The condition "${name}" depends on itself.`,
      remedy: "Break the circle: one of its conditions must stand without the others.",
    });
  }
  const [first] = scope.template.conditions.values();
  if (scope.shared.tooDeep && first) {
    report(scope, first, {
      code: "condition.depth",
      message: "The conditions of this template name one another too many levels deep.",
      remedy: "Use fewer conditions, or flatter ones.",
    });
  }
  return scope.diagnostics;
}

/** The logical ids whose condition holds, or is not known yet: what is part of the stack. In the order of the template. */
export function activeResources(template: Template, environment: Environment): string[] {
  return [...evaluateConditions(template, environment).resources];
}

/** Which resources and outputs are part of the stack, and every problem in the section Conditions. */
export interface Active {
  resources: ReadonlySet<string>;
  outputs: ReadonlySet<string>;
  /** In the sets above as well: whether they are part of the stack is not known yet. */
  undecided: ReadonlyMap<string, Unknown>;
  diagnostics: readonly Diagnostic[];
}

/** Evaluates every condition of the template. */
export function evaluateConditions(template: Template, environment: Environment): Active {
  const scope = openScope(template, environment, functions, "condition");
  for (const name of template.conditions.keys()) evaluateConditionIn(scope, name);
  const inner = nestedScopes(scope).map((each): Scope => ({ ...each, diagnostics: [] }));
  for (const each of inner) for (const name of each.template.conditions.keys()) evaluateConditionIn(each, name);
  const undecided = new Map<string, Unknown>();
  const active = (declarations: Iterable<[string, { within?: readonly string[]; condition?: { name: string } }]>) => {
    const names = new Set<string>();
    for (const [name, declaration] of declarations) {
      const holds = activity(scope, declaration);
      if (holds === false) continue;
      names.add(name);
      if (holds instanceof Unknown) undecided.set(name, holds);
    }
    return names;
  };
  const resources = active(template.resources);
  const outputs = active(template.outputs);
  const diagnostics = [scope, ...inner].flatMap((each) => [...conditionDiagnostics(each), ...nestedDiagnostics(each)]);
  return { resources, outputs, undecided, diagnostics };
}

/** The value of an output. */
export function evaluateOutput(
  template: Template,
  name: string,
  environment: Environment,
): { known: Known; references: readonly Reference[]; diagnostics: readonly Diagnostic[] } {
  const declaration = template.outputs.get(name);
  if (!declaration) throw new Error(`The template has no output "${name}".`);
  const scope = scopeOf(openScope(template, environment, functions, "output", `output ${name}`), declaration.within);
  const term = complete(scope, evaluateNode(scope, declaration.value));
  const { value, sensitive, references } = lower(term);
  const known: Known = { value: value ?? null };
  if (sensitive.size > 0) known.sensitive = true;
  if (value === undefined) {
    report(scope, declaration.value, {
      code: "no-value.place",
      message: "An output cannot be AWS::NoValue.",
      remedy: "Give the output a Condition instead.",
    });
  }
  if (Array.isArray(value) || isRecord(value)) {
    report(scope, declaration.value, {
      code: "output.form",
      message: `The Value of an output is one text, and here is ${Array.isArray(value) ? "a list" : "a map"}.`,
      remedy: "Join a list with !Join, and write a map as JSON text.",
    });
  }
  return { known, references, diagnostics: scope.diagnostics };
}

/** The name under which an output is exported; no name: it is not known yet, or was reported. undefined: it is not exported. */
export function evaluateExport(
  template: Template,
  output: string,
  environment: Environment,
): { name?: string; place: Place; diagnostics: readonly Diagnostic[] } | undefined {
  const declaration = template.outputs.get(output);
  if (!declaration?.exportName) return undefined;
  const { exportName: node, within } = declaration;
  const scope = scopeOf(openScope(template, environment, functions, "output", `output ${output}`), within);
  const term = evaluateNode(scope, node);
  const named = { place: scope.template.placeOf(node), diagnostics: scope.diagnostics };
  if (usesOf(term).length === 0 && term.kind === "leaf" && !isSensitive(term))
    return term.value instanceof Unknown ? named : { ...named, name: leafText(term) };
  report(scope, node, {
    code: "export.name",
    message: "The name of an export is a text that is known before there are resources, and no secret.",
    remedy: "Make it of texts, parameters and pseudo parameters.",
  });
  return named;
}

/** What is wrong, whatever the values are, with the resources and outputs that are not part of the stack: wrong today, not on the day their condition turns. */
export function checkInactive(
  template: Template,
  environment: Environment,
  active: Pick<Active, "resources" | "outputs">,
): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const check = (
    node: Node | undefined,
    { within }: { within?: readonly string[] },
    position: "properties" | "output",
    label: string,
  ) => {
    if (!node) return;
    const root: Scope = { ...openScope(template, environment, functions, position, label), shadow: true };
    const scope = scopeOf(root, within);
    complete(scope, evaluateNode(scope, node));
    append(diagnostics, scope.diagnostics);
  };
  for (const [logicalId, declaration] of template.resources) {
    if (active.resources.has(logicalId)) continue;
    for (const node of [declaration.properties, ...(declaration.beside ?? [])])
      check(node, declaration, "properties", resourceLabel(declaration));
  }
  for (const [name, declaration] of template.outputs) {
    if (!active.outputs.has(name)) check(declaration.value, declaration, "output", `output ${name}`);
  }
  return diagnostics;
}
