import type { Pluggable } from "@smithy/types";

/** The name of the error for an operation that an emulator of AWS does not have. */
export const notImplemented = "NotImplementedByEndpoint";

/** Is it one of AWS's own hosts, of any partition, by IPv4 or by both (`ec2.us-east-1.api.aws`)? */
export function isAwsHost(hostname: string): boolean {
  return /(?:^|\.)(?:amazonaws\.(?:com|com\.cn|eu)|aws)$/.test(hostname);
}

/**
 * An emulator answers an operation that it does not have, and one in which it crashes, with a web page. The SDK would try ten times to read that as data and end with a
 * syntax error. AWS's own hosts are left alone: a page of theirs is an outage, and worth another attempt.
 */
export const refuseWebPages: Pluggable<object, object> = {
  applyToStack(stack) {
    stack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { hostname = "" } = args.request as { hostname?: string };
        const { statusCode = 0, headers = {} } = result.response as Answer;
        const isPage = statusCode >= 400 && headers["content-type"]?.startsWith("text/html");
        if (!isPage || isAwsHost(hostname)) return result;
        throw Object.assign(new Error(`The endpoint answered with a web page (HTTP ${statusCode}).`), {
          name: notImplemented,
        });
      },
      { step: "deserialize", priority: "low", name: "reconcileWebPages", override: true },
    );
  },
};

interface Answer {
  statusCode?: number;
  headers?: Record<string, string>;
}
