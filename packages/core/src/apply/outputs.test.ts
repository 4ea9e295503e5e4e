import { describe, expect, it } from "vitest";
import { reconcileInMemory, stackOf } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { createQueue } from "./queue.ts";

describe("the outputs of a run", () => {
  it("are values of what lives, with secrets marked, of conditions that hold", async () => {
    const world = createMemoryCloud();
    const stack = stackOf(
      { Web: { Type: "Memory::Group", Properties: { Name: "web" } } },
      {
        template: {
          Parameters: { Secret: { Type: "String", NoEcho: true } },
          Conditions: { No: { "Fn::Equals": ["a", "b"] } },
          Outputs: {
            Id: { Value: { Ref: "Web" }, Description: "The group" },
            Both: { Value: { "Fn::Join": ["/", [{ Ref: "Web" }, { Ref: "Secret" }]] } },
            Never: { Value: "x", Condition: "No" },
          },
        },
        parameters: { Secret: "hush" },
      },
    );
    const { run } = await reconcileInMemory(world, [stack]);
    const id = world.things()[0]?.id;
    expect(run?.outputs).toEqual({
      app: [
        { name: "Id", value: id, sensitive: false, description: "The group" },
        { name: "Both", value: `${id}/hush`, sensitive: true },
      ],
    });
  });
});

describe("a queue", () => {
  it("gives what was pushed, in order, before and while somebody reads, until it is closed", async () => {
    const queue = createQueue<number>();
    queue.push(1);
    queue.push(2);
    const read: number[] = [];
    const reading = (async () => {
      for await (const value of queue) read.push(value);
    })();
    await Promise.resolve();
    queue.push(3);
    queue.close();
    await reading;
    expect(read).toEqual([1, 2, 3]);
  });
});
