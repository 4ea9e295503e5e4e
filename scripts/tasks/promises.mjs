// What Reconcile promises, in the order of its numbers, and where a promise can be proven. A test says which it proves with `proves` of @reconcile/core/testing; `npm run
// guarantees` counts what was tried.

/** From 1. */
export const promises = [
  { name: "Converges", text: "After a run, the next plan is empty." },
  {
    name: "Crash-safe",
    text: "Killed anywhere, the next run reaches the same end: no orphan; no duplicate where AWS gives a name, a token or the quiet time; any duplicate that still appears is shown and removed.",
  },
  {
    name: "Plan is what apply does",
    text: "Every mutating call belongs to a planned change or to the bookkeeping list (lease, head record, owner tags), and its operation is among that type's declared writes; a whole-document write differs from what was read only at planned paths; an applied action is never stronger than the planned one.",
  },
  {
    name: "Approval holds for what was seen",
    text: "A saved plan skips and reports changes whose pre-image moved (exit 6).",
  },
  {
    name: "Failed is not absent",
    text: "A list or a read that fails, is denied or is cut never means that nothing is there.",
  },
  {
    name: "Touches only its own",
    text: "What another owner has, a copy that carries our tags, and a child of a stranger stay as they are.",
  },
  {
    name: "Deletes carefully",
    text: "`protect` holds until a run in which the resource is still declared with `protect: false`; Retain releases; a run that would delete more than 30 % (at least 3) of a stack, or everything, stops (exit 5; what an earlier replacement left over does not count, its loss was planned then; `destroy` is exempt, it asks for the stack's name); what holds data needs `--allow-delete ID`: databases, file systems, volumes, instances, keys and secrets always; buckets, tables and repositories unless a live data read proves them empty (no permission = not empty); types can be excepted in `reconcile.yaml`.",
  },
  {
    name: "At most one run of a stack applies at a time",
    text: "Provided no process is paused longer than the lease between its own check and its own request; if one is, both still converge and no stranger is touched.",
  },
  {
    name: "Throttling alone never fails",
    text: "A plan within `--timeout` is not failed by throttling; what was waited is shown. Ctrl-C stops starting work, finishes what is in flight, says what is left.",
  },
  {
    name: "Secrets stay secret",
    text: "Values that are sensitive by source (NoEcho, env, ssm-secure, secretsmanager; through every function) or by place (`sensitive` in the schema), declared or live, never reach plan, JSON, HTML, comment, log, error, event or disk, plain or encoded.",
  },
  {
    name: "Least privilege is sufficient and minimal",
    text: "Against AWS's service authorization data: every recorded operation maps, with its dependent actions, to the printed policy; every printed action is needed by one.",
  },
  {
    name: "Bad input gets a sentence, not a stack",
    text: "Position, cause, remedy, all problems at once; nothing contacted, nothing changed.",
  },
  {
    name: "The comment is safe",
    text: "Values cannot inject Markdown, HTML or mentions; verdict and dangers survive every shortening.",
  },
  {
    name: "Removing a line removes its effect",
    text: "For every optional property a case exists: unset restores the never-set value, or replaces, or is refused (`unset.irreversible`) with the reason; which one is in the type's page.",
  },
];

/** What it was tried on. The sandbox has almost no transitional states, in-use refusals or throttling: those are never claimed from it. */
export const places = {
  memory: "in memory: core's cloud, or no cloud at all",
  handler: "against a request handler that makes the weather: throttling, lost answers, transitional states",
  sandbox: "on the embedded AWS, over the wire",
};

export const numbers = promises.map((_, index) => index + 1);

/** For vitest, which knows no other. */
export const tags = [...numbers.map((number) => tagOf(number)), ...Object.keys(places)].map((name) => ({ name }));

export function tagOf(number) {
  return `promise-${number}`;
}
