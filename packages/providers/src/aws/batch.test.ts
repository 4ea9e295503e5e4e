import { expect, test } from "vitest";
import { loader } from "./batch.ts";
import { fakeAws } from "./testing.ts";

async function lengths(max = 3) {
  const { aws } = await fakeAws(() => ({}));
  const batches: string[][] = [];
  const read = () =>
    loader(
      aws,
      "a:Read",
      async (ids) => {
        batches.push([...ids]);
        return new Map(ids.filter((id) => id !== "gone").map((id) => [id, id.length]));
      },
      max,
    );
  return { batches, read };
}

test("what is asked for side by side goes out together, each identifier once, in batches of the size AWS takes", async () => {
  const { batches, read } = await lengths();
  const found = await Promise.all(["a", "bb", "a", "ccc", "dddd"].map((id) => read()(id)));
  expect({ found, batches }).toEqual({
    found: [1, 2, 1, 3, 4],
    batches: [
      ["a", "bb"],
      ["ccc", "dddd"],
    ],
  });
});

test("callers a few awaits apart share a batch", async () => {
  const { batches, read } = await lengths();
  const late = Promise.resolve()
    .then(() => Promise.resolve())
    .then(() => read()("b"));
  await Promise.all([read()("a"), late]);
  expect(batches).toEqual([["a", "b"]]);
});

test("what is not found is undefined", async () => {
  const { read } = await lengths();
  expect(await Promise.all([read()("gone"), read()("a")])).toEqual([undefined, 1]);
});

test("nothing is kept: the same question is asked again", async () => {
  const { batches, read } = await lengths();
  await read()("a");
  await read()("a");
  expect(batches).toEqual([["a"], ["a"]]);
});
