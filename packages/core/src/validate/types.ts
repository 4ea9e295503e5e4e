import { distance } from "fastest-levenshtein";
import type { Diagnostic } from "../diagnostic.ts";
import type { Registry } from "../resource/registry.ts";
import { resourceLabel } from "../template/label.ts";
import type { ResourceDeclaration, Template } from "../template/model.ts";
import { didYouMean } from "../template/nearest.ts";
import { serviceType } from "../template/service.ts";
import type { Purpose } from "./purpose.ts";
import type { Specification } from "./specification.ts";

interface Options {
  registry: Pick<Registry, "has" | "all">;
  specification?: Specification;
  purpose?: Purpose;
}

/**
 * `type.unknown`; `not-yet.type` for what AWS has and no provider does; `unsupported.type` for what is in CloudFormation's registry only; `type.deprecated`. What only
 * CloudFormation's service can do was said when the template was read. For the files' own sake, that there are types without a provider is said once.
 */
export function checkTypes(template: Template, options: Options): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const missing = new Map<string, ResourceDeclaration[]>();
  for (const declaration of template.resources.values()) {
    const { type } = declaration;
    if (type === "" || serviceType(type) || options.registry.has(type)) continue;
    diagnostics.push(...deprecatedType(declaration, options.specification));
    if (!options.specification?.has(type)) diagnostics.push(unknownType(declaration, options));
    else if (options.purpose !== "files") diagnostics.push(withoutProvider(declaration));
    else missing.set(type, [...(missing.get(type) ?? []), declaration]);
  }
  return [...diagnostics, ...withoutProviders([...missing.values()])];
}

function withoutProvider(declaration: ResourceDeclaration): Diagnostic {
  return {
    code: "not-yet.type",
    severity: "error",
    message: `AWS has the type ${declaration.type}, but there is no provider for it yet: a plan refuses it.`,
    remedy: "Manage this resource elsewhere until there is one, and pass what others need of it as parameters.",
    resource: resourceLabel(declaration),
    place: declaration.typePlace,
  };
}

/** By type: the first of each is told. */
function withoutProviders(types: readonly (readonly ResourceDeclaration[])[]): Diagnostic[] {
  const [first, ...others] = types.flatMap((declarations) => declarations[0] ?? []);
  if (!first) return [];
  if (others.length === 0) return [withoutProvider(first)];
  const counts = new Map(types.map((declarations) => [declarations[0]?.type, declarations.length]));
  const related = [first, ...others].map(({ type, typePlace }) => {
    const count = counts.get(type) ?? 1;
    return { message: `${type}${count > 1 ? `, ${count} resources` : ""}`, place: typePlace };
  });
  return [
    {
      code: "not-yet.type",
      severity: "error",
      message: `AWS has these ${types.length} types, but there are no providers for them yet: a plan refuses them.`,
      remedy: "Manage these resources elsewhere until there are, and pass what others need of them as parameters.",
      place: first.typePlace,
      related,
    },
  ];
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

function unknownType(declaration: ResourceDeclaration, { registry, specification }: Options): Diagnostic {
  const { type, typePlace } = declaration;
  const about = { severity: "error", resource: resourceLabel(declaration), place: typePlace } as const;
  const near = specification?.nearestType(type);
  if (isOfRegistry(type) && (near === undefined || !isMistyped(type, near))) {
    return {
      ...about,
      code: "unsupported.type",
      message: `The type ${type} is not AWS's: it is run from CloudFormation's registry, which Reconcile does not use.`,
      remedy: "Declare the resources that it would make.",
    };
  }
  const names = registry.all().map((each) => each.type);
  const remedy =
    near === undefined
      ? didYouMean(type, names, "Correct the name, as in AWS::SSM::Parameter.")
      : `Did you mean "${near}"?`;
  return { ...about, code: "type.unknown", message: `There is no resource type "${type}".`, remedy };
}

/** Types of other organisations: `Initech::TPS::Report`. */
function isOfRegistry(type: string): boolean {
  return /^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$/.test(type) && !/^(aws|amzn|alexa)::/i.test(type);
}

/** `AWSQS::EKS::Cluster` is somebody's own type for what AWS has, `AW::EC2::Instance` a slip. */
function isMistyped(type: string, near: string): boolean {
  return distance(vendorOf(type), vendorOf(near)) === 1;
}

function vendorOf(type: string): string {
  return type.split("::", 1).join("");
}
