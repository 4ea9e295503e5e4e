import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { proves } from "@reconcile/core/testing";
import { afterAll, beforeAll, describe, it } from "vitest";
import { makeFolder, reconcile } from "./testing/cli.ts";
import { wrongInputs } from "./testing/wrong-inputs.ts";

describe("a wrong input gets one readable diagnostic, and nothing is contacted", proves(12, "memory"), () => {
  const contacted: string[] = [];
  let server: Server;
  let endpoint = "";

  beforeAll(async () => {
    server = createServer((request, response) => {
      contacted.push(`${request.method} ${request.url}`);
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  it.concurrent.for(wrongInputs.map((each, index) => ({ ...each, index })))(
    "$name",
    async ({ files, args = [], env = {}, code, place, prepare, index }, { expect: check }) => {
      const cwd = makeFolder(files);
      prepare?.(cwd);
      const aws = {
        AWS_ENDPOINT_URL: `${endpoint}/${index}/`,
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_REGION: "us-east-1",
      };

      const ran = await reconcile(["plan", "--format", "json", ...args], { cwd, env: { ...aws, ...env } });

      const errors = errorsIn(ran.stdout);
      check(errors[0]).toMatchObject({ code, place: placeOf(place) });
      check(errors.map((each) => each.code)).toEqual([code]);
      check(errors.every((each) => each.remedy !== null)).toBe(true);
      check(ran.stderr).toContain(`error  ${code}`);
      check(ran.stderr).not.toMatch(/\n {4}at |node:internal/);
      check(ran.exitCode).toBe(1);
      check(contacted.filter((each) => each.includes(`/${index}/`))).toEqual([]);
    },
  );
});

/** `3:1` is in the one stack's file. */
function placeOf(place: string | undefined): string | null {
  if (place === undefined) return null;
  return /^\d+:\d+$/.test(place) ? `desired-state/a.yaml:${place}` : place;
}

interface Reported {
  code: string;
  severity: string;
  remedy: string | null;
  place: { file: string; line: number; column: number } | null;
}

function errorsIn(stdout: string) {
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Reported[] };
  const errors = diagnostics.filter((each) => each.severity === "error");
  return errors.map(({ code, remedy, place }) => ({
    code,
    remedy,
    place: place && `${place.file}:${place.line}:${place.column}`,
  }));
}
