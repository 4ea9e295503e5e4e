import type { HttpHandler, HttpRequest, HttpResponse } from "@smithy/core/protocols";
import type { RunningCall } from "../aws/call.ts";
import { runningCall } from "../aws/recorder.ts";
import type { ServiceName } from "../aws/services.ts";
import { denial, emptyPage, refusal } from "./weather/answers.ts";

/** How a read may fail. Only what comes in pages can be cut. */
export const readFailures = ["failed", "denied", "cut"] as const;

/** Makes every call of one operation fail: AWS has an error of its own, the caller may not do that, or only the first page comes, with nothing on it. */
export function failingHandler(network: HttpHandler, operation: string, how: string): HttpHandler {
  async function answer(call: RunningCall, request: HttpRequest, settings: unknown): Promise<HttpResponse> {
    const { service, operation: name } = call;
    if (`${service}:${name}` !== operation) {
      const { response } = await network.handle(request, settings as Parameters<HttpHandler["handle"]>[1]);
      return response;
    }
    if (how === "failed") return refusal(service, "InternalError", "An internal error has occurred.", 500);
    const first = how === "cut" && asksForFirstPage(call) ? emptyPage(service, name, "page-2") : undefined;
    return first ?? denial(service, name);
  }
  return {
    ...network,
    async handle(request, settings) {
      const call = runningCall();
      if (!call) throw new Error("A request was sent outside a call.");
      return { response: await answer(call, request, settings) };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}

/** `ec2:DescribeSecurityGroups`. */
export function isPaged(operation: string): boolean {
  const [service, name = ""] = operation.split(":");
  return emptyPage(service as ServiceName, name) !== undefined;
}

/** Who does not say how large a page is gets all at once. */
function asksForFirstPage({ input }: RunningCall): boolean {
  const pageSizes = ["MaxResults", "maxResults", "MaxItems", "ResourcesPerPage"];
  return pageSizes.some((name) => input[name] !== undefined) && !Object.values(input).includes("page-2");
}
