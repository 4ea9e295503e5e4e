import { type HttpRequest, HttpResponse } from "@smithy/core/protocols";
import type { Aws, SessionOptions } from "./context.ts";
import { connect, type Target } from "./session.ts";

/** An answer of the fake AWS: text as it is, anything else as JSON. */
export interface Reply {
  status?: number;
  type?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface FakeAws {
  aws: Aws;
  /** What was asked, in order, without the first call of STS: `ec2:DescribeVpcs`, for CloudFront `cloudfront:GET /2020-05-31/…`. */
  requests: string[];
  bodies: string[];
  /** Milliseconds that were waited, without taking any time. */
  waits: number[];
}

export const account = "123456789012";
export const principal = `arn:aws:sts::${account}:assumed-role/deployer/ci`;

/** AWS whose answers are made by a function, for tests on the wire: everything but the network is real. An answer may throw, as a network does. */
export async function fakeAws(
  answer: (operation: string, region: string) => Reply | Promise<Reply>,
  options: Partial<SessionOptions & Target> = {},
): Promise<FakeAws> {
  const requests: string[] = [];
  const bodies: string[] = [];
  const waits: number[] = [];
  const aws = await connect({
    environment: {},
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    wait: async (ms) => void waits.push(ms),
    requestHandler: {
      async handle(request: HttpRequest) {
        const { operation, region } = factsOf(request);
        if (operation === "sts:GetCallerIdentity") return response({ body: identityAnswer });
        requests.push(operation);
        bodies.push(bodyOf(request));
        return response(await answer(operation, region));
      },
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
    },
    ...options,
  });
  return { aws, requests, bodies, waits };
}

export const identityAnswer = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account}</Account><Arn>${principal}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;

/** An error as EC2 answers with it. */
export function ec2Error(code: string, message: string, status = 400): Reply {
  return {
    status,
    body: `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>0f1e</RequestID></Response>`,
  };
}

/** An error as IAM, STS and CloudFront answer with it. */
export function xmlError(code: string, message: string, status = 400): Reply {
  return {
    status,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>0f1e</RequestId></ErrorResponse>`,
  };
}

/** An error as SSM, ECR and the tagging API answer with it. */
export function jsonError(code: string, message: string, status = 400): Reply {
  return { status, body: { __type: code, message } };
}

/** The text of a request's body. */
export function bodyOf(request: HttpRequest): string {
  return request.body instanceof Uint8Array ? new TextDecoder().decode(request.body) : String(request.body ?? "");
}

/** The `Action` of a request of EC2, IAM or STS. */
export function actionIn(request: HttpRequest): string | null {
  return new URLSearchParams(bodyOf(request)).get("Action");
}

function factsOf(request: HttpRequest): { operation: string; region: string } {
  // AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request, …
  const [, , region = "", service = ""] = request.headers.authorization?.split("/") ?? [];
  const target = request.headers["x-amz-target"]?.split(".")[1];
  return { region, operation: `${service}:${target ?? actionIn(request) ?? `${request.method} ${request.path}`}` };
}

/** A response of AWS's network. */
export function response({ status = 200, type, headers: more, body = "" }: Reply): { response: HttpResponse } {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = {
    "content-type": type ?? (typeof body === "string" ? "text/xml" : "application/x-amz-json-1.1"),
    ...more,
  };
  return { response: new HttpResponse({ statusCode: status, headers, body: Buffer.from(text) }) };
}
