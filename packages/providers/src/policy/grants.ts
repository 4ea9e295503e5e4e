import {
  declaredOffline,
  defaultProject,
  type InputRequest,
  inputsOf,
  ledgerPath,
  type OfflineLinks,
  type OfflineResource,
  ownerOf,
  partitionOf,
  type Registry,
  type Stack,
  Unknown,
  urlSuffixOf,
} from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { existingAction } from "../aws/existing.ts";
import { ledgerOperations } from "../aws/ledger.ts";
import { actionFacts } from "./action-facts.ts";
import { anywhere, arnsOf, both, type Condition, claimed, equal, type Grant, owned, type Subject } from "./grant.ts";
import { arnOf, kindOf, type Site } from "./kinds.ts";
import { always, inputReads, keyUses, passes, secretReads, tagsOnCreate } from "./tables.ts";

/** Everything that a plan of a stack may call, or an apply too. As far as the files say where it lives and what it names; what they do not say is a pattern. */
export function grantsOf(stack: Stack, mode: "plan" | "apply", place: Place): Grant[] {
  const subject = subjectOf(stack, place);
  const listed = place.registry.all().flatMap((type) => type.alwaysListed ?? []);
  const grants = [
    ...readGrants(subject, place),
    ...listed.map((action) => anywhere(subject, "Read", action)),
    ...ledgerGrants(subject, ledgerOperations.read),
    ...projectGrants(subject),
  ];
  if (mode === "plan") return grants;
  return [
    ...grants,
    ...subject.resources.flatMap((resource) =>
      resource.type.actions.write.flatMap((action) => writes(subject, resource, action)),
    ),
    ...passGrants(subject),
    ...subject.resources.flatMap((resource) => keyGrants(subject, resource)),
    ...ledgerGrants(subject, ledgerOperations.write),
  ];
}

/** What a plan may call for another stack of the project, from which one of the run imports. `stack`: that one, with nothing but what is read of it. */
export function neighbourGrants(stack: Stack, place: Place): Grant[] {
  return readGrants(subjectOf(stack, place), { ...place, usedOnly: true });
}

interface Place extends Partial<Pick<OfflineLinks, "isGiven">> {
  registry: Registry<Aws>;
  /** Of stacks that name none. */
  region?: string;
}

function subjectOf(stack: Stack, place: Place): Subject {
  const region = stack.region ?? place.region ?? "*";
  return {
    stack,
    region,
    partition: partitionOf(region),
    account: stack.account ?? "*",
    owner: ownerOf(stack.project.name, stack.name, region),
    resources: declaredOffline(stack, place.registry),
  };
}

function readGrants(
  subject: Subject,
  { isGiven = () => false, usedOnly = false }: Pick<Place, "isGiven"> & { usedOnly?: boolean },
): Grant[] {
  const { stack, region } = subject;
  // `Fn::GetAZs` asks for those of a region that has a name.
  const requests = inputsOf(stack, region === "*" ? {} : { "AWS::Region": region }, new Map(), usedOnly);
  return [
    ...always.map((action) => anywhere(subject, "Read", action)),
    ...subject.resources.flatMap((resource) => reads(subject, resource)),
    ...requests.flatMap((request) => (isGiven(stack, request) ? [] : inputGrants(subject, request))),
  ];
}

/** On what runs of the stack leave for one another: below a path, which is listed. */
function ledgerGrants(subject: Subject, actions: readonly string[]): Grant[] {
  const path = ledgerPath(subject.stack.project.name, subject.stack.name).slice(1);
  return actions.flatMap((action) =>
    (action === "ssm:GetParametersByPath" ? [path, `${path}/*`] : [`${path}/*`]).map(
      (name): Grant => ({ purpose: "Record", action, resource: arnOf("ssm:parameter", subject, name), condition: {} }),
    ),
  );
}

/** Stacks without a file are known by what runs of the project's stacks have left. */
function projectGrants(subject: Subject): Grant[] {
  const { name } = subject.stack.project;
  if (name === defaultProject.name) return [];
  const resource = arnOf("ssm:parameter", subject, ledgerPath(name).slice(1));
  return [{ purpose: "Record", action: "ssm:GetParametersByPath", resource, condition: {} }];
}

function reads(subject: Subject, resource: OfflineResource<Aws>): Grant[] {
  return resource.type.actions.read.flatMap((action) => {
    if (!secretReads.has(action)) return [anywhere(subject, "Read", action)];
    return secretKinds(action).flatMap((kind) => secretGrants(subject, action, kind, arnsOf(subject, resource, kind)));
  });
}

