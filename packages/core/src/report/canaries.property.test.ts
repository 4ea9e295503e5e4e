// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { RunEvent } from "../apply/model.ts";
import { outputsOf } from "../apply/outputs.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { sensitive } from "../resource/annotations.ts";
import { defineResource } from "../resource/define.ts";
import { inputKey } from "../stack/input-key.ts";
import { canaryForms } from "../testing/canary-forms.ts";
import { memoryEngine, stackOf, typesWith } from "../testing/harness.ts";
import { createMemoryCloud, type MemoryCloud, Refusal } from "../testing/memory-cloud.ts";
import { drawn, proves } from "../testing/proofs.ts";
import { reportOf, resourceResults } from "../verify/report-of.ts";
import * as report from "./index.ts";

/** A type with a place that is sensitive whatever stands there; some values its cloud refuses, and quotes. */
const Vault = defineResource<z.ZodObject, MemoryCloud>({
  type: "Memory::Vault",
  properties: z.strictObject({
    Name: z.string().regex(/^[^!]*$/),
    Password: sensitive(z.string()).optional(),
    Notes: z.array(z.string()).default([]),
  }),
  identifier: "VaultId",
  attributes: { VaultId: {} },
  absence: "tagged-list",
  scope: "region",
  actions: { read: ["memory:Read", "memory:List"], write: ["memory:Create", "memory:Update", "memory:Delete"] },
}).implement({
  async *list(cloud) {
    yield* await cloud.list("Memory::Vault");
  },
  async read(cloud, identifier) {
    const thing = await cloud.read("Memory::Vault", identifier);
    return thing && { identifier, properties: thing.properties, attributes: { VaultId: thing.id }, tags: thing.tags };
  },
  create: (cloud, { properties, tags }) =>
    cloud.mutate("memory:Create", (store) => {
      const text = JSON.stringify(properties);
      if (text.includes("refused")) throw new Refusal("invalid", `The value ${text} is not valid.`);
      const id = store.newId("vlt");
      store.put({ type: "Memory::Vault", id, properties: structuredClone(properties), tags: { ...tags } });
      return id;
    }),
  update: (cloud, { identifier }, { properties }) =>
    cloud.mutate("memory:Update", (store) => {
      const thing = store.get("Memory::Vault", identifier);
      if (thing) thing.properties = structuredClone(properties);
    }),
  delete: (cloud, { identifier }) =>
    cloud.mutate("memory:Delete", (store) => store.remove("Memory::Vault", identifier)),
});
const types = typesWith(Vault);

/** Letters that every encoding changes; of parts, so that functions can take it apart. */
const part = fc
  .array(fc.constantFrom(...'XYZ0189+/=%&<>"\\äß€#'), { minLength: 6, maxLength: 12 })
  .map((letters) => letters.join(""));
const canary = fc.tuple(part, part, part).map((parts) => parts.join(":"));

