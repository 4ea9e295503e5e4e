import type { Node } from "yaml";
import type { Diagnostic, Place, Severity } from "../diagnostic.ts";
import type { Unknown } from "../value.ts";
import type { Environment, Template } from "./model.ts";
import type { Term } from "./term.ts";

/** Where an expression stands decides which functions may be used. "early": it says which resources there are, as the collection of a loop does. */
export type Position = "properties" | "condition" | "rule" | "mapping" | "output" | "early";

/** But in mappings, which hold no functions. */
export const everywhere: readonly Position[] = ["properties", "condition", "rule", "output", "early"];

/** What one evaluation knows and has spent. */
export interface Scope {
  template: Template;
  environment: Environment;
  /** Before the names of this template's resources where it is that of a nested stack: `Nested/`. */
  prefix: string;
  functions: ReadonlyMap<string, IntrinsicFunction>;
  position: Position;
  /** The value of a mapping is being evaluated where it is used. */
  inMapping?: true;
  /** Whose problem a diagnostic is. */
  resource?: string;
  /** A branch that is not taken: only what is wrong whatever the values are is reported. */
  shadow: boolean;
  diagnostics: Diagnostic[];
  /** Shared by all scopes of one evaluation. */
  shared: Shared;
}

interface Shared {
  /** Conditions that were evaluated, or "open" while they are. */
  conditions: Map<string, boolean | Unknown | "open">;
  /** How many nodes are being evaluated, one inside the other, conditions within conditions included. */
  depth: number;
  tooDeep: boolean;
  /** Conditions that depend on themselves, with the place where that was found. */
  circles: Map<string, Node>;
  /** Characters that functions produced. */
  characters: number;
  /** Nested stacks of this template that were entered. */
  nested: Map<string, { environment: Environment; shared: Shared; diagnostics: Diagnostic[]; waiting?: true }>;
}

/** One of CloudFormation's functions. */
export interface IntrinsicFunction {
  /** As the long form writes it: `Fn::Join`, `Ref`. */
  name: string;
  /** How it is written, for the message when it is not. */
  form: string;
  positions: readonly Position[];
  /** `argument` is what follows the function's name, `node` the function as a whole. */
  evaluate(scope: Scope, argument: Node, node: Node): Term;
}

export function openScope(
  template: Template,
  environment: Environment,
  functions: ReadonlyMap<string, IntrinsicFunction>,
  position: Position,
  resource?: string,
): Scope {
  const shared = sharedFor({ depth: 0, characters: 0 });
  const scope: Scope = {
    template,
    environment,
    prefix: "",
    functions,
    position,
    shadow: false,
    diagnostics: [],
    shared,
  };
  return resource === undefined ? scope : { ...scope, resource };
}

/** For another template within an evaluation: what was spent counts on. */
export function sharedFor({ depth, characters }: Pick<Shared, "depth" | "characters">): Shared {
  return { conditions: new Map(), depth, tooDeep: false, circles: new Map(), characters, nested: new Map() };
}

/** Deeper than any file is: only conditions that name conditions get there. */
const maxDepth = 400;

/** Runs one level of evaluation, or what stands in for it where the end of the stack would come near. */
export function deeper<T>(scope: Scope, evaluate: () => T, otherwise: () => T): T {
  const { shared } = scope;
  if (shared.depth >= maxDepth) {
    shared.tooDeep = true;
    return otherwise();
  }
  shared.depth += 1;
  const result = evaluate();
  shared.depth -= 1;
  return result;
}

/** A diagnostic without its place. */
export interface Problem {
  code: string;
  message: string;
  remedy: string;
  /** An error, where nothing is said. */
  severity?: Severity;
  related?: Diagnostic["related"];
  /** True where other parameter values would make it go away: not reported for a branch that is not taken. */
  dynamic?: boolean;
}

/** Of what CloudFormation does only in templates with the transform AWS::LanguageExtensions. */
export function needsExtensions(what: string): Problem {
  return {
    code: "transform.missing",
    message: `${what} needs the transform AWS::LanguageExtensions, which this template does not have.`,
    remedy: "Add Transform: AWS::LanguageExtensions to the template.",
  };
}

/** Reports a problem at a node. */
export function report(scope: Scope, node: Node, problem: Problem): void {
  reportAt(scope, scope.template.placeOf(node), problem);
}

/** Reports a problem, unless it is of a branch that is not taken and other values would solve it. */
export function reportAt(scope: Scope, place: Place, problem: Problem): void {
  if (scope.shadow && problem.dynamic) return;
  const { code, severity = "error", message, remedy } = problem;
  const diagnostic: Diagnostic = { code, severity, message, remedy, place };
  if (scope.resource !== undefined) diagnostic.resource = scope.resource;
  if (problem.related) diagnostic.related = problem.related;
  scope.diagnostics.push(diagnostic);
}
