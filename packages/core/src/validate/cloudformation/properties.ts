import { isMap, isScalar, isSeq, type Node } from "yaml";
import type { Diagnostic } from "../../diagnostic.ts";
import { type Pointer, pointer, segmentsOf } from "../../pointer.ts";
import { dynamicReferencesIn } from "../../template/dynamic.ts";
import { evaluateResource } from "../../template/evaluate.ts";
import { resourceLabel } from "../../template/label.ts";
import type { Environment, Evaluated, ResourceDeclaration, Template } from "../../template/model.ts";
import { templateOfFile } from "../../template/nested.ts";
import { entriesOf, isTagged, textOf } from "../../template/nodes.ts";
import { isRecord, type Properties, Unknown, type Value } from "../../value.ts";
import type { SpecifiedProperties, SpecifiedType, SpecifiedValue } from "../specification.ts";
import { found, listed, propertyName, shapesAt } from "../words.ts";
import type { CloudFormationOptions } from "./index.ts";

/** What Reconcile takes in the properties of resources and CloudFormation does not, held against AWS's specification. */
export function checkProperties(
  template: Template,
  environment: Environment,
  options: CloudFormationOptions,
): Diagnostic[] {
  const ofResources = [...template.resources].flatMap(([name, declaration]) => {
    const evaluated = evaluateResource(template, name, environment);
    const specified = options.specification.resource(declaration.type);
    const look: Look = { declaration, evaluated, specified, options, diagnostics: [] };
    if (declaration.reconcile.existing !== undefined) existing(look);
    const file = templateOfFile(template, declaration.place.file) ?? template;
    if (declaration.properties) checkSecureReferences(look, file, declaration.properties, "");
    if (specified) {
      checkObject(look, specified.properties, evaluated.properties, "");
      checkAttributes(look, template);
    }
    return look.diagnostics;
  });
  return [...ofResources, ...nestedTemplates(template)];
}

/** Paths are for `aws cloudformation package`, which puts the templates into a bucket and their addresses in their place. */
function nestedTemplates(template: Template): Diagnostic[] {
  // One that was not read is behind an address, or is missing, which is said elsewhere.
  const read = [...(template.nested?.values() ?? [])].filter((nested) => nested.template.source.path !== "");
  return read.flatMap(({ declaration, template: inner }) => [
    {
      code: "cloudformation.nested-template",
      severity: "note",
      message: "CloudFormation reads nested templates from a bucket, not from a file.",
      remedy: "Run aws cloudformation package, which uploads the file and writes its address.",
      resource: resourceLabel(declaration),
      place: declaration.place,
    },
    ...nestedTemplates(inner),
  ]);
}

interface Look {
  declaration: ResourceDeclaration;
  evaluated: Evaluated;
  specified: SpecifiedType | undefined;
  options: CloudFormationOptions;
  diagnostics: Diagnostic[];
}

type Problem = Pick<Diagnostic, "code" | "message"> & { remedy: string; severity?: "note" };

function say({ declaration, diagnostics }: Look, place: Diagnostic["place"], problem: Problem): void {
  diagnostics.push({ severity: "warning", ...problem, resource: resourceLabel(declaration), ...(place && { place }) });
}

function existing(look: Look): void {
  say(look, look.declaration.place, {
    code: "cloudformation.existing",
    severity: "note",
    message: "CloudFormation knows no existing resources: it would create this one.",
    remedy: "Pass what others need of it as a parameter.",
  });
}

