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
} from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { existingAction } from "../aws/existing.ts";
import { ledgerOperations } from "../aws/ledger.ts";
import { actionFacts } from "./action-facts.ts";
import { anywhere, arnsOf, type Grant, owned, type Subject } from "./grant.ts";
import { keyGrants, passGrants } from "./handed-on.ts";
import { arnOf } from "./kinds.ts";
import { always, inputReads, secretReads } from "./tables.ts";
import { writeGrants } from "./write-grants.ts";

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
      resource.type.actions.write.flatMap((action) => writeGrants(subject, resource, action)),
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
