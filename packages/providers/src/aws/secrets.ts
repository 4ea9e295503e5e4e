/**
 * Takes what AWS's API calls sensitive (a parameter's value, user data) out of an error's message: services quote what they refuse. `filter` is the SDK's own, which
 * replaces sensitive members of an input.
 */
export function hideSecrets(error: unknown, input: unknown, filter: ((input: never) => unknown) | undefined): void {
  // What was aborted quotes nothing, and its message cannot be set.
  if (!(error instanceof Error) || error instanceof DOMException || !filter) return;
  const secrets = differing(input, filter(input as never));
  // The longest first: one secret may be a part of another.
  for (const secret of secrets.sort((a, b) => b.length - a.length)) {
    for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1)])) {
      error.message = error.message.replaceAll(form, "(sensitive)");
    }
  }
}

/** Texts of the input that the filter has replaced. */
function differing(input: unknown, filtered: unknown): string[] {
  if (typeof input === "string") return input !== "" && input !== filtered ? [input] : [];
  if (typeof input !== "object" || input === null) return [];
  return Object.entries(input).flatMap(([key, value]) => {
    const seen =
      typeof filtered === "object" && filtered !== null ? (filtered as Record<string, unknown>)[key] : undefined;
    return differing(value, seen);
  });
}