function checkObject(look: Look, known: SpecifiedProperties, value: Properties, path: Pointer): void {
  for (const [name, part] of Object.entries(value)) {
    const at = path + pointer(name);
    const property = Object.hasOwn(known, name) ? known[name] : undefined;
    if (property) checkValue(look, property.type, part, at);
    else if (isOurs(look, at)) {
      say(look, look.evaluated.placeOfKey(at), {
        code: "cloudformation.property",
        message: `CloudFormation has no property ${propertyName(at)} of ${look.declaration.type}, or none that can be set.`,
        remedy: "Remove it from what goes to CloudFormation.",
      });
    }
  }
  for (const [name, { required }] of Object.entries(known)) {
    if (!required || Object.hasOwn(value, name) || isRequiredHere(look, path + pointer(name))) continue;
    say(look, look.evaluated.placeOf(path), {
      code: "cloudformation.required",
      message: `CloudFormation wants ${propertyName(path + pointer(name))}, which may be left out here.`,
      remedy: `Add ${name}.`,
    });
  }
}

function checkValue(look: Look, type: SpecifiedValue, value: Value, path: Pointer): void {
  if (value instanceof Unknown || value === null) return;
  const isScalarValue = typeof value !== "object";
  switch (type.kind) {
    case "list":
      if (Array.isArray(value))
        for (const [index, item] of value.entries()) checkValue(look, type.of, item, path + pointer(index));
      // CloudFormation takes an object for a list of one; a text it refuses.
      else if (isRecord(value)) checkValue(look, type.of, value, path);
      else coerced(look, path, value, "a list", "Write it as a list of one.");
      return;
    case "object":
      if (isRecord(value))
        checkObject(look, look.specified?.definitions[type.definition]?.properties ?? {}, value as Properties, path);
      else documentWritten(look, path, value);
      return;
    case "map":
      if (isRecord(value))
        for (const [key, part] of Object.entries(value as Properties))
          checkValue(look, type.of, part, path + pointer(key));
      else documentWritten(look, path, value);
      return;
    case "json":
      documentWritten(look, path, value);
      return;
    case "string":
      if (!isScalarValue) coerced(look, path, value, "text", "Write it as JSON text, or with Fn::ToJsonString.");
      else checkAllowed(look, type.values, value, path);
      return;
    case "union":
      checkUnion(look, type.of, value, path);
      return;
    default:
      return;
  }
}

/** What is wrong in the branch that takes it best. */
function checkUnion(look: Look, branches: readonly SpecifiedValue[], value: Value, path: Pointer): void {
  const looks = branches.map((branch) => {
    const own: Look = { ...look, diagnostics: [] };
    checkValue(own, branch, value, path);
    return own;
  });
  const [best] = looks.sort((a, b) => a.diagnostics.length - b.diagnostics.length);
  look.diagnostics.push(...(best?.diagnostics ?? []));
}

