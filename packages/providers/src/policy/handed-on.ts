import { type OfflineResource, resourceIn, Unknown, urlSuffixOf } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { arnsOf, equal, type Grant, type Subject } from "./grant.ts";
import { arnOf } from "./kinds.ts";
import { keyUses, passes } from "./tables.ts";

/** The roles that the stack hands on, each only to the service that takes it. */
export function passGrants(subject: Subject): Grant[] {
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
  const sources = value instanceof Unknown ? value.sources.map(resourceIn) : [];
  const declared = sources.flatMap((id) => subject.resources.filter((each) => each.logicalId === id));
  // What a profile of this stack passes on was said of the profile.
  if (property !== "Roles" && declared.length > 0) return [];
  const arns = declared.flatMap((role) => arnsOf(subject, role, "iam:role"));
  return arns.length > 0 ? arns : [arnOf("iam:role", subject)];
}

/** The keys that a resource names: used by its service, on its behalf. */
export function keyGrants(subject: Subject, { type, properties }: OfflineResource<Aws>): Grant[] {
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
