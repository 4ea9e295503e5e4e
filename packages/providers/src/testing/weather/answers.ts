import { HttpResponse } from "@smithy/core/protocols";
import type { ServiceName } from "../../aws/services.ts";
import { ec2Error, jsonError, type Reply, response, xmlError } from "../../aws/testing.ts";

/** An error as the service answers with it. */
export function refusal(service: ServiceName, code: string, message: string, status = 400): HttpResponse {
  const write = service === "ec2" ? ec2Error : isXml(service) ? xmlError : jsonError;
  return response(write(code, message, status)).response;
}

function isXml(service: ServiceName): boolean {
  return service === "iam" || service === "sts" || service === "cloudfront";
}

/** Too many requests, as each service says it. */
export function throttling(service: ServiceName): HttpResponse {
  if (service === "ec2") return refusal(service, "RequestLimitExceeded", "Request limit exceeded.", 503);
  if (isXml(service)) return refusal(service, "Throttling", "Rate exceeded");
  return refusal(service, service === "tagging" ? "ThrottledException" : "ThrottlingException", "Rate exceeded");
}

/** The caller may not do that. */
export function denial(service: ServiceName, operation: string): HttpResponse {
  const message = `You are not authorized to perform: ${service}:${operation}`;
  if (service === "ec2") return refusal(service, "UnauthorizedOperation", message, 403);
  return refusal(service, isXml(service) ? "AccessDenied" : "AccessDeniedException", message, 403);
}

/** A page with nothing on it; undefined: the operation has no pages. Without a token it is the only one. */
export function emptyPage(service: ServiceName, operation: string, token?: string): HttpResponse | undefined {
  const reply = emptyReply(service, operation, token);
  return reply && response(reply).response;
}

function emptyReply(service: ServiceName, operation: string, token: string | undefined): Reply | undefined {
  const name = `${service}:${operation}`;
  const next = (tag: string): string => (token === undefined ? "" : `<${tag}>${token}</${tag}>`);
  const more = `<IsTruncated>${token !== undefined}</IsTruncated>`;
  if (/^ec2:Describe(?!KeyPairs|Addresses|InstanceAttribute|Images)/.test(name))
    return { body: `<${operation}Response><requestId>0f1e</requestId>${next("nextToken")}</${operation}Response>` };
  if (/^iam:(?:GetAccountAuthorizationDetails|ListRoles|ListInstanceProfiles)$/.test(name)) {
    const result = `<${operation}Result>${more}${next("Marker")}</${operation}Result>`;
    return { body: `<${operation}Response>${result}</${operation}Response>` };
  }
  if (name === "cloudfront:ListDistributions")
    return {
      body: `<DistributionList><Marker/>${next("NextMarker")}<MaxItems>100</MaxItems>${more}<Quantity>0</Quantity></DistributionList>`,
    };
  if (name === "ssm:DescribeParameters" || name === "ssm:GetParametersByPath")
    return { body: { Parameters: [], NextToken: token } };
  if (name === "ecr:DescribeRepositories") return { body: { repositories: [], nextToken: token } };
  if (name === "tagging:GetResources") return { body: { ResourceTagMappingList: [], PaginationToken: token ?? "" } };
  return undefined;
}

/** An answer that can be read, and given again. */
export interface Kept {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** Takes all of an answer off the wire. */
export async function keep({ statusCode, headers, body }: HttpResponse): Promise<Kept> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return { status: statusCode, headers, text: Buffer.concat(chunks).toString("utf8") };
}

export function give({ status, headers, text }: Kept): HttpResponse {
  const { "content-length": _, ...rest } = headers;
  return new HttpResponse({ statusCode: status, headers: rest, body: Buffer.from(text) });
}
