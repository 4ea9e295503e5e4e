import type { StackRecord } from "../apply/head-record.ts";
import { type Diagnostic, DiagnosticError } from "../diagnostic.ts";
import type { Cloud } from "../resource/model.ts";
import { ownerOf } from "../resource/owner.ts";
import type { Stack } from "../stack/model.ts";
import { defaultProject } from "../stack/project.ts";
import { diagnosed } from "./diagnosed.ts";
import type { ObserveOptions, StackWorld } from "./observe.ts";
import { settleAll, unique } from "./settle.ts";

export interface ElsewhereOptions<C extends Cloud> extends Pick<ObserveOptions<C>, "connect"> {
  /** Word of earlier runs; undefined: there is none. */
  recordOf(stack: Stack): Promise<StackRecord | undefined>;
  /** This run is of the whole folder of a project. */
  isWhole: boolean;
}

/**
 * Stacks of a run that live in another region or account than their files say: looked for where git had them before (`former`, by name), and where other stacks of a whole
 * project live. What is declared would be made a second time, and nobody would see the first one any more.
 */
export async function findElsewhere<C extends Cloud>(
  worlds: readonly StackWorld<C>[],
  former: ReadonlyMap<string, Stack>,
  options: ElsewhereOptions<C>,
): Promise<Diagnostic[]> {
  const present = worlds.filter(({ instance }) => !instance.stack.isGone);
  const found = present.map(async (world) => {
    const { stack } = world.instance;
    const isNamed = options.isWhole && stack.project.name !== defaultProject.name;
    const others = isNamed ? present.map((each) => each.instance.stack) : [];
    const places = [former.get(stack.name) ?? stack, ...others].flatMap((each) => placedLike(stack, each));
    return settleAll(places.map((place) => lookAt(world, place, options)));
  });
  return unique((await settleAll(found)).flat(2));
}

/** A stack in the place of another one; none: it is the same. In a sandbox, stacks have no account. */
function placedLike(stack: Stack, { region, account, roleArn }: Stack): Stack[] {
  const isSame = region === stack.region && roleArn === stack.roleArn && (account ?? stack.account) === stack.account;
  if (isSame || (account === undefined) !== (stack.account === undefined)) return [];
  const { region: _, account: __, roleArn: ___, ...rest } = stack;
  return [{ ...rest, ...(region && { region }), ...(account && { account }), ...(roleArn && { roleArn }) }];
}

/** Do the files of a stack say another place than they said before? */
export function isElsewhere(stack: Stack, former: Stack): boolean {
  return placedLike(stack, former).length > 0;
}

async function lookAt<C extends Cloud>(
  { instance, live, undeclared }: StackWorld<C>,
  place: Stack,
  { connect, recordOf }: ElsewhereOptions<C>,
): Promise<Diagnostic[]> {
  const { name, project } = place;
  const { region: here, account } = instance.location;
  try {
    const cloud = await connect(place);
    const { region } = cloud;
    if (region === here && cloud.account === account) return [];
    const owner = ownerOf(project.name, name, region);
    if (!(await diagnosed(cloud, cloud.ownedStacks(project.name))).includes(owner)) return [];
    const head = (await recordOf(place))?.head;
    // What was destroyed is gone, though an index of tags may not know it yet; what has a record is there, though no index may tell.
    const isGone = head && head.purpose === "destroy" && head.outcome === "done";
    if (isGone || (!head && (await diagnosed(cloud, cloud.ownedTypes(owner))).length === 0)) return [];
    const where = cloud.account === account ? region : `${region} of the account ${cloud.account}`;
    const message = `The stack ${name} has resources in ${where}, and its files say ${here} now.`;
    // What lives in both places was made on purpose, or is what an earlier run has made: nothing comes a second time.
    return live.size + undeclared.length > 0
      ? [alsoThere(instance.stack, region, message)]
      : [onlyThere(place, message)];
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return [unseen(instance.stack, place, error)];
  }
}

function onlyThere({ name, region, place }: Stack, message: string): Diagnostic {
  return {
    code: "stack.elsewhere",
    severity: "error",
    message: `${message} What it declares would be made a second time.`,
    remedy: `have it live where it does (region: ${region}), and destroy it there before it moves; or to have both for a while, give the new one a file and a name of its own, and destroy ${name} later`,
    place,
  };
}

function alsoThere({ name, place }: Stack, region: string, message: string): Diagnostic {
  return {
    code: "stack.elsewhere",
    severity: "warning",
    message,
    remedy: `to delete what is there, destroy a copy of its stack file that says stack-name: ${name} and region: ${region}`,
    place,
  };
}

function unseen({ name, place }: Stack, former: Stack, { diagnostics }: DiagnosticError): Diagnostic {
  const where = [former.region, former.account, former.roleArn].filter((each) => each !== undefined).join(", ");
  return {
    code: "stack.elsewhere",
    severity: "warning",
    message: `Whether the stack ${name} still has resources where its files had it before (${where}) could not be seen: ${diagnostics.map((each) => each.message).join(" ")}`,
    remedy: "look there, and destroy it there before it moves",
    place,
  };
}
