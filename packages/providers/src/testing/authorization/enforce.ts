import type { HttpHandler } from "@smithy/core/protocols";
import type { Aws } from "../../aws/context.ts";
import { runningCall } from "../../aws/recorder.ts";
import type { PolicyDocument } from "../../policy/documents.ts";
import { denial } from "../weather/answers.ts";
import { type AccessRequest, isAllowed } from "./evaluate.ts";
import { tagsOf } from "./live.ts";
import { accessRequestsOf } from "./requests.ts";

interface Enforced {
  handler: HttpHandler;
  /** What was asked and not allowed. */
  denied: readonly AccessRequest[];
  /** What was asked and allowed. */
  allowed: readonly AccessRequest[];
}

/** AWS as somebody meets it who may do what these policies say, and nothing else. `aws`: to look up what IAM would. */
export function enforce(network: HttpHandler, documents: readonly PolicyDocument[], aws: Aws): Enforced {
  const denied: AccessRequest[] = [];
  const allowed: AccessRequest[] = [];
  return {
    denied,
    allowed,
    handler: {
      ...network,
      async handle(request, settings) {
        const call = runningCall();
        if (!call) throw new Error("A request was sent outside a call.");
        const asked = await accessRequestsOf(aws, call);
        const before = denied.length;
        for (const each of asked) {
          const isGranted = isAllowed(documents, each) || isAllowed(documents, await withItsTags(aws, each));
          (isGranted ? allowed : denied).push(each);
        }
        if (denied.length > before) return { response: denial(call.service, call.operation) };
        return network.handle(request, settings as Parameters<HttpHandler["handle"]>[1]);
      },
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
    },
  };
}

async function withItsTags(aws: Aws, request: AccessRequest): Promise<AccessRequest> {
  if (!request.byItsTags) return request;
  const tags = Object.entries(await tagsOf(aws, request.resource));
  const own = Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
  return { ...request, context: { ...request.context, ...own } };
}
