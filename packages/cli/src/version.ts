import { readFileSync } from "node:fs";

/** Of this package. Its package.json is one folder up from the sources and from the bundle. */
export const { version, repository } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
) as {
  version: string;
  repository?: { url: string };
};
