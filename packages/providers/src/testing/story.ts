import {
  type Change,
  createEngine,
  createRegistry,
  DiagnosticError,
  hasErrors,
  type Plan,
  type Prepared,
  type Run,
  type Stack,
} from "@reconcile/core";
import type { ContractWorld, Kill } from "@reconcile/core/testing";
import type { Aws } from "../aws/context.ts";
import { types } from "../index.ts";

interface Given {
  /** Git base is not known: nothing says what was declared before. */
  withoutBase?: boolean;
  destroy?: boolean;
}

export interface Applied {
  plan: Plan<Aws>;
  run: Run;
  /** Mutating calls, `ec2:CreateTags`, in their order. */
  writes: readonly string[];
}

/** What happens to stacks, one run after the other. Git base is what was applied last. */
export interface Story {
  plan(stacks: readonly Stack[]): Promise<Plan<Aws>>;
  /** Plans and applies, with every deletion allowed. Rejects when the plan has errors. */
  apply(stacks: readonly Stack[], given?: Given): Promise<Applied>;
  /** Applies until it is killed at a mutating call. false: it came to its end before. */
  killed(stacks: readonly Stack[], kill: Kill): Promise<boolean>;
  /** To see what lives. */
  look(): Promise<Aws>;
  /** Somebody else changes something, with these operations. */
  behindOurBack<T>(operations: readonly string[], act: (aws: Aws) => Promise<T>): Promise<T>;
}

/** A story in an empty place of its own, for what the contract kit does not ask of every type. */
export async function openStory(world: ContractWorld<Aws>): Promise<Story> {
  const place = await world.open();
  const applied = new Map<string, Stack>();
  let runs = 0;

  function open({ withoutBase, destroy, kill }: Given & { kill?: Kill } = {}) {
    const process = place.process(kill ? { kill } : {});
    const base = withoutBase ? undefined : new Map(applied);
    const engine = createEngine<Aws>({
      registry: createRegistry(types),
      connect: () => process.connect(),
      environment: {},
      today: "2030-06-15",
      clock: world.clock,
      nonce: `story-${++runs}`,
      parallelism: 4,
      allowDelete: ["all"],
      revision: null,
      baseRevision: base ? "base" : null,
      ...(base && { base }),
      ...(destroy && { destroy }),
    });
    return { process, engine };
  }

  async function applyIn({ process, engine }: ReturnType<typeof open>, stacks: readonly Stack[]): Promise<Applied> {
    const { prepared, run } = await reconcile(engine, stacks);
    const writes = process.operations().flatMap((each) => (each.mutating ? [each.operation] : []));
    return { plan: prepared.plan, run, writes };
  }

  return {
    async plan(stacks) {
      return (await open().engine.prepare([...stacks])).plan;
    },
    async apply(stacks, given = {}) {
      const done = await applyIn(open(given), stacks);
      for (const stack of stacks) applied.set(stack.name, stack);
      return done;
    },
    async killed(stacks, kill) {
      const opened = open({ kill });
      // A dead process ends with whatever error; of one that lives, the error counts.
      await applyIn(opened, stacks).catch((error: unknown) => {
        if (!opened.process.dead()) throw error;
      });
      return opened.process.dead();
    },
    look: () => place.process().connect(),
    async behindOurBack(operations, act) {
      const aws = await place.process().connect();
      return aws.planned({ logicalId: "somebody", type: "else", operations }, () => act(aws));
    },
  };
}

/** Plans and applies, as a program would. Rejects with a DiagnosticError when the plan has errors. */
export async function reconcile(
  engine: ReturnType<typeof createEngine<Aws>>,
  stacks: readonly Stack[],
): Promise<{ prepared: Prepared<Aws>; run: Run }> {
  const prepared = await engine.prepare(stacks);
  if (hasErrors(prepared.plan.diagnostics)) throw new DiagnosticError(prepared.plan.diagnostics);
  const events = engine.run(prepared, stacks);
  for (;;) {
    const next = await events.next();
    if (next.done) return { prepared, run: next.value };
  }
}

/** What a plan changes: `update Group /SecurityGroupIngress/-`, in its order. */
export function changesIn(plan: {
  stacks: readonly { changes: readonly Pick<Change, "action" | "logicalId" | "properties">[] }[];
}): string[] {
  const changes = plan.stacks.flatMap((stack) => stack.changes).filter((change) => change.action !== "none");
  return changes.map((change) =>
    [change.action, change.logicalId, ...change.properties.map((property) => property.path)].join(" "),
  );
}
