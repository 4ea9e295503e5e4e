import { createRegistry, DiagnosticError, hasErrors } from "@reconcile/core";
import { gitHubTemplate, type Policy, policiesFor, types } from "@reconcile/providers";
import type { Context } from "../context.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import type { PolicyFlags } from "../options.ts";
import { openResult, type Result } from "../output.ts";
import { openState } from "../state.ts";
import { UsageError } from "../usage.ts";

/** `reconcile policy [PATH…]`: the IAM policies that planning or applying these stacks needs. Offline. */
export async function policy(paths: readonly string[], flags: PolicyFlags, context: Context): Promise<ExitCode> {
  const asked = [flags.plan && "--plan", flags.apply && "--apply", flags.github && "--github"].filter(Boolean);
  const whose = [flags.branch && "--branch", flags.environment && "--environment"].filter(Boolean);
  for (const together of [asked, whose])
    if (together.length > 1)
      throw new UsageError(`${together.join(" and ")} do not go together.`, "leave one of them out");
  if (whose.length > 0 && flags.github === undefined)
    throw new UsageError(
      `${whose[0]} is for the roles that --github prints.`,
      "add --github OWNER/REPO, or leave it out",
    );
  const { terminal } = context;
  const result = await openResult(flags.output, terminal);
  const { stacks, neighbours, diagnostics } = await openState(paths, context, "files");
  if (hasErrors(diagnostics)) throw new DiagnosticError(diagnostics);
  const region = flags.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  const options = { registry: createRegistry(types), neighbours, ...(region !== undefined && { region }) };
  const { github } = flags;
  if (github !== undefined) {
    const plan = policiesFor(stacks, "plan", options);
    const [own] = plan.flatMap((each) => (each.role === null ? [] : each.stacks));
    if (own !== undefined) {
      throw new UsageError(
        `The stack ${own} has a role of its own, and GitHub's would only have to assume it.`,
        "choose stacks without role-arn (--stack), or leave out --github",
      );
    }
    const { branch = "main", environment } = flags;
    const apply = environment === undefined ? { branch } : { environment };
    const template = gitHubTemplate({
      repository: github,
      apply,
      plan,
      applyPolicies: policiesFor(stacks, "apply", options),
    });
    result.json(template, { indent: 2 });
  } else {
    const policies = policiesFor(stacks, flags.plan ? "plan" : "apply", options);
    if (flags.format === "json") result.json({ policies }, { indent: 2 });
    else showPolicies(policies, result, context);
  }
  await result.finish();
  return exitCodes.done;
}

/** On stdout only documents, one after the other: whose they are is for people. */
function showPolicies(policies: readonly Policy[], result: Result, { terminal }: Context): void {
  for (const { name, role, stacks, document } of policies) {
    const whose = role === null ? "for whoever runs it" : `for the role ${role}`;
    if (policies.length > 1) terminal.err(`${name}   ${whose}   ${stacks.join(", ")}`);
    result.json(document, { indent: 2 });
  }
}
