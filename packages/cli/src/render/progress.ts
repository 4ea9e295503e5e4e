import { type RunEvent, renderEvent } from "@reconcile/core";
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
  let last = "";
  return {
    event(event) {
      // The end of the run has its own lines; that a creation has begun to create is no news.
      const line = renderEvent(event);
      if (event.kind !== "run-finished" && line !== last) terminal.out(line);
      last = line;
    },
    end() {},
  };
}
