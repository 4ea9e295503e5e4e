// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import { describe, expect, it } from "vitest";
import { load } from "../stack/harness.ts";
import type { Stack } from "../stack/model.ts";
import { planInMemory, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { Rule } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";

/** Of rules that cannot be tagged, nothing but the declarations say whose they are. */
const types = typesWith(variant(Rule, {}, { tag: undefined }));

const group = stackOf(
  { Web: { Type: "Memory::Group", Properties: { Name: "web" } } },
  { name: "groups", template: { Outputs: { Web: { Value: { Ref: "Web" }, Export: { Name: "web" } } } } },
);

const web = { "Fn::ImportValue": "web" };

/** What a run of the group alone does with a rule in it that carries no tags. */
async function changes(neighbour: (identifier: string) => Stack | Promise<Stack>) {
  const world = createMemoryCloud();
  await reconcileInMemory(world, [group], { types });
  const [{ id } = { id: "" }] = world.things();
  const properties = { GroupId: id, Port: 22, Text: "" };
  world.store.put({ type: "Memory::Rule", id: "rule-1", properties, tags: null });
  return (await planInMemory(world, group, { types, neighbours: [await neighbour(id)] })).changes;
}

describe("a child without tags that a stack outside of the run declares", proves(6, "memory"), () => {
  const parameter = {
    template: { Parameters: { Given: { Type: "String" } } },
    parameters: { Given: { kind: "ssm" as const, name: "/given" } },
  };
  const list = {
    ...parameter,
    template: { Transform: "AWS::LanguageExtensions", Parameters: { Given: { Type: "CommaDelimitedList" } } },
  };
  const given = { Ref: "Given" };
  const own = { Own: { Type: "Memory::Group", Properties: { Name: "own" } } };
  const existing = { Own: { ...own.Own, Metadata: { Reconcile: { existing: true } } } };
  const of = (resources: object, options: Parameters<typeof stackOf>[1] = {}) =>
    stackOf(resources, { name: "rules", ...options });
  const rule = (GroupId: unknown, Port: unknown = 22) => ({ Type: "Memory::Rule", Properties: { GroupId, Port } });

  async function nested(id: string): Promise<Stack> {
    const files = {
      "rules.yaml": "Resources: { In: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: child.yaml } } }",
      "child.yaml": JSON.stringify({ Resources: { Ssh: rule(id) } }),
    };
    const { stacks } = await load(files, "rules.yaml");
    return { ...(stacks[0] as Stack), region: "us-east-1" };
  }

  it.each<[string, (identifier: string) => Stack | Promise<Stack>]>([
    ["by its parent's name, in a nested stack", nested],
    ["by its parent's name", (id) => of({ Ssh: rule(id) })],
    ["by what the parent's stack exports", () => of({ Ssh: rule(web) })],
    ["in what it declares as existing", () => of({ ...existing, Ssh: rule({ Ref: "Own" }) })],
    [
      "by its parent's name, and another one by an outside value",
      (id) => of({ Ssh: rule(id), Https: rule(given, 443) }, parameter),
    ],
    ["by an outside value", () => of({ Ssh: rule(given) }, parameter)],
    [
      "by a loop over an outside value",
      (id) => of({ "Fn::ForEach::Rules": ["Port", given, { "Ssh${Port}": rule(id) }] }, list),
    ],
    ["with a name that is an outside value", (id) => of({ Ssh: rule(id, given) }, parameter)],
  ])("stays in a parent that is complete: %s", async (_, neighbour) => {
    expect(await changes(neighbour)).toEqual([]);
  });

  it.each<[string, (identifier: string) => Stack]>([
    ["it is another one", (id) => of({ Https: rule(id, 443) })],
    ["it is in another parent", () => of({ Ssh: rule("grp-other") })],
    ["it is in what that stack makes itself", () => of({ ...own, Ssh: rule({ Ref: "Own" }) })],
    [
      "it is past its last day",
      (id) => of({ Ssh: { ...rule(id), Metadata: { Reconcile: { expires: "2030-06-14" } } } }),
    ],
    [
      "it is in what that stack makes itself, by an attribute of that",
      () => of({ ...own, Ssh: rule({ "Fn::GetAtt": ["Own", "GroupId"] }) }),
    ],
    ["it declares none", () => of(own)],
  ])("is none of theirs where %s", async (_, neighbour) => {
    expect(await changes(neighbour)).toEqual(["update Web /Rules/-"]);
  });
});