/** JSON text is read here as what it says. */
function documentWritten(look: Look, path: Pointer, value: Value): void {
  if (typeof value === "object") return;
  const isJson = typeof value === "string" && /^\s*[{[]/.test(value);
  coerced(look, path, value, "an object", isJson ? "Write the text's JSON out as YAML." : "Write an object.");
}

function coerced(look: Look, path: Pointer, value: Value, wanted: string, remedy: string): void {
  say(look, look.evaluated.placeOf(path), {
    code: "cloudformation.coercion",
    message: `CloudFormation wants ${wanted} as ${propertyName(path)}, and here is ${kindOf(value)}.`,
    remedy,
  });
}

function kindOf(value: Value): string {
  if (typeof value !== "object") return typeof value === "string" ? "text" : `a ${typeof value}`;
  return found(value, false);
}

function checkAllowed(look: Look, allowed: readonly unknown[] | undefined, value: Value, path: Pointer): void {
  if (!allowed || allowed.includes(value) || look.evaluated.sensitive.has(path)) return;
  const { type } = look.declaration;
  const place = look.evaluated.placeOf(path);
  if (type === "AWS::SSM::Parameter" && path === "/Type" && value === "SecureString") {
    say(look, place, {
      code: "cloudformation.secure-string",
      message: "CloudFormation cannot create a SecureString in Parameter Store.",
      remedy: "Keep the value in AWS::SecretsManager::Secret, or create the parameter outside of the template.",
    });
  } else if (isOurs(look, path)) {
    say(look, place, {
      code: "cloudformation.value",
      message: `CloudFormation does not know ${found(value, false)} as ${propertyName(path)}.`,
      remedy: `It knows ${listed(allowed)}.`,
    });
  }
}

/** Does our provider have a property there? Without one, what AWS does not have is an error already. */
function isOurs({ declaration, options }: Look, path: Pointer): boolean {
  const shape = options.registry.get(declaration.type)?.shape;
  return shape !== undefined && shapesAt(shape, segmentsOf(path)).length > 0;
}

function isRequiredHere({ declaration, options }: Look, path: Pointer): boolean {
  const shape = options.registry.get(declaration.type)?.shape;
  return !shape || shapesAt(shape, segmentsOf(path)).every((each) => each.undeclared === "required");
}

/** Attributes that our provider gives and AWS's specification does not have. */
function checkAttributes(look: Look, template: Template): void {
  for (const { attribute, logicalId, place } of look.evaluated.references) {
    const target = template.resources.get(logicalId);
    const theirs = target && look.options.specification.resource(target.type)?.attributes;
    const ours = target && look.options.registry.get(target.type)?.attributes;
    if (attribute === undefined || !theirs || !ours) continue;
    if (Object.hasOwn(theirs, attribute) || !Object.hasOwn(ours, attribute)) continue;
    say(look, place, {
      code: "cloudformation.attribute",
      message: `CloudFormation does not give ${attribute} of ${target.type}.`,
      remedy: `It gives ${listed(Object.keys(theirs)) || "none"}.`,
    });
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html */
const secureProperties: Readonly<Record<string, readonly string[]>> = {
  "AWS::DirectoryService::MicrosoftAD": ["/Password"],
  "AWS::DirectoryService::SimpleAD": ["/Password"],
  "AWS::ElastiCache::ReplicationGroup": ["/AuthToken"],
  "AWS::IAM::User": ["/LoginProfile/Password"],
  "AWS::KinesisFirehose::DeliveryStream": ["/RedshiftDestinationConfiguration/Password"],
  "AWS::OpsWorks::App": ["/AppSource/Password"],
  "AWS::OpsWorks::Stack": ["/CustomCookbooksSource/Password", "/RdsDbInstances/DbPassword"],
  "AWS::RDS::DBCluster": ["/MasterUserPassword"],
  "AWS::RDS::DBInstance": ["/MasterUserPassword"],
  "AWS::Redshift::Cluster": ["/MasterUserPassword"],
};

/** `ssm-secure` as it is written: once evaluated it is a value like any other. What stands in a function stands where the function does. */
function checkSecureReferences(look: Look, template: Template, written: Node, path: Pointer, inFunction = false): void {
  const node = template.target(written);
  const visit = (child: Node, at: Pointer, inside: boolean) => checkSecureReferences(look, template, child, at, inside);
  if (isMap(node)) {
    for (const { key, value } of entriesOf(node)) {
      const inside = inFunction || isTagged(node) || key === "Ref" || key.startsWith("Fn::");
      if (value) visit(value, inside ? path : path + pointer(key), inside);
    }
  } else if (isSeq(node)) {
    for (const item of node.items as Node[]) visit(item, path, inFunction || isTagged(node));
  } else if (isScalar(node)) {
    const { type } = look.declaration;
    const isSecure = dynamicReferencesIn(textOf(node)).some(({ service }) => service === "ssm-secure");
    if (!isSecure || secureProperties[type]?.includes(path)) return;
    say(look, template.placeOf(node), {
      code: "cloudformation.ssm-secure",
      message: `CloudFormation does not look up {{resolve:ssm-secure:…}} in ${propertyName(path)} of ${type}.`,
      remedy: "Keep the value in Secrets Manager: {{resolve:secretsmanager:…}} is looked up in every property.",
    });
  }
}
