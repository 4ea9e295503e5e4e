import type { Json } from "@reconcile/core";

/** A policy document as IAM answers with it (RFC 3986 percent-encoded JSON) or as other services do (JSON). Throws when it is neither. */
export function policyDocument(text: string): Json {
  // JSON begins with a brace; an encoded document with %7B.
  return JSON.parse(text.trimStart().startsWith("{") ? text : decodeURIComponent(text)) as Json;
}
