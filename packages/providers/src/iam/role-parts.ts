import { type Changed, DiagnosticError } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { ifFound } from "../aws/errors.ts";
import { inTurn } from "../aws/in-turn.ts";
import { pages } from "../aws/pages.ts";
import { absentCode, nextMarker } from "./account.ts";
import { attachedArns, type InlinePolicy, inlineNames } from "./live-role.ts";

// One after the other, everywhere: IAM refuses requests that change one role at the same time (ConcurrentModification).

/** IAM's word for a quota that is reached: of attached policies, or of the size of the inline ones. */
const roleIsFull = "LimitExceeded";

/** Attaches and detaches what an update names. */
export async function updateAttachments(aws: Aws, RoleName: string, changed: Changed): Promise<void> {
  const added = changed.added("ManagedPolicyArns") as string[];
  await inTurn(
    roleIsFull,
    async () => {
      for (const PolicyArn of added) await aws.iam.attachRolePolicy({ RoleName, PolicyArn });
    },
    () => detach(aws, RoleName, changed.removed("ManagedPolicyArns") as string[]),
  );
}

/** Writes and removes the inline policies that an update names. `declared`: as they are written. */
export async function updateInline(
  aws: Aws,
  RoleName: string,
  declared: readonly InlinePolicy[],
  changed: Changed,
): Promise<void> {
  const named = (policies: readonly unknown[]) => (policies as InlinePolicy[]).map(({ PolicyName }) => PolicyName);
  const coming = new Set([...named(changed.added("Policies")), ...changed.modified("Policies")]);
  await inTurn(
    roleIsFull,
    async () => {
      for (const { PolicyName, PolicyDocument } of declared) {
        if (!coming.has(PolicyName)) continue;
        await aws.iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) });
      }
    },
    () => removeInline(aws, RoleName, named(changed.removed("Policies"))),
  );
}

/** What IAM wants gone before it deletes a role, whoever put it there. A profile that has the role is a resource of its own: nothing is taken out of it. */
export async function emptyRole(aws: Aws, RoleName: string): Promise<void> {
  await refuseHeld(aws, RoleName);
  await detach(aws, RoleName, await attachedArns(aws, RoleName));
  await removeInline(aws, RoleName, await inlineNames(aws, RoleName));
}

async function detach(aws: Aws, RoleName: string, arns: readonly string[]): Promise<void> {
  for (const PolicyArn of arns) await ifFound(aws.iam.detachRolePolicy({ RoleName, PolicyArn }), absentCode);
}

async function removeInline(aws: Aws, RoleName: string, names: readonly string[]): Promise<void> {
  for (const PolicyName of names) await ifFound(aws.iam.deleteRolePolicy({ RoleName, PolicyName }), absentCode);
}

/** A profile that went a moment ago is told of for a while. */
const profileLooks = 6;

async function refuseHeld(aws: Aws, RoleName: string): Promise<void> {
  for (let look = 1; ; look++) {
    const profiles = await profileNames(aws, RoleName);
    if (profiles.length === 0) return;
    if (look === profileLooks) {
      throw new DiagnosticError({
        code: "delete.in-use",
        severity: "error",
        message: `${RoleName} is still in the instance profile ${profiles.join(", ")}.`,
        remedy: "take it out there and run again, or keep it with DeletionPolicy: Retain",
      });
    }
    await aws.wait(look * 1000);
  }
}

async function profileNames(aws: Aws, RoleName: string): Promise<string[]> {
  const names: string[] = [];
  const list = pages((Marker) => aws.iam.listInstanceProfilesForRole({ RoleName, MaxItems: 1000, Marker }), nextMarker);
  for await (const { InstanceProfiles = [] } of list)
    names.push(...InstanceProfiles.map(({ InstanceProfileName = "" }) => InstanceProfileName));
  return names;
}
