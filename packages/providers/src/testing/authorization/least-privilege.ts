import { createRegistry, DiagnosticError, hasErrors, type Plan, type ResourceType, type Stack } from "@reconcile/core";
import { type ContractOptions, proves, stackOf, tried } from "@reconcile/core/testing";
import { describe, expect, it } from "vitest";
import { type Aws, openSession } from "../../aws/context.ts";
import { createNetwork } from "../../aws/network.ts";
import { policiesFor, types } from "../../index.ts";
import { passes, tagsOnCreate } from "../../policy/tables.ts";
import { openReconciler } from "../../reconciler.ts";
import { openAccount, region } from "../account.ts";
import { changesIn } from "../story.ts";
import { enforce } from "./enforce.ts";
import { unseen } from "./unseen.ts";

const network = await createNetwork();

interface Given {
  base?: Stack;
  destroy?: boolean;
  abandon?: readonly string[];
  /** Default: all. */
  allowDelete?: readonly string[];
  /** Whose policies the run has; default: those of the stack itself. */
  printedFor?: Stack;
  environment?: Readonly<Record<string, string>>;
}

/** An account in which every run may do exactly what the printed policies say. */
export async function openStrictAccount(endpointUrl: string, account: string) {
  const credentials = await openAccount(endpointUrl, account);
  const session = { endpointUrl, credentials, wait: () => new Promise<void>((resolve) => setTimeout(resolve, 5)) };
  const owner = await openSession({ ...session, environment: {}, requestHandler: network }).connect({ region });
  const registry = createRegistry(types);
  const used = new Set<string>();
  const here = (stack: Stack): Stack => ({ ...stack, account, region });

  function open(
    stack: Stack,
    mode: "plan" | "apply",
    { base, destroy, abandon = [], allowDelete = ["all"], printedFor = stack, environment = {} }: Given,
  ) {
    const documents = policiesFor([here(printedFor)], mode, { registry }).map((policy) => policy.document);
    const { handler, allowed, denied } = enforce(network, documents, owner);
    const reconciler = openReconciler({
      ...session,
      ...{ environment: { ...environment, AWS_REGION: region }, requestHandler: handler, types },
      ...{ stacks: [here(stack)], allowDelete, abandon, destroy: destroy === true },
      ...(base && { base: { revision: "base", stacks: [here(base)] } }),
    });
    const done = () => {
      expect(
        denied.map(({ action, resource }) => `${action} ${resource}`),
        "called, and not granted",
      ).toEqual([]);
      for (const { action } of allowed) used.add(action);
    };
    return { reconciler, done };
  }

  return {
    /** Of somebody who may do everything. */
    owner,
    /** Actions that were asked for so far. */
    used,
    async plan(stack: Stack, given: Given = {}): Promise<Plan<Aws>> {
      const { reconciler, done } = open(stack, "plan", given);
      return (await reconciler.plan().finally(done)).plan;
    },
    /** Plans and applies. What was changed. */
    async apply(stack: Stack, given: Given = {}): Promise<string[]> {
      const { reconciler, done } = open(stack, "apply", given);
      const prepared = await reconciler.plan().finally(done);
      if (hasErrors(prepared.plan.diagnostics)) throw new DiagnosticError(prepared.plan.diagnostics);
      for await (const event of reconciler.apply(prepared)) {
        if (event.kind !== "run-finished") continue;
        done();
        expect([event.run.diagnostics, event.run.confirmed && changesIn(event.run.confirmed)]).toEqual([[], []]);
      }
      return changesIn(prepared.plan);
    },
  };
}

export interface LeastPrivilegeOptions
  extends Pick<ContractOptions<Aws>, "example" | "prerequisites" | "mutations" | "replacements" | "name"> {
  /** Properties, one after the other, that call what none of the others does. */
  further?: { prerequisites?: ContractOptions<Aws>["prerequisites"]; steps: readonly object[] };
}

/** A type in all that can become of it, with the policies that are printed for it and nothing else; and each action of them is called, but for those that are said to be unseen. */
export function describeLeastPrivilege(
  type: ResourceType<Aws>,
  options: LeastPrivilegeOptions,
  endpoint: () => string,
): void {
  const { example, name, prerequisites, mutations, replacements, further } = options;
  const rest = {
    ...prerequisites,
    ...further?.prerequisites,
    Rest: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: "x" } },
  };
  const stack = (properties: object, attributes: object = {}): Stack =>
    stackOf({ ...rest, Subject: { Type: type.type, Properties: { ...properties }, ...attributes } });
  const without = stackOf(rest);
  const inPlace = mutations.filter((each) => each.unset !== "replaces");
  const all = (which: "from" | "to", of = inPlace): object =>
    Object.assign({}, ...of.map((each) => ({ ...each.with, [each.property]: each[which] })));
  const given = {
    ...all(
      "from",
      inPlace.filter((each) => each.from !== undefined),
    ),
  };
  const refused = all(
    "to",
    inPlace.filter((each) => each.unset === "refused"),
  );

  describe(`${type.type} with the policies that are printed for it`, () => {
    it("needs no more, and nothing less", { timeout: 300_000, ...proves(11, "sandbox") }, async (context) => {
      const account = await openStrictAccount(endpoint(), "400000000001");
      expect(changesIn(await account.plan(stack(example)))).toContainEqual(expect.stringMatching(/^create Subject/));
      const replaced = Object.entries(replacements).map(([property, value]) => ({ ...refused, [property]: value }));
      const steps = [{}, given, all("to"), refused, ...replaced];
      for (const step of further?.steps ?? []) steps.push({ ...refused, ...replaced.at(-1), ...step });
      const story = steps.map((properties) => stack({ ...example, ...properties }));
      let base: Stack | undefined;
      for (const next of story) {
        await account.apply(next, base && { base });
        base = next;
      }
      const going = { ...(base && { base, printedFor: base }) };
      // What is allowed is not looked into.
      await account.plan(without, { ...going, allowDelete: [] });
      await account.apply(without, going);

      const kept = stack({ ...example, ...name });
      await account.apply(stack({ ...example, ...name }, { DeletionPolicy: "Retain" }));
      await account.apply(kept);
      if (type.handlers.tag && type.naturalKey && !type.within) {
        await account.apply(without, { base: kept, printedFor: kept, abandon: ["Subject"] });
        const adopted = stack({ ...example, ...name }, { Metadata: { Reconcile: { adopt: true } } });
        expect(await account.apply(adopted)).toContainEqual(expect.stringMatching(/^adopt Subject/));
        await account.apply(adopted, { destroy: true });
      }

      const own = [...type.actions.read, ...type.actions.write];
      const besides = [...tagsOnCreate, ...passes].flatMap(({ of, needs }) => (own.includes(of) ? [needs] : []));
      const unused = [...new Set([...own, ...besides])].filter((action) => !account.used.has(action)).sort();
      expect(unused, "granted, and never called").toEqual(Object.keys(unseen[type.type] ?? {}).sort());
      tried(context, { types: [type.type] });
    });
  });
}
