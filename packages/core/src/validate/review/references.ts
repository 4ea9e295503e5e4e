import { type Pointer, pointer, segmentsOf } from "../../pointer.ts";
import type { Reference } from "../../template/model.ts";
import type { Specification, SpecifiedProperty } from "../specification.ts";
import { sourceText } from "../unknown-identity.ts";
import type { Finding, Review, Reviewed, ReviewedStack } from "./model.ts";

/** Types that nothing else can stand for: of others AWS's specification does not list all that a property takes. */
const distinctive = new Set([
  "AWS::EC2::SecurityGroup",
  "AWS::EC2::Subnet",
  "AWS::EC2::VPC",
  "AWS::IAM::InstanceProfile",
  "AWS::IAM::Role",
]);

/** How properties are called that take their ids. What AWS says of a type is read only where it may matter: that takes time. */
const isOfDistinctive = /group|profile|role|subnet|vpc/i;

export const wrongTarget: Review = {
  id: "ref.wrong-type",
  severity: "warning",
  title: "A reference leads to a resource of another type",
  about:
    "A property takes the id of a network, subnet, security group, role or instance profile, and is given that of something else. AWS refuses it when the resource is made. Only what is certain is told: a reference that is written directly, to a resource of a type that AWS has.",
  remedy: "Refer to a resource of that type.",
  resource: { look: (resource, stack) => directUses(resource, stack).flatMap((use) => wrongTypes(use)) },
};

export const nameForArn: Review = {
  id: "ref.name-for-arn",
  severity: "warning",
  title: "The name of a role stands for its ARN",
  about: "Ref of a role gives its name. Where a property takes the ARN of a role, AWS refuses that.",
  remedy: "Get the attribute Arn.",
  resource: { look: (resource, stack) => directUses(resource, stack).flatMap((use) => namesForArns(use)) },
};

interface Use {
  reference: Reference;
  at: Pointer;
  target: Reviewed;
  /** What the property takes: one type, and what of it. */
  wanted: { type: string; properties: readonly string[] };
}

const known = new WeakMap<Reviewed, readonly Use[]>();

/** References that are the whole value of a property of which AWS's specification says what it takes. */
function directUses(resource: Reviewed, stack: ReviewedStack): readonly Use[] {
  const uses = known.get(resource) ?? findUses(resource, stack);
  known.set(resource, uses);
  return uses;
}

function findUses({ type, evaluated }: Reviewed, { byId, specification, template }: ReviewedStack): Use[] {
  if (!specification) return [];
  return evaluated.references.flatMap((reference) => {
    const { at, attribute, logicalId } = reference;
    // What another attribute holds may be the id of anything.
    if (at === undefined || !isOfDistinctive.test(at) || (attribute !== undefined && attribute !== "Arn")) return [];
    const target = byId.get(logicalId);
    const wanted = target && wantedAt(specification, type, at);
    // That AWS has no such type is said where it stands.
    if (!target || !wanted || !specification.has(target.type)) return [];
    const text = sourceText(template, evaluated.placeOf(at)) ?? "";
    return isWhole(text, reference) ? [{ reference, at, target, wanted }] : [];
  });
}

/** undefined: the specification does not say, or what takes things of several types may take more than it says. */
function wantedAt(specification: Specification, type: string, at: Pointer): Use["wanted"] | undefined {
  // A group that a network has is one all the same.
  const references = referencesAt(specification, type, at)?.filter((each) => each.property !== "DefaultSecurityGroup");
  const [first, ...others] = references ?? [];
  if (!first || !distinctive.has(first.type) || others.some((each) => each.type !== first.type)) return undefined;
  return { type: first.type, properties: [first, ...others].map((each) => each.property) };
}

/** Of a list the specification says it of the list. */
function referencesAt(specification: Specification, type: string, at: Pointer): SpecifiedProperty["references"] {
  const own = specification.propertyAt(type, at) as SpecifiedProperty | undefined;
  if (own?.references) return own.references;
  const segments = segmentsOf(at);
  if (!/^\d+$/.test(segments.at(-1) ?? "")) return undefined;
  const list = specification.propertyAt(type, pointer(...segments.slice(0, -1))) as SpecifiedProperty | undefined;
  return list?.references;
}

/** A function's place is that of what it is applied to: a name, or a list of the name and the attribute. */
function isWhole(text: string, { logicalId, attribute }: Reference): boolean {
  const words = text.split(/[\s"'[\],-]+/).filter((word) => word !== "");
  return words.join(".") === (attribute === undefined ? logicalId : `${logicalId}.${attribute}`);
}

function wrongTypes({ at, target, wanted }: Use): Finding[] {
  if (wanted.type === target.type || !/^AWS::(?!CloudFormation::|Serverless::|SSM::)/.test(target.type)) return [];
  return [
    {
      at,
      message: `This takes ${wanted.type}, and "${target.logicalId}" is ${target.type}.`,
      related: [{ message: `"${target.logicalId}".`, place: target.evaluated.placeOf("") }],
    },
  ];
}

function namesForArns({ reference, at, target, wanted }: Use): Finding[] {
  const isName = target.type === "AWS::IAM::Role" && reference.attribute === undefined;
  if (!isName || wanted.properties.some((each) => each !== "Arn")) return [];
  const message = `This takes the ARN of a role, and Ref gives the name of "${target.logicalId}".`;
  return [{ at, message, remedy: `Write !GetAtt ${target.logicalId}.Arn.` }];
}
