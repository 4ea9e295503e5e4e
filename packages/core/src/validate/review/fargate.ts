import { Unknown, type Value } from "../../value.ts";
import type { Review } from "./model.ts";

export const fargateSize: Review = {
  id: "ecs.fargate-size",
  severity: "error",
  title: "Fargate has no such size",
  about:
    "A task that requires FARGATE has a Cpu and a Memory that do not go together: for each number of CPU units there is a range of memory.",
  remedy: "See the table of sizes in Amazon's documentation of ECS.",
  resource: {
    types: ["AWS::ECS::TaskDefinition"],
    look: ({ properties }) => {
      const { RequiresCompatibilities, Cpu, Memory } = properties;
      if (!Array.isArray(RequiresCompatibilities) || !RequiresCompatibilities.includes("FARGATE")) return [];
      // Units: "1 vCPU" and "2 GB" are taken as well.
      const cpu = units(Cpu, /^([\d.]+) *vcpu$/i);
      const memory = units(Memory, /^([\d.]+) *gb$/i);
      if (cpu === undefined || cpu > mostCpu) return [];
      const fitting = sizes[cpu];
      if (!fitting) {
        const remedy = `Use one of ${Object.keys(sizes).join(", ")}.`;
        return [{ at: "/Cpu", message: `Fargate has no tasks of ${cpu} CPU units.`, remedy }];
      }
      if (memory === undefined || fitting.includes(memory)) return [];
      const message = `Fargate has no tasks of ${cpu} CPU units and ${memory} MiB.`;
      return [{ at: "/Memory", message, remedy: `With ${cpu} CPU units use one of ${fitting.join(", ")}.` }];
    },
  },
};

function units(value: Value | undefined, withUnit: RegExp): number | undefined {
  if (value === undefined || value instanceof Unknown) return undefined;
  const text = String(value).trim();
  const [, number] = withUnit.exec(text) ?? [];
  if (number !== undefined) return Number(number) * 1024;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** MiB of memory, by CPU units: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html */
const sizes: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: steps(1, 4, 1),
  1024: steps(2, 8, 1),
  2048: steps(4, 16, 1),
  4096: steps(8, 30, 1),
  8192: steps(16, 60, 4),
  16384: steps(32, 120, 8),
};

/** The largest is left alone: AWS extends it. */
const mostCpu = 16_384;

function steps(from: number, to: number, step: number): number[] {
  const count = (to - from) / step + 1;
  return Array.from({ length: count }, (_, index) => (from + index * step) * 1024);
}
