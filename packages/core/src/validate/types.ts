import type { Diagnostic } from "../diagnostic.ts";
import type { Registry } from "../resource/registry.ts";
import { notYetType } from "../template/functions/not-yet.ts";
import { resourceLabel } from "../template/label.ts";
import type { ResourceDeclaration, Template } from "../template/model.ts";
import { didYouMean } from "../template/nearest.ts";
import type { Purpose } from "./purpose.ts";
import type { Specification } from "./specification.ts";

interface Options {
  registry: Pick<Registry, "has" | "all">;
  specification?: Specification;
  purpose?: Purpose;
}

/**
 * `type.unknown`; `not-yet.type` for what AWS has and no provider does; `unsupported.type` for what is in CloudFormation's registry only; `type.deprecated`. What only
 * CloudFormation's service can do was said when the template was read. For the files' own sake a type that is used forty times is said once.
 */
export function checkTypes(template: Template, options: Options): Diagnostic[] {
  const first = new Map<string, Diagnostic>();
  const diagnostics: Diagnostic[] = [];
  for (const declaration of template.resources.values()) {
    const { type } = declaration;
    if (type === "" || notYetType(type)) continue;
    // What there is a provider for is not deprecated, and its facts need not be read.
    if (!options.registry.has(type)) diagnostics.push(...deprecatedType(declaration, options.specification));
    const known = options.purpose === "files" ? first.get(type) : undefined;
    if (known) {
      mention(known, declaration);
      continue;
    }
    const found = checkType(declaration, options);
    if (found?.code === "not-yet.type") first.set(type, found);
    if (found) diagnostics.push(found);
  }
  return diagnostics;
}

function deprecatedType(declaration: ResourceDeclaration, specification: Specification | undefined): Diagnostic[] {
  const { type, typePlace } = declaration;
  const deprecated = specification?.resource(type)?.deprecated;
  if (!deprecated) return [];
  const message = `${type} is deprecated: ${deprecated.reason}`;
  const remedy = deprecated.instead ?? "Remove it: AWS names nothing that takes its place.";
  const about = { resource: resourceLabel(declaration), place: typePlace };
  return [{ code: "type.deprecated", severity: "warning", message, remedy, ...about }];
}

/** Further places that are listed: more would only be long. */
const maxPlaces = 3;

function mention(diagnostic: Diagnostic, declaration: ResourceDeclaration): void {
  diagnostic.related ??= [];
  if (diagnostic.related.length < maxPlaces)
    diagnostic.related.push({ message: `${declaration.logicalId} is one as well.`, place: declaration.typePlace });
}

function checkType(declaration: ResourceDeclaration, { registry, specification }: Options): Diagnostic | undefined {
  const { type, typePlace } = declaration;
  if (registry.has(type)) return undefined;
  const about = { severity: "error", resource: resourceLabel(declaration), place: typePlace } as const;
  if (specification?.has(type)) {
    return {
      ...about,
      code: "not-yet.type",
      message: `AWS has the type ${type}, but there is no provider for it yet: a plan refuses it.`,
      remedy: "Manage this resource elsewhere until there is one, and pass what others need of it as parameters.",
    };
  }
  const near = isModule(type) ? undefined : specification?.nearestType(type);
  const names = registry.all().map((each) => each.type);
  if (near === undefined && isOfRegistry(type)) {
    return {
      ...about,
      code: "unsupported.type",
      message: `The type ${type} is not AWS's: it is run from CloudFormation's registry, which Reconcile does not use.`,
      remedy: "Declare the resources that it would make.",
    };
  }
  const remedy =
    near === undefined
      ? didYouMean(type, names, "Correct the name, as in AWS::SSM::Parameter.")
      : `Did you mean "${near}"?`;
  return { ...about, code: "type.unknown", message: `There is no resource type "${type}".`, remedy };
}

/** Modules, and types of other organisations: `Initech::TPS::Report`. */
function isOfRegistry(type: string): boolean {
  return (
    isModule(type) || (/^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$/.test(type) && !/^(aws|amzn|alexa)::/i.test(type))
  );
}

function isModule(type: string): boolean {
  return type.endsWith("::MODULE");
}
