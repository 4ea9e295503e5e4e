import type { Stack } from "./model.ts";
import { reaches } from "./reaches.ts";
import type { Load } from "./reading.ts";

/** Names are there once in a run, and no stack waits for itself. */
export function checkNames(load: Load, stacks: readonly Stack[]): void {
  const seen = new Map<string, Stack>();
  for (const stack of stacks) {
    const first = seen.get(stack.name);
    if (!first) seen.set(stack.name, stack);
    else {
      load.diagnostics.push({
        code: "stack.duplicate",
        severity: "error",
        message: `Two stacks have the name "${stack.name}": this one and ${first.file}.`,
        remedy: "Give one of them another stack-name.",
        place: stack.place,
        related: [{ message: "The other one.", place: first.place }],
      });
    }
  }
  const before = new Map(stacks.map((stack) => [stack.name, stack.dependsOn]));
  for (const stack of stacks) {
    if (!stack.dependsOn.some((other) => reaches(before, other, stack.name))) continue;
    load.diagnostics.push({
      code: "stack.cycle",
      severity: "error",
      message: `The stack "${stack.name}" depends on itself${stack.dependsOn.includes(stack.name) ? "" : ", through others"}.`,
      remedy: "Remove one of the names from depends-on.",
      place: stack.place,
    });
  }
}
