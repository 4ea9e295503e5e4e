import { RE2JS } from "re2js";
import type { Json } from "../value.ts";
import { wordsFor } from "./failures.ts";
import type { Finding } from "./model.ts";
import type { HttpAnswer, HttpRequest, Limits, Network } from "./network.ts";
import type { DnsSettings, HttpSettings, Settings, TcpSettings, TlsSettings } from "./settings.ts";

/** What looking needs. */
export interface Looking {
  network: Network;
  limits: Limits;
  now: Date;
  /** The text, or that it must not be shown: by its pointer in the settings. */
  show(path: string, text: string): string;
}

/** Looks once at what a check of the network says. Rejects as the network does. */
export async function lookAt(settings: Settings, looking: Looking): Promise<Finding> {
  const { http, tcp, dns, tls } = settings;
  if (http) return lookAtWeb(http, looking);
  if (tcp) return lookAtPort(tcp, looking);
  if (dns) return lookAtRecords(dns, looking);
  if (tls) return lookAtCertificate(tls, looking);
  throw new Error("A check of a resource is not the network's.");
}

/** What a check looks at, for people. */
export function targetOf({ http, tcp, dns, tls, aws }: Settings, show: Looking["show"]): string {
  if (http) return `${http.method} ${show("/http/url", http.url)}`;
  if (tcp) return `${show("/tcp/host", tcp.host)}:${tcp.port}`;
  if (dns) return `${dns.type} ${show("/dns/name", dns.name)}`;
  if (tls) return `${show("/tls/host", tls.host)}:${tls.port}`;
  return `${aws?.resource}.${aws?.attribute ?? aws?.property}`;
}

function failed(message: string, advice: string, details: Finding["details"] = {}): Finding {
  return { outcome: "failed", message, advice, details };
}

async function lookAtWeb(http: HttpSettings, { network, limits, show }: Looking): Promise<Finding> {
  const answer = await askFollowing(http, network, limits);
  const details: Record<string, Json> = { status: answer.status };
  const isExpected = http.status?.includes(answer.status) ?? (answer.status >= 200 && answer.status <= 299);
  if (!isExpected) {
    const wanted = http.status?.join(" or ") ?? "200 to 299";
    return failed(`answered ${answer.status}, not ${wanted}`, statusAdvice(answer.status), details);
  }
  for (const [name, text] of Object.entries(http["response-headers"])) {
    const value = answer.headers[name.toLowerCase()];
    const shown = show(`/http/response-headers/${name}`, text);
    if (value === undefined)
      return failed(`the answer has no header ${name}`, "Correct the application, or the check.", details);
    if (!value.includes(text))
      return failed(
        `the header ${name} does not contain ${JSON.stringify(shown)}`,
        "Correct the application, or the check.",
        details,
      );
  }
  const where = "See what the address answers; the check looks at its first megabyte.";
  for (const [index, text] of http.contains.entries()) {
    if (!answer.body.includes(text))
      return failed(
        `the answer does not contain ${JSON.stringify(show(`/http/contains/${index}`, text))}`,
        where,
        details,
      );
  }
  for (const [index, pattern] of http.matches.entries()) {
    if (!RE2JS.compile(pattern).matcher(answer.body).find())
      return failed(`the answer does not match ${show(`/http/matches/${index}`, pattern)}`, where, details);
  }
  return { outcome: "passed", message: `answered ${answer.status}`, details };
}

const mostRedirects = 5;

/** Headers and body may hold secrets: another origin gets neither. */
async function askFollowing(http: HttpSettings, network: Network, limits: Limits): Promise<HttpAnswer> {
  let request: HttpRequest = {
    url: http.url,
    method: http.method,
    headers: http.headers,
    ...(http.body !== undefined && { body: http.body }),
  };
  for (let hops = 0; ; hops++) {
    const answer = await network.http(request, limits);
    const { location } = answer.headers;
    const isRedirect = [301, 302, 303, 307, 308].includes(answer.status) && location !== undefined;
    if (!http["follow-redirects"] || !isRedirect || hops === mostRedirects || !URL.canParse(location, request.url))
      return answer;
    const from = new URL(request.url);
    const to = new URL(location, from);
    // Nor is an address with a password in it: fetch takes none.
    if ((to.protocol !== "https:" && to.protocol !== "http:") || to.username || to.password) return answer;
    const isElsewhere = to.origin !== from.origin;
    const keepsMethod = answer.status >= 307 || request.method === "HEAD";
    const { body, ...rest } = request;
    request = {
      ...rest,
      url: to.href,
      method: keepsMethod ? request.method : "GET",
      headers: isElsewhere ? {} : request.headers,
      ...(keepsMethod && !isElsewhere && body !== undefined && { body }),
    };
  }
}

