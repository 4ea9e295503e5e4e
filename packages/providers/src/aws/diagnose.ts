import { type Diagnostic, DiagnosticError } from "@reconcile/core";
import { type Caller, explanations, type Failed, placeOf } from "./explanations.ts";
import { callOf, type Failure } from "./failures.ts";
import { actionOf } from "./operations.ts";
import { notImplemented } from "./web-page.ts";
import { kebab, serviceMessage, withStop } from "./words.ts";

/**
 * An error of a call to AWS as a person should read it: what was refused or failed, to whom and where, and what to do. Never shows what was sent.
 * undefined: it did not come from AWS, the network or the credentials; then it is a bug, or carries its diagnostics already.
 */
export function toDiagnostic(error: unknown, caller: Caller = {}): Diagnostic | undefined {
  if (!(error instanceof Error) || error instanceof DiagnosticError || !isFromAws(error)) return undefined;
  const call = callOf(error);
  const failure: Failed = {
    error,
    call,
    caller,
    what: call ? actionOf(call.service, call.operation) : "A call to AWS",
  };
  for (const explain of explanations) {
    const explained = explain(failure);
    if (explained)
      return { code: explained.code, severity: "error", message: explained.message, remedy: explained.remedy };
  }
  return {
    code: `aws.${kebab(error.name)}`,
    severity: "error",
    message: `${failure.what} failed${placeOf(call)}: ${serviceMessage(error)}`,
    remedy: "Correct what AWS names. If it is a matter of time, run again: it goes on from what is there.",
  };
}

/** The same for whatever was thrown, said of a resource. What is no answer of AWS is a bug of this program, and says so. */
export function diagnosticOf(error: unknown, caller: Caller, resource: string | undefined): Diagnostic {
  const own = error instanceof DiagnosticError ? error.diagnostics[0] : undefined;
  const diagnostic = own ?? toDiagnostic(error, caller) ?? bug(error);
  return resource === undefined || diagnostic.resource !== undefined ? diagnostic : { ...diagnostic, resource };
}

function bug(error: unknown): Diagnostic {
  return {
    code: "internal.error",
    severity: "error",
    message: `This should not have happened: ${withStop(error instanceof Error ? error.message : String(error))}`,
    remedy: "Run again with --debug and report it.",
  };
}

/** Codes of Node's network and TLS. Other codes of Node are mistakes in a program. */
const networkCode = /^(?:E(?!RR_)[A-Z]+|CERT_\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+|ERR_(?:TLS|SSL)_\w+)$/;

function isFromAws(error: Failure): boolean {
  const names = [notImplemented, "CredentialsProviderError", "TokenProviderError", "TimeoutError"];
  return error.$metadata !== undefined || networkCode.test(String(error.code)) || names.includes(error.name);
}
