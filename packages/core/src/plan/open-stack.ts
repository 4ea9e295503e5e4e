import { type Diagnostic, DiagnosticError, errorsIn } from "../diagnostic.ts";
import type { Cloud } from "../resource/model.ts";
import { ownerOf } from "../resource/owner.ts";
import { inputsOf, resolveParameters } from "../stack/index.ts";
import { inputKey } from "../stack/input-key.ts";
import { readLate } from "../stack/late.ts";
import type { Stack } from "../stack/model.ts";
import { isSecretKind } from "../template/dynamic.ts";
import { evaluateConditions, evaluateRules } from "../template/index.ts";
import type { InputRequest, Known } from "../template/model.ts";
import { checkUndecided } from "../validate/undecided.ts";
import { sourceOf, Unknown } from "../value.ts";
import { type AttributesOf, environmentOf } from "./environment.ts";
import type { StackInstance } from "./model.ts";
import type { ObserveOptions } from "./observe.ts";
import { settleAll } from "./settle.ts";
import { withResources } from "./with-resources.ts";

/** Joins a stack with its cloud, and looks up what it asks for. `usedOnly`: a parameter that nothing uses need not have a value. */
export async function openStack<C extends Cloud>(
  stack: Stack,
  options: Pick<ObserveOptions<C>, "connect" | "environment" | "destroy">,
  usedOnly = false,
): Promise<StackInstance<C>> {
  const cloud = await options.connect(stack);
  const { account, region, partition } = cloud;
  const pseudo = { "AWS::AccountId": account, "AWS::Region": region, "AWS::Partition": partition };
  const inputs = new Map<string, Known>();
  // The name of one outside value may be made from another.
  for (;;) {
    const missing = inputsOf(stack, pseudo, inputs, usedOnly).filter((request) => !isOfStack(request));
    if (missing.length === 0) break;
    const found = await settleAll(
      missing.map(async (request) => [inputKey(request), await lookUp(request, cloud, options.environment)] as const),
    );
    for (const [key, known] of found) inputs.set(key, known);
  }
  const { parameters, diagnostics } = resolveParameters(stack, inputs);
  const errors = errorsIn(diagnostics);
  if (errors.length > 0) throw new DiagnosticError(errors);
  const location = { account, region, partition };
  const owner = ownerOf(stack.project.name, stack.name, region);
  return settled({ stack, cloud, location, owner, parameters, inputs, imports: new Map() }, options.destroy);
}

/** With what its template declares only once its values are known. Throws where a rule of the template does not hold for them: what is destroyed needs to keep none. */
function settled<C extends Cloud>(instance: StackInstance<C>, destroy = false): StackInstance<C> {
  const environment = environmentOf(instance, unreadAttributes);
  const { stack, diagnostics } = readLate(instance.stack, environment);
  const active = evaluateConditions(stack.template, environment);
  const broken = destroy ? [] : evaluateRules(stack.template, environment);
  const problems = errorsIn([...diagnostics, ...active.diagnostics, ...broken]);
  // There is nothing more that will be known before the stack is read.
  const waiting = stack.template.late?.notes.map((note): Diagnostic => ({ ...note, severity: "error" })) ?? [];
  waiting.push(...checkUndecided(stack.template, active));
  if (problems.length + waiting.length > 0) throw new DiagnosticError([...problems, ...waiting]);
  return { ...instance, stack };
}

/** Is it a value that another stack gives? */
export function isOfStack({ kind }: Pick<InputRequest, "kind">): boolean {
  return kind === "export" || kind === "stack-output";
}

async function lookUp(
  request: InputRequest,
  cloud: Cloud,
  environment: ObserveOptions<Cloud>["environment"],
): Promise<Known> {
  if (request.kind !== "env") return askCloud(request, cloud);
  const value = environment[request.name];
  if (value === undefined) throw new DiagnosticError(missingVariable(request.name, request.place));
  return { value, sensitive: true };
}

/** An outside value that a cloud has. Rejects with a DiagnosticError at the place that asks. */
export async function askCloud(request: InputRequest, cloud: Cloud): Promise<Known> {
  try {
    const known = await cloud.input(request);
    return isSecretKind(request.kind) ? { ...known, sensitive: true } : known;
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw new DiagnosticError({ ...cloud.diagnose(error), place: request.place }, { cause: error });
  }
}

/**
 * The stack as base declares it, read with head's outside values; one that only base asks for is unknown. Without the resources whose condition does not surely hold: what
 * lives in their place is not ours by base's word.
 */
export function rebased<C extends Cloud>(
  instance: StackInstance<C>,
  stack: Stack | undefined,
): StackInstance<C> | undefined {
  if (!stack) return undefined;
  const inputs = new Map(
    inputsOf(stack)
      .filter((request) => !isOfStack(request))
      .map((request) => [inputKey(request), instance.inputs.get(inputKey(request)) ?? unread(inputKey(request))]),
  );
  const { parameters } = resolveParameters(stack, inputs);
  const base: StackInstance<C> = { ...instance, stack, inputs, imports: new Map(), parameters };
  const environment = environmentOf(base, unreadAttributes);
  const { stack: late } = readLate(stack, environment);
  const active = evaluateConditions(late.template, environment);
  const present = [...late.template.resources].filter(([id]) => active.resources.has(id) && !active.undecided.has(id));
  return { ...base, stack: withResources(late, present) };
}

export function blinded<C extends Cloud>(instance: StackInstance<C>): StackInstance<C> {
  const inputs = new Map([...instance.inputs.keys()].map((key) => [key, unread(key)]));
  return { ...instance, inputs, imports: new Map(), parameters: resolveParameters(instance.stack, inputs).parameters };
}

function unread(key: string): Known {
  return { value: new Unknown([key], "unread") };
}

/** Where nothing was read yet. */
export const unreadAttributes: AttributesOf = () => (logicalId, attribute) => unread(sourceOf(logicalId, attribute));

/** A variable of the environment that a stack file asks for and that is not set. */
export function missingVariable(name: string, place: Diagnostic["place"]): Diagnostic {
  return {
    code: "input.env-missing",
    severity: "error",
    message: `The environment variable ${name} is not set.`,
    remedy: `set it for this run; in GitHub Actions: env: { ${name}: \${{ secrets.${name} }} }`,
    ...(place && { place }),
  };
}
