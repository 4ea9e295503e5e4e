import { cidrOf, DiagnosticError } from "@reconcile/core";

const lookUp = "https://checkip.amazonaws.com";

/** The address with which this machine is seen from outside, as AWS says. */
export async function currentAddress(): Promise<string> {
  const answer = await fetch(lookUp, { signal: AbortSignal.timeout(10_000), redirect: "error" })
    .then(async (response) => (response.ok ? (await response.text()).slice(0, 100).trim() : ""))
    .catch(() => "");
  const cidr = answer.includes("/") ? undefined : cidrOf(answer);
  if (cidr !== undefined) return cidr;
  throw new DiagnosticError({
    code: "address.unknown",
    severity: "error",
    message: `${lookUp} does not say with which address this machine is seen.`,
    remedy: "give the address: reconcile allow-ip 203.0.113.10",
  });
}