function statusAdvice(status: number): string {
  if (status === 404) return "Correct the path, or see what the application answers on.";
  if (status === 401 || status === 403) return "Give what it asks for (headers), or allow the check's address.";
  if (status >= 300 && status <= 399) return "Ask for the address that it leads to, or expect this status.";
  if (status >= 502 && status <= 504)
    return "What stands in front answers, and what is behind it does not: see whether the application runs, and whether its port is open to it.";
  return "See the application's own log, or expect this status.";
}

async function lookAtPort(tcp: TcpSettings, { network, limits }: Looking): Promise<Finding> {
  await network.tcp(tcp, limits);
  return { outcome: "passed", message: "accepts connections" };
}

async function lookAtRecords(dns: DnsSettings, { network, limits, show }: Looking): Promise<Finding> {
  const { name, type, server } = dns;
  const plain = (text: string): string => (type === "TXT" ? text : plainName(text));
  const records = (await network.dns({ name, type, ...(server !== undefined && { server }) }, limits)).map(plain);
  const details = { records };
  const advice = "Correct the record; a change is seen when the old answer's time is over.";
  if (records.length === 0)
    return failed(`there is no ${type} record`, "Create the record, or correct the name.", details);
  const missing = [
    ...dns.contains.map((text, index) => ({ text, path: `/dns/contains/${index}` })),
    ...(dns.equals ?? []).map((text, index) => ({ text, path: `/dns/equals/${index}` })),
  ].find(({ text }) => !records.includes(plain(text)));
  if (missing) return failed(`${show(missing.path, missing.text)} is not among the ${type} records`, advice, details);
  const wanted = dns.equals?.map(plain);
  const extra = wanted && records.find((record) => !wanted.includes(record));
  if (extra !== undefined) return failed(`${extra} is among the ${type} records`, advice, details);
  return { outcome: "passed", message: `resolves to ${records.join(", ")}`, details };
}

/** Names have a dot at the end or none, and capitals mean nothing. */
function plainName(text: string): string {
  return text.replace(/\.$/, "").toLowerCase();
}

const day = 86_400_000;

async function lookAtCertificate(tls: TlsSettings, { network, limits, now, show }: Looking): Promise<Finding> {
  const hostName = tls["host-name"] ?? tls.host;
  const shake = await network.tls({ host: tls.host, port: tls.port, hostName }, limits);
  const left = (shake.validTo.getTime() - now.getTime()) / day;
  const daysLeft = Math.floor(left);
  const details = { daysLeft, validTo: shake.validTo.toISOString(), publicKey: shake.publicKey };
  const name = show(tls["host-name"] === undefined ? "/tls/host" : "/tls/host-name", hostName);
  const renew = `Renew the certificate of ${name} and install it with its chain; one that AWS Certificate Manager made renews by itself while its validation record is there and it is in use.`;
  if (left <= 0) return failed(`the certificate expired on ${dayOf(shake.validTo)}`, renew, details);
  if (shake.validFrom > now)
    return failed(
      `the certificate is valid only from ${dayOf(shake.validFrom)} on`,
      "Look at the clock of this machine, or wait.",
      details,
    );
  if (!shake.isForHost)
    return failed(
      `the certificate is not for ${name}`,
      "Ask for the name that it is for, or have it made for this one.",
      details,
    );
  if (tls.chain && shake.chainProblem !== undefined) {
    const { message, advice } = wordsFor(shake.chainProblem);
    return failed(message, advice, details);
  }
  if (tls["public-key"] && !tls["public-key"].includes(shake.publicKey))
    return failed(
      "the certificate has another key",
      "Install the certificate that belongs to the key, or write the new key's digest into the check.",
      details,
    );
  const expires = `the certificate expires in ${daysLeft} ${daysLeft === 1 ? "day" : "days"}, on ${dayOf(shake.validTo)}`;
  if (left < tls["days-left"]) return failed(expires, renew, details);
  if (left < tls["warn-days"]) return { outcome: "warning", message: expires, advice: renew, details };
  return { outcome: "passed", message: `valid for ${daysLeft} days`, details };
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