type Wrap = (value: object) => unknown;
const functions: readonly Wrap[] = [
  (value) => value,
  (value) => ({ "Fn::Sub": ["x ${V} y", { V: value }] }),
  (value) => ({ "Fn::Join": ["-", ["a", value, "b"]] }),
  (value) => ({ "Fn::Base64": value }),
  (value) => ({ "Fn::Base64": { "Fn::Sub": ["a${V}", { V: value }] } }),
  (value) => ({ "Fn::Base64": { "Fn::Sub": ["ab${V}c", { V: value }] } }),
  (value) => ({ "Fn::Select": [1, { "Fn::Split": [":", value] }] }),
  (value) => ({ "Fn::Join": ["", { "Fn::Split": [":", value] }] }),
  (value) => ({ "Fn::If": ["Always", value, "other"] }),
  (value) => ({ "Fn::ToJsonString": { inside: [value] } }),
  (value) => ({ "Fn::ToJsonString": { twice: { "Fn::ToJsonString": { inside: value } } } }),
  (value) => ({ "Fn::FindInMap": ["Zones", value, "Key"] }),
  (value) => ({ "Fn::Select": [0, { "Fn::Cidr": [value, 1, 8] }] }),
  (value) => ({ "Fn::Select": [value, ["a", "b"]] }),
  (value) => ({ "Fn::GetAZs": value }),
  (value) => ({ "Fn::FindInMap": ["Zones", "known", value] }),
  (value) => ({ "Fn::FindInMap": [value, "known", "Key"] }),
  (value) => ({ "Fn::Split": [value, "a:b"] }),
  (value) => ({ "Fn::Length": value }),
  (value) => ({ "Fn::GetAtt": ["Other", value] }),
  (value) => ({ "Fn::ImportValue": value }),
  (value) => ({ Ref: value }),
];
/** One function, or one of another. */
const made = fc.tuple(fc.constantFrom(...functions), fc.constantFrom(...functions)).map(
  ([outer, inner]): Wrap =>
    (value) =>
      outer(inner(value) as object),
);
const place = fc.constantFrom("Password", "Name", "Notes", "Tags", "Image", "Document", "Text", "Key");
const source = fc.constantFrom("noecho", "env", "ssm-secure", "secretsmanager", "literal-in-place", "default");
const scenario = fc.record({
  canary,
  later: canary,
  source,
  uses: fc.array(fc.record({ place, wrap: made }), { minLength: 1, maxLength: 3 }),
  ending: fc.constantFrom("", "", " refused", " not allowed!"),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/** The stack with the secret in it. */
function stackWith({ source: from, uses }: Pick<Scenario, "source" | "uses">, secret: string) {
  const isLiteral = from === "literal-in-place";
  const value: object = { Ref: "Secret" };
  const vaults = uses.map(({ place: at, wrap }, index) => {
    const used = isLiteral && at === "Password" ? secret : wrap(value);
    const vault = (properties: object) => ({ Type: "Memory::Vault", Properties: { Name: "n", ...properties } });
    const resources: Record<string, object> = {
      Password: vault({ Password: used }),
      Name: vault({ Name: used }),
      Notes: vault({ Notes: ["one", used] }),
      Key: vault({ Name: "n", Password: "x", Notes: [used, "two"] }),
      Tags: { Type: "Memory::Server", Properties: { Image: "v1", Tags: { Team: used } } },
      Image: { Type: "Memory::Server", Properties: { Image: used } },
      Document: { Type: "Memory::Group", Properties: { Name: `doc${index}`, Description: used } },
      Text: { Type: "Memory::Group", Properties: { Name: `text${index}`, Rules: [{ Port: 22, Text: used }] } },
    };
    return [`R${index}`, resources[at]] as const;
  });
  const declaration = {
    Type: "String",
    ...((from === "noecho" || from === "default" || isLiteral) && { NoEcho: true }),
    ...(from === "default" && { Default: secret }),
  };
  const request = { kind: from as "env", name: "SECRET" };
  const other = { Type: "Memory::Server", Properties: { Image: "other" } };
  return stackOf(
    { Other: other, ...Object.fromEntries(vaults) },
    {
      ...(from !== "default" && { parameters: { Secret: from === "noecho" || isLiteral ? secret : request } }),
      template: {
        Transform: "AWS::LanguageExtensions",
        Parameters: { Secret: declaration },
        Conditions: { Always: { "Fn::Equals": ["a", "a"] } },
        Mappings: { Zones: { known: { Key: "v" } } },
        Outputs: { Whole: { Value: value }, Made: { Value: uses[0]?.wrap(value) } },
      },
    },
  );
}

/** A run as a command makes it, in everything that it shows or writes. `looked`: gets the names of what has laid it out. */
async function shownBy(
  world: ReturnType<typeof createMemoryCloud>,
  given: Scenario,
  secret: string,
  looked: Set<string>,
): Promise<string[]> {
  const stack = stackWith(given, secret);
  const environment = { SECRET: secret };
  for (const kind of ["ssm-secure", "secretsmanager", "env"] as const)
    world.inputs.set(inputKey({ kind, name: "SECRET" }), { value: secret, sensitive: true });
  const sinks: string[] = [];
  const secrets = new Set(report.declaredSecrets([stack], environment));
  let redact = report.createRedactor(secrets);
  /** The last filters, as the command line has them: over texts, and over documents value by value. */
  const texts = (made: Partial<Record<keyof typeof report, string>>): void => {
    for (const [name, text] of Object.entries(made)) {
      looked.add(name);
      sinks.push(redact(text));
    }
  };
  const documents = (made: Partial<Record<keyof typeof report, unknown>>, words?: ReadonlySet<string>): void => {
    for (const [name, document] of Object.entries(made)) {
      looked.add(name);
      sinks.push(JSON.stringify(report.redactDocument(document, redact, words)));
    }
  };
  const sources = () => redact(stack.template.source.text);
  const style = { color: false };

  function problems(diagnostics: readonly Diagnostic[]): void {
    const redacted = report.redactDiagnostics(diagnostics, redact);
    texts({
      renderDiagnostics: report.renderDiagnostics(redacted, { ...style, sources }),
      renderWorkflowCommands: report.renderWorkflowCommands(redacted),
    });
    documents({ diagnosticDocument: report.diagnosticDocument(redacted) });
    const sarif = { version: "0", sources, page: () => undefined };
    documents({ sarifDocument: report.sarifDocument(redacted, sarif) }, report.sarifWords);
  }

  const { engine } = memoryEngine(world, { types, environment, bookkeeping: {} });
  try {
    const prepared = await engine.prepare([stack]);
    for (const each of report.observedSecrets(prepared)) secrets.add(each);
    redact = report.createRedactor(secrets);
    const plan = report.redactPlan(prepared.plan, redact);
    const facts = { durationMs: {}, all: true };
    texts({
      renderPlan: report.renderPlan(plan, { ...style, ...facts }),
      renderComment: report.renderComment(plan, facts),
    });
    documents({ planDocument: report.planDocument(plan, { tool: "t", ...facts, redact }) });
    problems(prepared.plan.diagnostics);
    const verified = reportOf({
      timestamp: "",
      resources: prepared.plan.stacks.flatMap(resourceResults),
      checks: [],
    });
    const verification = report.redactVerification(verified, redact);
    texts({
      renderVerification: report.renderVerification(verification, style),
      renderVerificationMarkdown: report.renderVerificationMarkdown(verification),
    });
    documents({ verificationDocument: report.verificationDocument(verification) });
    const outputs = prepared.worlds.flatMap((one) => outputsOf(one.instance, one.liveAttributes));
    texts({ outputText: outputs.map(report.outputText).join("\n") });
    const events: AsyncGenerator<RunEvent, unknown> = engine.run(prepared, [stack]);
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const event = next.value;
      const told = event.kind === "run-finished" ? { ...event, run: report.redactRun(event.run, redact) } : event;
      texts({ renderEvent: report.renderEvent(event) });
      documents({ eventDocument: report.eventDocument(told) });
      if (event.kind !== "run-finished") continue;
      const ended = report.redactRun(event.run, redact);
      texts({ renderRunEnd: report.renderRunEnd(ended, { ...style, sources }) });
      documents({ runDocument: report.runDocument(ended) });
      problems(event.run.diagnostics);
    }
  } catch (error) {
    if (!(error instanceof Error && "diagnostics" in error)) throw error;
    problems(error.diagnostics as Diagnostic[]);
    // What --debug shows.
    sinks.push(redact(`${error.stack} ${error.cause}`));
  }
  // The tree is a hash, but for here.
  const runs = (await engine.history([stack])).get("app") ?? [];
  const past = [
    { name: "app", project: "test", runs: runs.map((each) => ({ ...each, source: { ...each.source, tree: "" } })) },
  ];
  texts({ renderHistory: report.renderHistory(past), renderHistoryMarkdown: report.renderHistoryMarkdown(past) });
  documents({ historyDocument: report.historyDocument(past) });
  // What is written down for other runs passes no filter at all. Its tree is a hash as well.
  const written = await Promise.all(["/reconcile/test/app"].map((path) => world.ledger.list(path)));
  const withoutTree = (key: string, value: unknown): unknown => (key === "tree" ? undefined : value);
  return [...sinks, ...written.flat().map((entry) => JSON.stringify(JSON.parse(entry.text), withoutTree))];
}

describe("a secret", () => {
  it("is in nothing that a run shows or writes, whatever it comes from, is made into, and stands in", {
    timeout: 120_000,
    ...proves(10, "memory"),
  }, async (context) => {
    const looked = new Set<string>();
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const world = createMemoryCloud();
        const shown = [
          ...(await shownBy(world, given, given.canary + given.ending, looked)),
          // It is changed: the live one is a secret as well.
          ...(await shownBy(world, given, given.later, looked)),
        ].join("\n");
        for (const form of [...canaryForms(given.canary), ...canaryForms(given.later)])
          expect(shown).not.toContain(form);
      }),
      drawn(context, 60),
    );
    // Whoever lays out something new has to bring it here.
    const layouts = Object.keys(report).filter((name) => /^(?:render[A-Z]|[a-z].*(?:Document|Text)$)/.test(name));
    expect(layouts.filter((name) => !looked.has(name) && !["redactDocument", "escapeText"].includes(name))).toEqual([]);
  });
});
