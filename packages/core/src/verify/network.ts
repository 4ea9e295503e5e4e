import type { recordTypes } from "./settings.ts";

/** What checks ask of the network. Each rejects when there is no answer, within the time that is given (milliseconds) or when the signal is aborted; `code` of the error says why. */
export interface Network {
  http(request: HttpRequest, limits: Limits): Promise<HttpAnswer>;
  tcp(target: { host: string; port: number }, limits: Limits): Promise<void>;
  /** The records as texts: `10 mail.example.com` of an MX record. None: an empty list. */
  dns(
    question: { name: string; type: (typeof recordTypes)[number]; server?: string },
    limits: Limits,
  ): Promise<string[]>;
  /** Shakes hands whatever the certificate is; that it ends well also proves that the server has the key to it. */
  tls(target: { host: string; port: number; hostName: string }, limits: Limits): Promise<Handshake>;
}

/** How long one try may take, in milliseconds, and what ends it. */
export interface Limits {
  timeout: number;
  signal?: AbortSignal;
}

/** A request as it is sent. */
export interface HttpRequest {
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

/** A redirect is an answer like any other. */
export interface HttpAnswer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** At most the first megabyte. */
  body: string;
}

/** What a TLS server showed of itself. */
export interface Handshake {
  /** Who the certificate says it is for, and who signed it. */
  subject: string;
  issuer: string;
  validFrom: Date;
  validTo: Date;
  /** `sha256//` and the Base64 of the SHA-256 of the public key. */
  publicKey: string;
  /** Why no trusted authority stands behind it: OpenSSL's code. */
  chainProblem?: string;
  /** True: the certificate is for the host name. */
  isForHost: boolean;
}
