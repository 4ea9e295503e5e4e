import { describe, expect, it } from "vitest";
import { createRegistry } from "../resource/registry.ts";
import { planInMemory, stackOf } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { memoryTypes } from "../testing/memory-types.ts";
import { typeNamed } from "./find.ts";
import { knownIn } from "./known-in.ts";

describe("what is asked for and not there", () => {
  it("is a mistake in the program: what was never listed must not look absent", () => {
    expect(() => knownIn(new Map([["A", 1]]), "B")).toThrow("B is not known here");
    expect(knownIn(new Map([["A", 0]]), "A")).toBe(0);
  });

  it("is a mistake in the program, for a type too", () => {
    expect(() => typeNamed(createRegistry(memoryTypes), "Memory::Nothing")).toThrow(
      "There is no type Memory::Nothing.",
    );
  });
});

describe("generated names", () => {
  it("are of types that have some", async () => {
    const { worlds } = await planInMemory(
      createMemoryCloud(),
      stackOf({ App: { Type: "Memory::Server", Properties: { Image: "v1" } }, Web: { Type: "Memory::Group" } }),
    );
    expect(worlds[0]?.nameOf("App", {}, "next")).toBeUndefined();
    expect(worlds[0]?.nameOf("Web", {}, "next")).toMatch(/^app-Web-[a-z2-7]{8}$/);
  });
});
