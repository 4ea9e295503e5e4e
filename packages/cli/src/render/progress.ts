import { type RunEvent, renderEvent, stepWords } from "@reconcile/core";
import type { Context } from "../context.ts";
import type { Planning } from "../planning.ts";

/** Shows people what a run is doing. */
export interface Progress {
  event(event: RunEvent): void;
  end(): void;
}

/** Redrawn lines on a terminal; else one plain line for each event; nothing where the events themselves are the output. */
export async function openProgress(
  graph: Planning["prepared"]["graph"],
  { terminal, flags }: Context,
): Promise<Progress> {
  if (terminal.live) {
    const { liveProgress } = await import("./live.ts");
    return liveProgress(graph, terminal);
  }
  if (flags.format === "json") return { event() {}, end() {} };
  terminal.out("");
  return plainProgress(terminal);
}

/** A line for each event that says something new. */
export function plainProgress({ out }: Pick<Context["terminal"], "out">): Progress {
  return {
    event(event) {
      // The end of the run has its own lines; that a creation has begun to create is no news.
      const isNews = event.kind !== "step-progress" || event.message !== stepWords[event.step.operation].present;
      if (event.kind !== "run-finished" && isNews) out(renderEvent(event));
    },
    end() {},
  };
}
