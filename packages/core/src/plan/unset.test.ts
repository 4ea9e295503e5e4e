import { describe, expect, it } from "vitest";
import { z } from "zod";
import { absent, generatedName, keyed, oneOf } from "../resource/annotations.ts";
import { shapeOf } from "../resource/shape.ts";
import { proves } from "../testing/proofs.ts";
import { Unknown } from "../value.ts";
import type { Circumstances } from "./decide.ts";
import type { Desired } from "./model.ts";
import { refuseUnset } from "./unset.ts";

const shape = shapeOf(
  z.strictObject({
    Zone: z.string().optional(),
    Credits: oneOf(z.string(), ["standard", "unlimited"]),
    Comment: z.string().default(""),
    Key: absent(z.string()),
    Name: generatedName({ max: 10, characters: "a-z" }),
    Options: z.strictObject({ Tokens: z.string().optional(), Hops: z.number().optional() }).optional(),
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
) {
  const desired = { type: { type: "A::B::C", shape, handlers: {} }, logicalId: "App", properties: head };
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
