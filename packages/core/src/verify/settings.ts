import { isIP } from "node:net";
import { RE2JS, RE2JSException } from "re2js";
import { z } from "zod";
import { type Shape, shapeOf } from "../resource/shape.ts";
import type { CheckedType } from "../validate/describe.ts";

/** Texts that a check compares with what it found. In linear time: an answer is a stranger's text, and so may be the pattern. */
const Pattern = z
  .string()
  .refine(
    isPattern,
    "is not a regular expression that is matched in linear time: write it as RE2 knows them, without look-around and back-references",
  );

const Port = z.int().min(1).max(65_535);
const Host = z
  .string()
  .refine(
    (text) => isIP(text) !== 0 || /^[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?\.?$/.test(text),
    "is not a host name or an address: leave out the scheme, the port and the path",
  );

const HeaderName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/);
const HeaderText = z
  .string()
  .refine(
    (text) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text),
    "is not the text of a header: leave out line breaks and other control characters",
  );

const Http = z
  .strictObject({
    url: z
      .string()
      .refine(
        isWebAddress,
        "is not an address of the web: write it as https://example.com/health, without a user name",
      ),
    method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]).default("GET"),
    headers: z.record(HeaderName, HeaderText).default({}),
    body: z.string().optional(),
    /** Redirects are followed, at most five; to another host without the headers and the body. */
    "follow-redirects": z.boolean().default(true),
    /** Any of these; default: 200 to 299. */
    status: z.array(z.int().min(100).max(599)).optional(),
    /** Texts that are all in the answer's body. */
    contains: z.array(z.string()).default([]),
    /** Regular expressions that all match somewhere in the answer's body. */
    matches: z.array(Pattern).default([]),
    /** Texts that the headers of these names contain. */
    "response-headers": z.record(HeaderName, z.string()).default({}),
  })
  .refine(({ method, body }) => body === undefined || (method !== "GET" && method !== "HEAD"), {
    message: "A GET or HEAD request has no body: give the method, POST for instance.",
  });

const Tcp = z.strictObject({ host: Host, port: Port });

export const recordTypes = ["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SRV", "TXT"] as const;

const Dns = z.strictObject({
  name: Host,
  type: z.enum(recordTypes).default("A"),
  /** Exactly these records, in any order. */
  equals: z.array(z.string()).optional(),
  /** At least these records. */
  contains: z.array(z.string()).default([]),
  /** The server that is asked, an address with or without a port; default: the machine's own. */
  server: z
    .string()
    .refine(isServer, "is not the address of a server: write it as 192.0.2.53, or 192.0.2.53:5353")
    .optional(),
});

const Tls = z.strictObject({
  host: Host,
  port: Port.default(443),
  /** That the certificate must be for; default: the host. */
  "host-name": Host.optional(),
  /** Must the certificate come from an authority that is trusted here? */
  chain: z.boolean().default(true),
  /** Fewer days left than this fail. */
  "days-left": z.int().min(0).max(3650).default(0),
  /** Fewer days left than this warn. */
  "warn-days": z.int().min(0).max(3650).default(30),
  /** Digests of keys, one of which the certificate must have, as curl's --pinnedpubkey writes them. */
  "public-key": z
    .array(
      z
        .string()
        .refine(
          (text) => /^sha256\/\/[A-Za-z0-9+/]{43}=$/.test(text),
          "is not the digest of a key: write it as sha256//, then the Base64 of the SHA-256 of the public key",
        ),
    )
    .optional(),
});

const Aws = z
  .strictObject({
    /** The logical id. */
    resource: z.string(),
    /** One of what GetAtt knows, also a part of it: State.Name. */
    attribute: z.string().optional(),
    /** A property's name, or a JSON pointer into the properties. */
    property: z.string().optional(),
    equals: z.unknown().optional(),
    matches: Pattern.optional(),
  })
  .refine((aws) => (aws.attribute === undefined) !== (aws.property === undefined), {
    message: 'A check of a resource looks at one "attribute" or at one "property".',
  })
  .refine((aws) => aws.equals === undefined || aws.matches === undefined, {
    message: '"equals" and "matches" do not go together.',
  });

const seconds = (longest: number) => z.number().min(0).max(longest);

const kinds = {
  http: Http.optional(),
  tcp: Tcp.optional(),
  dns: Dns.optional(),
  tls: Tls.optional(),
  aws: Aws.optional(),
};
export const kindNames = Object.keys(kinds) as (keyof typeof kinds)[];

const Settings = z
  .strictObject({
    name: z.string(),
    ...kinds,
    /** Seconds before the first try. */
    delay: seconds(900).default(0),
    /** Seconds between two tries. */
    interval: seconds(300).default(5),
    /** Tries after the first. */
    retries: z.int().min(0).max(100).default(3),
    /** Seconds that one try may take. */
    timeout: z.number().min(0.1).max(300).default(10),
  })
  .refine((check) => kindNames.filter((kind) => check[kind] !== undefined).length === 1, {
    message: `A check has exactly one of ${kindNames.join(", ")}.`,
  });

/** What one check says, complete. One of the kinds is there. */
export type Settings = z.output<typeof Settings>;
export type HttpSettings = z.output<typeof Http>;
export type DnsSettings = z.output<typeof Dns>;
export type TlsSettings = z.output<typeof Tls>;
export type TcpSettings = z.output<typeof Tcp>;
export type AwsSettings = z.output<typeof Aws>;

let shape: Shape | undefined;

/** A check as the machinery for resources reads it: functions, coercion, the schema, and words for what is wrong. */
export const checkType: CheckedType = {
  type: "Check",
  properties: Settings,
  get shape() {
    shape ??= shapeOf(Settings);
    return shape;
  },
};

function isServer(text: string): boolean {
  const [, bracketed, plain] = /^(?:\[(.+)\]|([^:]+))(?::\d{1,5})?$/.exec(text) ?? [];
  return isIP(bracketed ?? plain ?? text) !== 0;
}

function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch (error) {
    if (error instanceof RE2JSException) return false;
    throw error;
  }
}

/** A user name and a password in an address would be shown with it. */
function isWebAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (url?.protocol === "http:" || url?.protocol === "https:") && url.username === "" && url.password === "";
}
