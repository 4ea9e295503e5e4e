import type { ResourceType, Stack } from "@reconcile/core";
import { type ContractOptions, proves, stackOf, tried } from "@reconcile/core/testing";
import { describe, expect, it } from "vitest";
import type { Aws } from "../../aws/context.ts";
import { passes, tagsOnCreate } from "../../policy/tables.ts";
import { changesIn } from "../story.ts";
import { openStrictAccount } from "./strict-account.ts";
import { unseen } from "./unseen.ts";

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
  const set = (which: "from" | "to", those: (mutation: (typeof mutations)[number]) => boolean): object => {
    const inPlace = mutations.filter((each) => each.unset !== "replaces" && those(each));
    return Object.assign({}, ...inPlace.map((each) => ({ ...each.with, [each.property]: each[which] })));
  };
  const given = set("from", ({ from }) => from !== undefined);
  const changed = set("to", () => true);
  const refused = set("to", ({ unset }) => unset === "refused");

  describe(`${type.type} with the policies that are printed for it`, () => {
    it("needs no more, and nothing less", { timeout: 300_000, ...proves(11, "sandbox") }, async (context) => {
      const account = await openStrictAccount(endpoint(), "400000000001");
      expect(changesIn(await account.plan(stack(example)))).toContainEqual(expect.stringMatching(/^create Subject/));
      const replaced = Object.entries(replacements).map(([property, value]) => ({ ...refused, [property]: value }));
      const steps: object[] = [{}, given, changed, refused, ...replaced];
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
        await account.apply(without, { base: adopted, printedFor: adopted });
      }

      const own = [...type.actions.read, ...type.actions.write];
      const besides = [...tagsOnCreate, ...passes].flatMap(({ of, needs }) => (own.includes(of) ? [needs] : []));
      const unused = [...new Set([...own, ...besides])].filter((action) => !account.used.has(action)).sort();
      expect(unused, "granted, and never called").toEqual(Object.keys(unseen[type.type] ?? {}).sort());
      tried(context, { types: [type.type] });
    });
  });
}