function secretKinds(action: string): string[] {
  const [service] = action.split(":");
  return Object.keys(actionFacts[action]?.on ?? {}).map((thing) => `${service}:${thing}`);
}

/** By name; and all that is ours, as what has left the template is read once more. */
function secretGrants(subject: Subject, action: string, kind: string, named: readonly string[]): Grant[] {
  return [
    ...named.map((resource): Grant => ({ purpose: "Read", action, resource, condition: {} })),
    { purpose: "Read", action, resource: arnOf(kind, subject), condition: owned(subject) },
  ];
}

/** What makes a thing, with our tags in the same call. */
const making = /:(?:Allocate|Authorize|Create(?!Tags|PolicyVersion)|Import|Put(?=Parameter$)|Request|Run)/;
const tagging = /:(?:AddTags|CreateTags|Tag)/;
/** What is called for things that have left the template as well: their names are not known any more. */
const removing = /:(?:Delete|Detach|Disassociate|Remove|Release|Revoke|Terminate|Untag)/;

function writes(subject: Subject, resource: OfflineResource<Aws>, action: string): Grant[] {
  if (action === "iam:PassRole") return [];
  const [service = ""] = action.split(":");
  const facts = actionFacts[action];
  const things = Object.entries(facts?.on ?? {});
  const purpose = making.test(action) ? "Make" : "Change";
  if (things.length === 0) {
    return [anywhere(subject, purpose, action, facts?.request && purpose === "Make" ? claimed(subject) : {})];
  }
  return things.flatMap(([thing, keys]) => thingGrants(subject, resource, action, `${service}:${thing}`, keys));
}

function thingGrants(
  subject: Subject,
  resource: OfflineResource<Aws>,
  action: string,
  kind: string,
  keys: string,
): Grant[] {
  const all = kind.endsWith(":*") ? everything(kind, subject) : arnOf(kind, subject);
  const named = arnsOf(subject, resource, kind);
  const grant = (purpose: Grant["purpose"], resources: readonly string[], condition: Condition = {}): Grant[] =>
    resources.map((arn) => ({ purpose, action, resource: arn, condition }));
  const here = named.length > 0 ? named : [all];
  const isOwned = keys.includes("owner");
  const isClaimed = keys.includes("request");
  if (tagging.test(action)) {
    const adopts = adoptsOf(subject, resource);
    const onCreate = kind === "ec2:*" ? equal("ec2:CreateAction", ...creating(subject)) : {};
    const own = kindOf(resource.type);
    return [
      ...grant("Make", here, isClaimed ? both(claimed(subject), onCreate) : {}),
      ...(adopts && kind === "ec2:*" && own ? grant("Make", [arnOf(own, subject)], claimed(subject)) : []),
      ...(isOwned ? grant("Change", [all], owned(subject)) : []),
    ];
  }
  const isParent = kind === parentKind(resource);
  if (kindOf(resource.type) !== kind && !isParent && kind !== "ec2:*") return grant("Refer", here);
  // What an action makes inside something has tags of its own to bring; what it is made in has its owner's.
  if (making.test(action) && !isParent && (isClaimed || !isOwned)) {
    const overwrites = action === "ssm:PutParameter" ? grant("Change", here, equal("ssm:Overwrite", "true")) : [];
    return [...grant("Make", here, isClaimed ? claimed(subject) : {}), ...overwrites];
  }
  if (isOwned && !(isParent && !isOurs(subject, resource))) return grant("Change", [all], owned(subject));
  return grant("Change", removing.test(action) || isParent ? [all] : here);
}

function everything(kind: string, { partition, region, account }: Site): string {
  return `arn:${partition}:${kind.split(":")[0]}:${region}:${account}:*`;
}

/** The calls to EC2 that bring tags along: `RunInstances`. */
function creating({ resources }: Subject): string[] {
  const writes = new Set(resources.flatMap(({ type }) => type.actions.write));
  return tagsOnCreate.flatMap(({ of }) => (of.startsWith("ec2:") && writes.has(of) ? [of.slice("ec2:".length)] : []));
}

function adoptsOf({ stack }: Subject, { logicalId }: OfflineResource<Aws>): boolean {
  return stack.template.resources.get(logicalId)?.reconcile.adopt !== undefined;
}

