import { isScalar, type Scalar } from "yaml";
import type { Diagnostic, Place } from "../../diagnostic.ts";
import { checkInactive, evaluateConditions, evaluateOutput, evaluateResource } from "../evaluate.ts";
import { environmentOf, unread, type World } from "../harness.ts";
import type { Known, Template } from "../model.ts";
import { textOf } from "../nodes.ts";
import { parameterValue } from "../parameter-value.ts";
import { parseTemplate } from "../parse.ts";
import { evaluateRules } from "../rules.ts";

/** One row of a table: a template, and what becomes of it. */
export interface Row {
  /** What it is about: a function, an attribute, a section. */
  of: string;
  /** What AWS's documentation says of it, in our words. */
  rule: string;
  template: string;
  /** Of parameters, as text. A parameter without one has its Default, or is not known. */
  values?: Record<string, string>;
  /** Attributes of resources and outside values that are known. */
  world?: Pick<World, "attributes" | "inputs">;
  /** The properties of resources; `{ unknown: [source] }` stands for a value that is not known. */
  properties?: Record<string, unknown>;
  /** What is declared of resources beside their properties; undefined: it is not. */
  declares?: Record<string, Partial<Record<"deletionPolicy" | "updateReplacePolicy" | "reconcile", unknown>>>;
  /** The resources that are part of the stack. */
  resources?: string[];
  outputs?: Record<string, unknown>;
  /** The codes of what is reported, in the order of the text. None: nothing is. */
  says?: string[];
}

export interface Outcome {
  properties: Record<string, unknown>;
  declares: Record<string, Readonly<Record<string, unknown>>>;
  resources: string[];
  outputs: Record<string, unknown>;
  says: string[];
}

/** Reads and evaluates a template as validation does. */
export function outcomeOf({ template: text, values = {}, world = {} }: Row): Outcome {
  const { value, diagnostics: syntax } = parseTemplate({ path: "template.yaml", text });
  const diagnostics: Diagnostic[] = [...syntax];
  const outcome: Outcome = { properties: {}, declares: {}, resources: [], outputs: {}, says: [] };
  if (value) {
    const parameters = parametersOf(value, values, diagnostics);
    const environment = environmentOf({ ...world, parameters });
    const again = value.late?.read(environment);
    const template = again?.value ?? value;
    const active = evaluateConditions(template, environment);
    diagnostics.push(...(again?.diagnostics ?? []), ...active.diagnostics);
    diagnostics.push(...checkInactive(template, environment, active), ...evaluateRules(template, environment));
    for (const id of active.resources) {
      const evaluated = evaluateResource(template, id, environment);
      outcome.properties[id] = plain(evaluated.properties);
      outcome.declares[id] = { ...template.resources.get(id) };
      diagnostics.push(...evaluated.diagnostics);
    }
    for (const name of active.outputs) {
      const { known, diagnostics: ofOutput } = evaluateOutput(template, name, environment);
      outcome.outputs[name] = plain(known.value);
      diagnostics.push(...ofOutput);
    }
    outcome.resources = [...active.resources];
  }
  outcome.says = diagnostics.sort(byPlace).map((each) => each.code);
  return outcome;
}

function parametersOf(
  template: Template,
  values: Readonly<Record<string, string>>,
  diagnostics: Diagnostic[],
): Record<string, Known> {
  const known: Record<string, Known> = {};
  for (const parameter of template.parameters.values()) {
    const node = parameter.default && template.target(parameter.default);
    const text = values[parameter.name] ?? (isScalar(node) ? textOf(node as Scalar) : undefined);
    const sensitive = parameter.noEcho ? { sensitive: true } : {};
    const { value, problems } =
      text === undefined
        ? { value: unread(parameter.name), problems: [] }
        : parameterValue(parameter, text, parameter.noEcho);
    known[parameter.name] = { value, ...sensitive };
    diagnostics.push(...problems.map((problem) => ({ ...problem, place: parameter.place })));
  }
  return known;
}

/** As plans print it: what is not known is `{ unknown: [source] }`. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function byPlace({ place: a }: Diagnostic, { place: b }: Diagnostic): number {
  // Whatever is said of a template has a place in it.
  const [one, other] = [a, b] as [Place, Place];
  return one.line - other.line || one.column - other.column;
}
