import type { Scalar } from "yaml";
import type { Diagnostic, Place } from "../diagnostic.ts";
import { Unknown, type Value } from "../value.ts";
import { complete } from "./combine.ts";
import { conditionValue } from "./condition.ts";
import { functions } from "./functions/index.ts";
import type { Environment, Known, NestedStack, ParameterDeclaration, Template } from "./model.ts";
import { evaluateNode } from "./node.ts";
import { textOf } from "./nodes.ts";
import { parameterValue, splitText, storedType, unknownParameter } from "./parameter-value.ts";
import { openScope, report, reportAt, type Scope, sharedFor } from "./scope.ts";
import { isName, lower, type MapTerm, type Term } from "./term.ts";

/** The scope of a nested stack's template, in which its names are looked up; `name` is one of `scope.template.nested`. */
export function enter(scope: Scope, name: string): Scope {
  const nested = scope.template.nested?.get(name) as NestedStack;
  const open = scope.shared.nested.get(name) ?? openNested(scope, name, nested);
  if (open.waiting) reportCircle({ ...scope, shadow: false, diagnostics: open.diagnostics }, nested);
  const { environment, shared } = open;
  return { ...scope, template: nested.template, environment, shared, prefix: `${scope.prefix}${name}/` };
}

/** The scope of a declaration that may be inside nested stacks. */
export function scopeOf(scope: Scope, within: readonly string[] | undefined): Scope {
  return (within ?? []).reduce(enter, scope);
}

/** What a nested stack's template is evaluated with. */
export function environmentInside(template: Template, name: string, environment: Environment): Environment {
  return enter(openScope(template, environment, functions, "properties"), name).environment;
}

/** Is it part of the stack? By its own condition, and those of the nested stacks that it is inside. */
export function activity(
  scope: Scope,
  { within = [], condition }: { within?: readonly string[]; condition?: { name: string } },
): boolean | Unknown {
  const own = (at: Scope, each: { name: string } | undefined) => (each ? conditionValue(at, each.name) : true);
  const [first, ...others] = within;
  if (first === undefined) return own(scope, condition);
  const around = own(scope, scope.template.nested?.get(first)?.declaration.condition);
  if (around === false) return false;
  const inside = activity(enter(scope, first), { within: others, ...(condition && { condition }) });
  return inside === false || around === true ? inside : around;
}

/** Every nested stack's scope, however deep, but for those whose condition does not hold. */
export function nestedScopes(scope: Scope): Scope[] {
  return [...(scope.template.nested ?? [])].flatMap(([name, { declaration }]) => {
    if (activity(scope, declaration) === false) return [];
    const inner = enter(scope, name);
    return [inner, ...nestedScopes(inner)];
  });
}

/** What is wrong with the parameters that nested stacks are given, of those that were entered. */
export function nestedDiagnostics(scope: Scope): Scope["diagnostics"] {
  return [...scope.shared.nested.values()].flatMap((each) => each.diagnostics);
}

/** The template of a file: the given one, or one of its nested stacks'. */
export function templateOfFile(template: Template, file: string): Template | undefined {
  const known = byFile.get(template) ?? new Map(templatesIn(template).map((each) => [each.source.path, each]));
  byFile.set(template, known);
  return known.get(file);
}

/** Asked for with each resource, of which nested stacks have many. */
const byFile = new WeakMap<Template, ReadonlyMap<string, Template>>();

/** A template and those of its nested stacks, each file once. */
export function templatesIn(template: Template): Template[] {
  const inner = [...(template.nested?.values() ?? [])].flatMap((each) => templatesIn(each.template));
  const found = new Map([template, ...inner].reverse().map((each) => [each.source.path, each]));
  found.delete("");
  return [...found.values()].reverse();
}

/** The file of a template, and those of its nested stacks. */
export function templateFiles(template: Template): string[] {
  return templatesIn(template).map((each) => each.source.path);
}

function openNested(
  scope: Scope,
  name: string,
  nested: NestedStack,
): NonNullable<ReturnType<Scope["shared"]["nested"]["get"]>> {
  const outer: Scope = {
    ...scope,
    position: "properties",
    shadow: false,
    diagnostics: [],
    resource: `${nested.declaration.logicalId} (${nested.declaration.type})`,
  };
  // Until it is known what it is given, whatever depends on it is not known: no order could make both.
  const { diagnostics } = outer;
  const unknown = unknownEnvironment(scope.environment, nested);
  scope.shared.nested.set(name, { environment: unknown, shared: sharedFor(scope.shared), diagnostics, waiting: true });
  const parameters = new Map<string, Known>();
  const given = givenParameters(outer, nested);
  for (const parameter of nested.template.parameters.values()) {
    const known = parameterOf(outer, nested, parameter, given?.entries.get(parameter.name)?.term);
    if (known) parameters.set(parameter.name, known);
  }
  const environment = { ...scope.environment, parameters, pseudo: pseudoOf(scope.environment.pseudo, name) };
  const opened = { environment, shared: sharedFor(scope.shared), diagnostics };
  scope.shared.nested.set(name, opened);
  return opened;
}

function reportCircle(scope: Scope, { declaration }: NestedStack): void {
  if (scope.diagnostics.some((each) => each.code === "nested.circle")) return;
  reportAt(scope, declaration.place, {
    code: "nested.circle",
    message: `What the nested stack "${declaration.logicalId}" is given depends on what it gives.`,
    remedy: "Break the circle: move what both need into the parent or into a nested stack of its own.",
  });
}

