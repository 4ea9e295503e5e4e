import { isCutShort, printable, type RunEvent, type Step, stepWords } from "@reconcile/core";
import { createLogUpdate } from "log-update";
import picocolors from "picocolors";
import type { Planning } from "../planning.ts";
import type { Terminal } from "../terminal.ts";
import type { Progress } from "./progress.ts";

type Graph = Planning["prepared"]["graph"];

/** What is drawn; the clock and the size of the terminal are passed in. */
export interface LiveState {
  graph: Pick<Graph, "before">;
  /** By id, in the order of the graph. */
  rows: Map<string, Row>;
  phase: "running" | "confirming" | "checking";
}

interface Row {
  step: Step;
  status: "waiting" | "running" | "finished";
  /** Milliseconds since the run began. */
  since: number;
  message: string;
}

const refreshEvery = 120;
const barWidth = 24;

/** A bar, what runs and for how long, what waits for what; what is done scrolls away above it. */
export function liveProgress(graph: Graph, terminal: Terminal): Progress {
  const screen = createLogUpdate(process.stderr);
  const state: LiveState = { graph, rows: rowsOf(graph), phase: "running" };
  const started = performance.now();
  const { color } = terminal.errStyle;
  const paint = picocolors.createColors(color);

  function draw(): void {
    const size = { width: terminal.errStyle.width, height: process.stderr.rows || 24 };
    screen(terminal.redact(liveLines(state, performance.now() - started, size, paint).join("\n")));
  }

  const timer = setInterval(draw, refreshEvery);
  const ended = terminal.redrawing((text) => screen.persist(text));
  process.stderr.write("\n");
  return {
    event(event) {
      const line = advance(state, event, paint);
      if (line !== undefined) screen.persist(terminal.redact(line));
      if (event.kind !== "run-finished") draw();
    },
    end() {
      clearInterval(timer);
      screen.clear();
      screen.done();
      ended();
    },
  };
}

function rowsOf(graph: Graph): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const id of graph.order) {
    const node = graph.nodes.get(id);
    if (node) rows.set(id, { step: node.step, status: "waiting", since: 0, message: "" });
  }
  return rows;
}

type Paint = ReturnType<typeof picocolors.createColors>;

/** Takes an event into account; gives the line that stays when it ends a step. */
export function advance(state: LiveState, event: RunEvent, paint: Paint): string | undefined {
  if (event.kind === "waiting") return paint.yellow(`  ◌ ${printable(`${event.stack}: ${event.message}`)}`);
  if (event.kind === "confirming" || event.kind === "checking") state.phase = event.kind;
  if (!("step" in event)) return undefined;
  const row = [...state.rows.values()].find((each) => isSame(each.step, event.step) && each.status !== "finished");
  if (!row) return undefined;
  if (event.kind === "step-started")
    Object.assign(row, { status: "running", since: event.at, message: stepWords[event.step.operation].present });
  if (event.kind === "step-progress") row.message = printable(event.message);
  if (event.kind !== "step-finished") return undefined;
  row.status = "finished";
  const took = event.outcome === "skipped" ? "" : seconds(event.milliseconds);
  const [symbol, word] = outcomeOf(event);
  const why = event.outcome === "failed" ? `   ${printable(event.diagnostics[0]?.message ?? "")}` : "";
  const painted =
    event.outcome === "failed"
      ? paint.red(`${symbol} `)
      : event.outcome === "done"
        ? paint.green(`${symbol} `)
        : `${symbol} `;
  return `  ${painted}${nameOf(state, row).padEnd(nameWidth(state))}  ${word.padEnd(12)} ${took.padStart(7)}${why}`.trimEnd();
}

function outcomeOf(event: RunEvent & { kind: "step-finished" }): [symbol: string, word: string] {
  switch (event.outcome) {
    case "done":
      return ["✓", stepWords[event.step.operation].past];
    case "unchanged":
      return ["✓", "as declared"];
    case "failed":
      return ["✗", "failed"];
    case "skipped":
      return ["·", isCutShort(event) ? "cut short" : "not started"];
    case "waiting":
      return ["·", "still used"];
    case "held":
      return ["·", "not approved"];
  }
}

/** What is drawn now: never higher than the terminal, no line wider. */
export function liveLines(
  state: LiveState,
  elapsed: number,
  size: { width: number; height: number },
  paint: Paint,
): string[] {
  const rows = [...state.rows];
  const finished = rows.filter(([, row]) => row.status === "finished").length;
  const running = rows.filter(([, row]) => row.status === "running");
  const waiting = rows.filter(([, row]) => row.status === "waiting");
  const filled = rows.length === 0 ? barWidth : Math.round((finished / rows.length) * barWidth);
  const bar = `${"█".repeat(filled)}${"░".repeat(barWidth - filled)}`;
  const doing = { running: "", confirming: "   confirming: planning again", checking: "   checking whether it works" }[
    state.phase
  ];
  const head = `  ${bar}  ${finished} of ${rows.length}   ${clock(elapsed)}${doing}`;
  const column = nameWidth(state);
  const body = [
    ...running.map(([, row]) => {
      const line = `  ◌ ${nameOf(state, row).padEnd(column)}  ${row.message.padEnd(12)} ${seconds(elapsed - row.since).padStart(7)}`;
      return paint.yellow(cut(line, size.width));
    }),
    ...waiting.map(([id, row]) => {
      const first = state.graph.before(id).find((each) => state.rows.get(each)?.status !== "finished");
      const other = first === undefined ? undefined : state.rows.get(first);
      const why = other ? `waits for ${other.step.logicalId}` : "waits for its turn";
      return paint.dim(cut(`  · ${nameOf(state, row).padEnd(column)}  ${why}`, size.width));
    }),
  ];
  const room = Math.max(3, size.height - 3);
  const shown =
    body.length <= room ? body : [...body.slice(0, room - 1), paint.dim(`    … and ${body.length - room + 1} more`)];
  return [cut(head, size.width), ...shown];
}

function isSame(a: Step, b: Step): boolean {
  return (
    a.stack === b.stack && a.logicalId === b.logicalId && a.operation === b.operation && a.identifier === b.identifier
  );
}

/** With the stack's name where there are several. */
function nameOf(state: LiveState, { step }: Row): string {
  const stacks = new Set([...state.rows.values()].map((row) => row.step.stack));
  return printable(stacks.size > 1 ? `${step.stack}/${step.logicalId}` : step.logicalId);
}

function nameWidth(state: LiveState): number {
  return Math.min(40, Math.max(0, ...[...state.rows.values()].map((row) => nameOf(state, row).length)));
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function clock(milliseconds: number): string {
  const total = Math.floor(milliseconds / 1000);
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, "0")}`;
}