function parentKind({ type }: OfflineResource<Aws>): string | undefined {
  return type.within && kindOfName(type.within.type);
}

function kindOfName(type: string): string | undefined {
  const [, service = "", name = ""] = type.split("::");
  return kindOf({ type, actions: { read: [], write: [`${service.toLowerCase()}:${name}`] } });
}

/** Does a child say that its parent is one of this stack? */
function isOurs({ stack }: Subject, { type, properties }: OfflineResource<Aws>): boolean {
  const value = type.within && properties[type.within.identifiedBy];
  if (!(value instanceof Unknown)) return false;
  return value.sources.every((source) => {
    const declared = stack.template.resources.get(source.split(".")[0] ?? "");
    return declared?.type === type.within?.type && declared?.reconcile.adopt === undefined;
  });
}

/** The roles that the stack hands on, each only to the service that takes it. */
function passGrants(subject: Subject): Grant[] {
  return subject.resources.flatMap((resource) =>
    passes
      .filter(
        ({ of, property }) => resource.type.actions.write.includes(of) && resource.properties[property] !== undefined,
      )
      .flatMap(({ needs, service, property }) =>
        rolesIn(subject, resource.properties[property], property).map(
          (arn): Grant => ({
            purpose: "Pass",
            action: needs,
            resource: arn,
            condition: equal("iam:PassedToService", service),
          }),
        ),
      ),
  );
}

/** The roles that a value names: those of this stack, the one of a name, or any where neither is known. */
function rolesIn(subject: Subject, value: unknown, property: string): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => rolesIn(subject, each, property));
  if (typeof value === "string" && property === "Roles")
    return [arnOf("iam:role", subject, value), arnOf("iam:role", subject, `*/${value}`)];
  const sources = value instanceof Unknown ? value.sources.map((source) => source.split(".")[0]) : [];
  const declared = sources.flatMap((id) => subject.resources.filter((each) => each.logicalId === id));
  // What a profile of this stack passes on was said of the profile.
  if (property !== "Roles" && declared.length > 0) return [];
  const arns = declared.flatMap((role) => arnsOf(subject, role, "iam:role"));
  return arns.length > 0 ? arns : [arnOf("iam:role", subject)];
}

function keyGrants(subject: Subject, { type, properties }: OfflineResource<Aws>): Grant[] {
  const { region, partition } = subject;
  const suffix = urlSuffixOf(partition);
  return keyUses
    .filter((use) => use.type === type.type)
    .flatMap((use) =>
      use.keys(properties).flatMap((key) => {
        if (key === undefined || (typeof key === "string" && /(^|:)alias\/aws\//.test(key))) return [];
        const isArn = typeof key === "string" && /^arn:[^:]+:kms:[^:]*:\d*:key\//.test(key);
        const resource = isArn
          ? key
          : arnOf("kms:key", subject, typeof key === "string" && /^[0-9a-f-]{36}$/.test(key) ? key : "*");
        const condition = equal("kms:ViaService", `${use.service}.${region}.${suffix}`);
        return use.needs.map((action): Grant => ({ purpose: "Encrypt", action, resource, condition }));
      }),
    );
}

/** What looking up an outside value calls. A name that is not known yet is any. */
function inputGrants(subject: Subject, request: InputRequest): Grant[] {
  // A role to look elsewhere with is not taken: such an output is refused.
  if (request.stack?.roleArn !== undefined) return [];
  const resource = inputArn(subject, request);
  const there = request.kind === "zones" ? { ...subject, region: request.name } : subject;
  const reads = request.kind === "existing" ? [existingAction(request.name)] : inputReads[request.kind];
  return reads.map((action) =>
    resource === undefined ? anywhere(there, "Read", action) : { purpose: "Read", action, resource, condition: {} },
  );
}

/** What holds an outside value; undefined: calls for one name nothing. */
function inputArn(subject: Subject, { kind, name, stack }: InputRequest): string | undefined {
  switch (kind) {
    case "ssm":
    case "ssm-secure":
      return name.startsWith("arn:") ? name : arnOf("ssm:parameter", subject, name.replace(/^\//, ""));
    case "secretsmanager":
      // Its ARN ends in six characters of AWS's.
      return name.startsWith("arn:") ? name : arnOf("secretsmanager:Secret", subject, `${name}-??????`);
    case "stack-output":
      return arnOf("cloudformation:stack", { ...subject, region: stack?.region ?? subject.region }, stack?.name);
    default:
      return undefined;
  }
}