function unknownEnvironment(environment: Environment, { template, declaration }: NestedStack): Environment {
  const names = [...template.parameters.keys()];
  const unknown = (each: string): Known => ({ value: new Unknown([`${declaration.logicalId}/${each}`], "unread") });
  return { ...environment, parameters: new Map(names.map((each) => [each, unknown(each)])) };
}

/** A nested stack is named after its parent and its logical id. */
function pseudoOf(pseudo: Environment["pseudo"], name: string): Environment["pseudo"] {
  const { "AWS::StackName": outer, "AWS::StackId": id } = pseudo;
  const known = (value: Value): value is string => typeof value === "string";
  return {
    ...pseudo,
    "AWS::StackName": known(outer) ? `${outer}-${name}` : outer,
    "AWS::StackId": known(outer) && known(id) ? id.replace(`stack/${outer}/`, `stack/${outer}-${name}/`) : id,
  };
}

/** The map of parameters that the nested stack is given; an unknown parameter is reported. */
function givenParameters(scope: Scope, { template, parameters: node }: NestedStack): MapTerm | undefined {
  if (!node) return undefined;
  const term = complete(scope, evaluateNode(scope, node));
  if (term.kind !== "map") {
    if (term.kind === "list")
      report(scope, node, {
        code: "template.form",
        message: "The parameters of a nested stack are a map of names and values.",
        remedy: "Write one a line: Name: value.",
      });
    return undefined;
  }
  for (const [name, { key }] of term.entries) {
    if (template.parameters.has(name) || template.partial) continue;
    report(scope, key, unknownParameter(template, name));
  }
  return term;
}

function parameterOf(
  scope: Scope,
  { template, declaration }: NestedStack,
  parameter: ParameterDeclaration,
  term: Term | undefined,
): Known | undefined {
  const declared = [{ message: `"${parameter.name}" is declared here.`, place: parameter.place }];
  if (term && term.kind !== "nothing") return fromTerm(scope, parameter, term, declared);
  if (!parameter.default) {
    reportAt(scope, declaration.place, {
      code: "parameter.missing",
      message: `The nested stack's parameter "${parameter.name}" has no value and no Default.`,
      remedy: `Add it to the Parameters of "${declaration.logicalId}".`,
      related: declared,
    });
    return undefined;
  }
  const node = template.target(parameter.default);
  return parameterFrom(scope, parameter, textOf(node as Scalar), parameter.noEcho, { place: template.placeOf(node) });
}

function fromTerm(
  scope: Scope,
  parameter: ParameterDeclaration,
  term: Exclude<Term, { kind: "nothing" }>,
  declared: NonNullable<Parameters<typeof reportAt>[2]["related"]>,
): Known {
  const { value, sensitive: secrets, references } = lower(term);
  const sensitive = parameter.noEcho || secrets.size > 0;
  // Whatever uses the parameter uses what it was made of.
  const uses = references.map(({ at: _, ...use }) => use);
  const flags = {
    verbatim: true,
    ...(sensitive && { sensitive }),
    ...(uses.length > 0 && { uses }),
    ...(isName(term) && { isName: true }),
  };
  const parts = [value].flat();
  const unknown = parts.find((part) => part instanceof Unknown);
  if (unknown) {
    const all = parts.filter((part) => part instanceof Unknown).flatMap((part) => part.sources);
    return { value: new Unknown(all, unknown.certainty, sensitive), ...flags };
  }
  if (parts.some((part) => typeof part === "object" && part !== null)) {
    report(scope, term.node, {
      code: "parameter.form",
      message: `The value of the parameter "${parameter.name}" must be a text or a list of texts.`,
      remedy: "Use Fn::ToJsonString, or a parameter for each part.",
      related: declared,
    });
    return { value: new Unknown([], "unread", sensitive), ...flags };
  }
  const text = parts.map((part, index) => textAt(term, index, part)).join(",");
  const given = { place: scope.template.placeOf(term.node), related: declared };
  return { ...parameterFrom(scope, parameter, text, sensitive, given), ...flags };
}

/** As it was written. */
function textAt(term: Term, index: number, value: unknown): string {
  const leaf = term.kind === "list" ? term.items[index] : term;
  return leaf?.kind === "leaf" && leaf.text !== undefined ? leaf.text : String(value);
}

/** The value that a text gives a parameter: itself, or what stands under that name in Parameter Store. */
function parameterFrom(
  scope: Scope,
  parameter: ParameterDeclaration,
  text: string,
  sensitive: boolean,
  { place, ...more }: Pick<Diagnostic, "related"> & { place: Place },
): Known {
  const { value, problems } = parameterValue(parameter, text, sensitive);
  for (const problem of problems) reportAt(scope, problem.place ?? place, { ...problem, ...more });
  const type = storedType(parameter.type);
  const flags = sensitive ? { sensitive } : {};
  if (type === undefined) return { value, ...flags };
  const stored = scope.environment.input({ kind: "ssm", name: text, place: parameter.place });
  const found = stored.value;
  const split = typeof found === "string" ? splitText(type, found) : found;
  return { ...stored, value: split, verbatim: true, ...flags };
}
