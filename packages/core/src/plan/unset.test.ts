import { describe, expect, it } from "vitest";
import { z } from "zod";
import { absent, generatedName, keyed, oneOf, shared } from "../resource/annotations.ts";
import { shapeOf } from "../resource/shape.ts";
import { proves } from "../testing/proofs.ts";
import { Unknown } from "../value.ts";
import type { Circumstances } from "./decide.ts";
import type { Desired } from "./model.ts";
import { refuseUnset } from "./unset.ts";

const Detailed = z.strictObject({
  Level: z.number().optional(),
  Rate: z.number().optional(),
  Burst: z.strictObject({ Low: z.number().optional(), High: z.number().optional() }).optional(),
});
const shape = shapeOf(
  z.strictObject({
    Zone: z.string().optional(),
    Credits: oneOf(z.string(), ["standard", "unlimited"]),
    Comment: z.string().default(""),
    Key: absent(z.string()),
    Name: generatedName({ max: 10, characters: "a-z" }),
    Options: z.strictObject({ Tokens: z.string().optional(), Hops: z.number().optional() }).optional(),
    Mode: z.union([z.string(), Detailed]).optional(),
    Labels: z.record(z.string(), z.strictObject({ Note: z.string().optional() })).optional(),
    Steps: z.array(z.strictObject({ Text: z.string(), Wait: z.number().optional() })).optional(),
    Extra: z.unknown().optional(),
    Rest: shared(z.string()),
    Origins: keyed("Id", z.array(z.strictObject({ Id: z.string(), Path: z.string().optional() }))).optional(),
  }),
);
const place = { file: "app.yaml", line: 3, column: 3 };
type Properties = Record<string, unknown>;

function refused(
  base: Properties | undefined,
  head: Properties,
  live: Properties,
  ignore: string[] = [],
  differing: string[] = [],
  handlers: object = {},
) {
  const desired = { type: { type: "A::B::C", shape, handlers }, logicalId: "App", properties: head };
  const circumstances = { ignore, ...(base && { base: { properties: base, tags: {} } }) };
  const observed = { identifier: "a-1", properties: live, attributes: {}, tags: {} };
  const differences = differing.map((path) => ({ path, sensitive: false, createOnly: false }));
  return refuseUnset(
    desired as unknown as Desired,
    observed,
    circumstances as unknown as Circumstances,
    differences,
    place,
  );
}

