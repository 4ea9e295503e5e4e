import type { DiagnosticError } from "@reconcile/core";
import { expect, it, vi } from "vitest";
import { currentAddress } from "./current-address.ts";

function answering(answer: () => Response) {
  vi.stubGlobal("fetch", async () => answer());
}

it.each([
  ["203.0.113.10\n", "203.0.113.10/32"],
  ["2001:db8::1", "2001:db8::1/128"],
])("the address with which AWS sees this machine is let in as a network: %j", async (text, cidr) => {
  answering(() => new Response(text));
  expect(await currentAddress()).toBe(cidr);
});

it.each<[string, () => Response]>([
  ["a page to log in", () => new Response("<html></html>")],
  ["a whole network", () => new Response("203.0.0.0/8")],
  ["an error", () => new Response("203.0.113.10", { status: 503 })],
  [
    "nothing",
    () => {
      throw new TypeError("fetch failed");
    },
  ],
])("%s is no address", async (_, answer) => {
  answering(answer);
  const failure = await currentAddress().catch((error: unknown) => error);
  expect((failure as DiagnosticError).diagnostics.map((each) => each.code)).toEqual(["address.unknown"]);
});
