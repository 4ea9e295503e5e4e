import type { Diagnostic, Place, Severity } from "../../diagnostic.ts";
import type { Pointer } from "../../pointer.ts";
import type { Evaluated, Template } from "../../template/model.ts";
import type { Properties } from "../../value.ts";
import type { Specification } from "../specification.ts";

/**
 * What a reviewer would say of a template that AWS would take: data and a function, one entry of `reviews` each. Its severity can be set in reconcile.yaml, and a comment can
 * silence it at a line. The texts are those of its page in the documentation.
 */
export interface Review {
  /** The code of its diagnostics. */
  id: string;
  /** Unless reconcile.yaml says otherwise. "error" is for what AWS refuses, or what never works. */
  severity: Severity;
  /** What is the matter, as a heading. */
  title: string;
  /** Why that matters, and when it does not: a paragraph. */
  about: string;
  /** What to do, unless a finding knows better. */
  remedy: string;
  /** Looks at one resource of these types, or of every type. */
  resource?: { types?: readonly string[]; look(resource: Reviewed, stack: ReviewedStack): Finding[] };
  /** Looks once at the stack as a whole. */
  stack?(stack: ReviewedStack): Finding[];
}

/** A resource as far as it is evaluated, of whatever type: properties may hold unknowns, which no review takes for anything. */
export interface Reviewed {
  logicalId: string;
  type: string;
  /** Coerced; what is sensitive by its source is unknown here. */
  properties: Properties;
  evaluated: Evaluated;
  /** Pointers to values that must not be shown, by their place in the type. */
  secrets: readonly Pointer[];
  /** Whether it is part of the stack is not known. */
  undecided: boolean;
}

export interface ReviewedStack {
  template: Template;
  /** What its stack file checks, as it is written. */
  checks: readonly string[];
  resources: readonly Reviewed[];
  byId: ReadonlyMap<string, Reviewed>;
  byType: ReadonlyMap<string, readonly Reviewed[]>;
  specification?: Specification;
}

export interface Finding {
  message: string;
  remedy?: string;
  /** Where it is: a resource's property, or ("") the resource itself; or elsewhere. */
  at: Pointer | Place;
  /** It is the name of the property that is wrong. */
  onKey?: true;
  /** Of what is found by looking at the stack: whose it is. */
  resource?: Reviewed;
  related?: Diagnostic["related"];
}