describe("a line that is removed", proves(14, "memory"), () => {
  const zone = { Zone: "a" };

  it.each<[string, Parameters<typeof refused>, string[]]>([
    ["and whose value AWS keeps is refused", [zone, {}, zone], ["/Zone"]],
    ["beside another one that changes is refused, too", [zone, {}, zone, [], ["/Comment"]], ["/Zone"]],
    ["that said nothing has no effect", [{ Zone: undefined }, {}, zone], []],
    ["and that others may write to is left to them", [{ Rest: "x" }, {}, { Rest: "x" }], []],
    [
      "as a whole has no effect where a part of it lives no more",
      [{ Options: { Tokens: "x", Hops: 1 } }, {}, { Options: { Tokens: "x", Hops: 2 } }],
      [],
    ],
    [
      "as a whole list has no effect where one of it lives no more",
      [{ Origins: [{ Id: "a" }, { Id: "b" }] }, {}, { Origins: [{ Id: "a" }] }],
      [],
    ],
    [
      "and of several values that AWS may have chosen, too",
      [{ Credits: "standard" }, {}, { Credits: "standard" }],
      ["/Credits"],
    ],
    [
      "with others is refused for each",
      [
        { ...zone, Options: { Tokens: "x", Hops: 1 } },
        { Options: { Hops: 1 } },
        { ...zone, Options: { Tokens: "x", Hops: 1 } },
      ],
      ["/Zone", "/Options/Tokens"],
    ],
    [
      "as a whole is one, whatever else AWS shows of it",
      [{ Options: { Tokens: "x", Hops: undefined } }, {}, { Options: { Tokens: "x", Hops: 2 } }],
      ["/Options"],
    ],
    [
      "of an element is told by the element",
      [
        {
          Origins: [
            { Id: "a", Path: "/x" },
            { Id: "b", Path: "/y" },
          ],
        },
        { Origins: [{ Id: "b" }] },
        { Origins: [{ Id: "b", Path: "/y" }] },
      ],
      ["/Origins/b/Path"],
    ],
    [
      "of one kind of several is told by that kind",
      [{ Mode: { Level: 1, Rate: 2 } }, { Mode: { Level: 1 } }, { Mode: { Level: 1, Rate: 2 } }],
      ["/Mode/Rate"],
    ],
    [
      "and is one kind of several is one, whatever else AWS shows of it",
      [{ Mode: { Burst: { Low: 1 } } }, {}, { Mode: { Burst: { Low: 1, High: 3 }, Rate: 2 } }],
      ["/Mode"],
    ],
    ["and has become another kind is a change", [{ Mode: { Level: 1 } }, { Mode: "x" }, { Mode: { Level: 1 } }], []],
    [
      "of a map's value is told by its name, whatever that is",
      [
        { Labels: { a: { Note: "x" }, constructor: { Note: "y" } } },
        { Labels: { a: {}, constructor: { Note: "y" } } },
        { Labels: { a: { Note: "x" }, constructor: { Note: "y" } } },
      ],
      ["/Labels/a/Note"],
    ],
    [
      "as a whole map is one",
      [{ Labels: { constructor: { Note: "x" } } }, {}, { Labels: { constructor: { Note: "x" }, more: {} } }],
      ["/Labels"],
    ],
    [
      "of an element of an ordered list is told by its place",
      [
        { Steps: [{ Text: "a" }, { Text: "b", Wait: 1 }] },
        { Steps: [{ Text: "a" }, { Text: "c" }] },
        { Steps: [{ Text: "a" }, { Text: "b", Wait: 1 }] },
      ],
      ["/Steps/1/Wait"],
    ],
    [
      "and is of any form is one where AWS shows the same, and maybe more",
      [{ Extra: { a: [1] } }, {}, { Extra: { a: [1], b: 2 } }],
      ["/Extra"],
    ],
    [
      "and is of any form has no effect where AWS shows something else",
      [{ Extra: { a: 1 } }, {}, { Extra: { a: 2 } }],
      [],
    ],
    ["and was none of what AWS chooses from is a change", [{ Credits: "x" }, {}, { Credits: "x" }], []],
    [
      "as a whole list is one, whatever else AWS has in it",
      [{ Origins: [{ Id: "a" }] }, {}, { Origins: [{ Id: "b" }, { Id: "a", Path: "/x" }] }],
      ["/Origins"],
    ],
    ["and has a default goes back to it", [{ Comment: "x" }, {}, { Comment: "x" }], []],
    ["and means that nothing is there is a change", [{ Key: "k" }, {}, { Key: "k" }], []],
    ["and held a name leaves the name", [{ Name: "web" }, {}, { Name: "web" }], []],
    ["and whose value is gone already has no effect", [zone, {}, { Zone: "b" }], []],
    ["and has become another value is a change", [zone, { Zone: "b" }, zone], []],
    ["and was not known to have been there is not missed", [undefined, {}, zone], []],
    [
      "and is only known while a run applies is not compared",
      [{ Zone: new Unknown(["A.B"], "changes") }, {}, zone],
      [],
    ],
    [
      "and is part of what another part decides anew goes with that",
      [
        { Options: { Tokens: "x", Hops: 1 } },
        { Options: { Hops: 2 } },
        { Options: { Tokens: "x" } },
        [],
        ["/Options/Hops"],
      ],
      [],
    ],
    ["and is ignored from now on stays as it is", [zone, {}, zone, ["/Zone"]], []],
  ])("%s", (_, [base, head, live, ...rest], paths) => {
    expect(refused(base, head, live, ...rest).map(({ message }) => message.split(" ")[0])).toEqual(paths);
  });

  it("as a whole is one, whatever the type's normal form names that is not there", () => {
    const canonical = ({ Options, ...others }: Properties) => ({
      ...others,
      ...(Options !== undefined && { Options: { Hops: undefined, ...Options } }),
    });
    const live = { Options: { Tokens: "x", Hops: 2 } };
    const [kept] = refused({ Options: { Tokens: "x" } }, {}, live, [], [], { canonical });
    expect(kept?.message).toMatch(/^\/Options is declared no more/);
  });

  it("says what to do, and where", () => {
    expect(refused(zone, {}, zone)).toEqual([
      {
        code: "unset.irreversible",
        severity: "error",
        message:
          "/Zone is declared no more, and AWS would keep the value that was set: nothing tells which one it had before.",
        remedy:
          "declare the value that it is to have, or leave it as it is with Metadata: { Reconcile: { ignore: [/Zone] } }",
        resource: "App (A::B::C)",
        place,
      },
    ]);
  });
});
