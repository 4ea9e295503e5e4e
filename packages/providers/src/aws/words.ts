/** The service's own words, without what only its support can read. */
export function serviceMessage(error: Error): string {
  const text = error.message
    .replace(/\s*Deserialization error: to see the raw response.*$/s, "")
    .replace(/\s*Encoded authorization failure message: \S+/, "")
    .replace(/\s*\((?:Service|Request ID|RequestId)[:=][^)]*\)/gi, "")
    .replace(/[,;]?\s*Request ?ID:? ?[\w-]+/gi, "")
    .replace(/\s+/g, " ")
    .trim();
  return withStop(text.length > 600 ? `${text.slice(0, 599)}…` : text || error.name);
}

/** A sentence that ends. */
export function withStop(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** A text as the middle of a sentence. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** `InvalidGroup.NotFound` → `invalid-group-not-found`. */
export function kebab(code: string): string {
  return code
    .replace(/Exception$/, "")
    .replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3-$2")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .toLowerCase();
}
