import { proves } from "@reconcile/core/testing";
import { expect, test } from "vitest";
import { pages } from "./pages.ts";

interface Page {
  items: string[];
  next?: string;
}

function reader(answers: Record<string, Page>): (token: string | undefined) => Promise<Page> {
  return async (token = "") => answers[token] ?? { items: [] };
}

async function collect(read: (token: string | undefined) => Promise<Page>): Promise<string[]> {
  const items: string[] = [];
  for await (const page of pages(read, ({ next }) => next)) items.push(...page.items);
  return items;
}

test("pages are read to the end, empty ones included", proves(5, "memory"), async () => {
  const answers = { "": { items: ["a"], next: "1" }, 1: { items: [], next: "2" }, 2: { items: ["b"], next: "" } };
  expect(await collect(reader(answers))).toEqual(["a", "b"]);
});

test.each([
  ["at once", { "": { items: ["a"], next: "1" }, 1: { items: ["b"], next: "1" } }],
  ["later", { "": { items: ["a"], next: "1" }, 1: { items: ["b"], next: "2" }, 2: { items: ["c"], next: "1" } }],
])("a list that repeats its token %s is no list", proves(5, "memory"), async (_, answers) => {
  await expect(collect(reader(answers))).rejects.toThrow("same token");
});

test("a page that fails fails the list", proves(5, "memory"), async () => {
  const second = async (token: string | undefined): Promise<Page> => {
    if (token) throw new Error("denied");
    return { items: ["a"], next: "1" };
  };
  await expect(collect(second)).rejects.toThrow("denied");
});
