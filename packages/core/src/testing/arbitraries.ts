import fc from "fast-check";

/** A declared set, as it would stand under `Resources`. */
export type Resources = Record<string, { Type: string; DependsOn?: string[]; Properties: Record<string, unknown> }>;

const groups = ["GroupA", "GroupB", "GroupC", "GroupD"];
const ports = [22, 80, 443];

/**
 * Random declared sets over one small world of logical ids, so that two of them differ by creations, deletions, updates, replacements, renames, rules that move between a
 * group and a child, and uses that turn round.
 */
export const resources: fc.Arbitrary<Resources> = fc
  .record({
    order: fc.shuffledSubarray(groups, { minLength: 1 }),
    named: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    kinds: fc.array(fc.constantFrom("plain", "fancy"), { minLength: 4, maxLength: 4 }),
    descriptions: fc.array(fc.constantFrom("", "one", "two"), { minLength: 4, maxLength: 4 }),
    uses: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    /** Who declares port p of group g: nobody, the group, a child or another child of that port, or one of two that may have any. */
    slots: fc.array(fc.constantFrom("nobody", "group", "child", "other", "mover1", "mover2"), {
      minLength: 12,
      maxLength: 12,
    }),
    servers: fc.array(
      fc.record({
        image: fc.constantFrom("v1", "v2"),
        size: fc.constantFrom("small", "large"),
        in: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        peer: fc.constantFrom("none", "group", "address"),
      }),
      { maxLength: 2 },
    ),
    policies: fc.array(fc.record({ group: fc.nat(3), document: fc.constantFrom("x", "y") }), { maxLength: 2 }),
    tag: fc.constantFrom(undefined, "a", "b"),
  })
  .map((chosen) => {
    const declared: Resources = {};
    const member = (flag: boolean | undefined, id: string): unknown[] => (flag ? [{ Ref: id }] : []);
    let use = 0;
    for (const [index, id] of chosen.order.entries()) {
      const at = groups.indexOf(id);
      const ownPorts = ports.filter((_port, slot) => chosen.slots[at * 3 + slot] === "group");
      // A declared name cannot be had twice, so what is named is never of another kind.
      const named = chosen.named[at] === true;
      declared[id] = {
        Type: "Memory::Group",
        Properties: {
          ...(named && { Name: `name-${id}` }),
          ...(!named && chosen.kinds[at] !== "plain" && { Kind: chosen.kinds[at] }),
          ...(chosen.descriptions[at] !== "" && { Description: chosen.descriptions[at] }),
          ...(ownPorts.length > 0 && { Rules: ownPorts.map((Port) => ({ Port, Text: chosen.descriptions[at] })) }),
          Uses: chosen.order.slice(0, index).flatMap((other) => member(chosen.uses[use++ % 6], other)),
          ...(chosen.tag !== undefined && { Tags: { Team: chosen.tag } }),
        },
      };
      for (const [slot, Port] of ports.entries()) {
        const declarer = chosen.slots[at * 3 + slot];
        if (declarer === undefined || declarer === "nobody" || declarer === "group") continue;
        const child = declarer.startsWith("mover") ? `${id}${declarer}` : `${id}${declarer}${Port}`;
        declared[child] ??= {
          Type: "Memory::Rule",
          Properties: { GroupId: { Ref: id }, Port, ...(chosen.tag && { Text: chosen.tag }) },
        };
      }
    }
    for (const [index, server] of chosen.servers.entries()) {
      const [first] = chosen.order;
      const peer =
        server.peer === "group"
          ? { Ref: first }
          : server.peer === "address" && index > 0
            ? { "Fn::GetAtt": ["Server0", "Address"] }
            : undefined;
      declared[`Server${index}`] = {
        Type: "Memory::Server",
        Properties: {
          Image: server.image,
          Size: server.size,
          GroupIds: chosen.order.flatMap((id) => member(server.in[groups.indexOf(id)], id)),
          ...(peer !== undefined && { Peer: peer }),
        },
      };
    }
    for (const [index, policy] of chosen.policies.entries()) {
      const parent = chosen.order[policy.group % chosen.order.length];
      declared[`Policy${index}`] = {
        Type: "Memory::Policy",
        Properties: { GroupId: { Ref: parent }, PolicyName: `policy${index}`, Document: policy.document },
      };
    }
    return declared;
  });
