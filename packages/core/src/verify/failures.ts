import type { Finding } from "./model.ts";

interface Words {
  message: string;
  advice: string;
}

const trust =
  "Renew the certificate, or install one of an authority that is trusted; NODE_EXTRA_CA_CERTS adds an authority of your own.";
const names = "Create the record, or correct the name; a new record is seen when the old answer's time is over.";

const cut: Words = {
  message: "the connection was cut",
  advice: "See the application's own log: it ended the connection, or what stands before it did.",
};

/** What an error of the network means, by its code. Its own message is never shown: it may quote an address that holds a secret. */
const words: Readonly<Record<string, Words>> = {
  ENOTFOUND: { message: "the name cannot be resolved", advice: names },
  EAI_AGAIN: {
    message: "the name server does not answer",
    advice: "Try again; look at the name servers of this machine.",
  },
  ESERVFAIL: { message: "the name server failed", advice: "Look at the zone's name servers and its DNSSEC records." },
  EREFUSED: { message: "the name server refused to answer", advice: "Ask one that answers for this zone." },
  ECONNREFUSED: {
    message: "the connection was refused",
    advice: "Nothing listens on that port: see whether the application runs, and on which port.",
  },
  ECONNRESET: cut,
  // The other side ended it before there was an answer.
  UND_ERR_SOCKET: cut,
  ERR_SSL_WRONG_VERSION_NUMBER: {
    message: "what answers there does not speak TLS",
    advice: "Ask for http instead of https, or for the port on which it speaks TLS.",
  },
  EHOSTUNREACH: { message: "there is no way to the host", advice: "Look at routes and at the address." },
  ENETUNREACH: {
    message: "there is no way to the network",
    advice: "Look at routes and at the address; over IPv6, whether this machine has it.",
  },
  CERT_HAS_EXPIRED: { message: "the certificate has expired", advice: trust },
  DEPTH_ZERO_SELF_SIGNED_CERT: { message: "the certificate is self-signed", advice: trust },
  SELF_SIGNED_CERT_IN_CHAIN: {
    message: "the certificate comes from an authority that is not trusted here",
    advice: trust,
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    message: "the certificate comes from an authority that is not trusted here",
    advice: trust,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    message: "the server does not send the certificates between its own and the authority's",
    advice: "Install the whole chain on the server, not only its own certificate.",
  },
  CERT_NOT_YET_VALID: {
    message: "the certificate is not valid yet",
    advice: "Look at the clock of this machine, or wait.",
  },
  "bad port": {
    message: "the port is one that no web client asks",
    advice: "Let the application listen on another port, or look at this one with tcp:.",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    message: "the certificate is for another host",
    advice: "Ask for the name that it is for, or have it made for this one.",
  },
};

const silence: Words = {
  message: "no answer",
  advice: "Look whether the security groups and routes let this machine in, and whether the application runs.",
};

/** The words for a code of OpenSSL's or Node's. */
export function wordsFor(code: string): Words {
  return words[code] ?? { message: `it failed with ${code}`, advice: "See the application's own log." };
}

/** What a person reads of a failed attempt. Throws what is no failure of the network: that is a mistake here. */
export function unreachable(error: unknown, timeout: number): Finding {
  const code = codeOf(error);
  if (code === undefined) throw error;
  const isLate = code === "TimeoutError" || code === "ETIMEDOUT" || code === "ETIMEOUT";
  const { message, advice } = isLate
    ? { ...silence, message: `${silence.message} within ${timeout / 1000} s` }
    : wordsFor(code);
  return { outcome: "failed", message, advice, details: { error: isLate ? "timeout" : code } };
}

/** `fetch` wraps what happened, and several addresses that all fail are one error that holds theirs. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { cause } = error;
  if (error.name === "TimeoutError" || error.name === "AbortError")
    return timeoutIn(error) ? "TimeoutError" : error.name;
  if ("code" in error && typeof error.code === "string") return error.code;
  const first = error instanceof AggregateError ? error.errors[0] : cause;
  if (!(first instanceof Error)) return undefined;
  // Of those without a code, the few that are known by what they say.
  return codeOf(first) ?? (Object.hasOwn(words, first.message) ? first.message : first.name);
}

/** `events.once` gives an AbortError whose cause is the signal's reason. */
function timeoutIn(error: Error): boolean {
  return error.name === "TimeoutError" || (error.cause instanceof Error && error.cause.name === "TimeoutError");
}
