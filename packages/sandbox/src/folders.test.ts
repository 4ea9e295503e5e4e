import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { defaultCacheFolder, makeFolder } from "./folders.ts";

it.each<[string, Record<string, string>, NodeJS.Platform, string]>([
  ["XDG_CACHE_HOME", { XDG_CACHE_HOME: "/x" }, "linux", join("/x", "reconcile", "sandbox")],
  ["the home folder on Linux", {}, "linux", join(homedir(), ".cache", "reconcile", "sandbox")],
  ["Library/Caches on macOS", {}, "darwin", join(homedir(), "Library", "Caches", "reconcile", "sandbox")],
  ["LOCALAPPDATA on Windows", { LOCALAPPDATA: "/l" }, "win32", join("/l", "reconcile", "Cache", "sandbox")],
])("keeps its files in %s", (_, env, platform, folder) => {
  expect(defaultCacheFolder(env, platform)).toBe(folder);
});

it("says where else it would keep them when it may not", async () => {
  await expect(makeFolder(join(fileURLToPath(import.meta.url), "below-a-file"))).rejects.toMatchObject({
    name: "SandboxError",
    remedy: "set XDG_CACHE_HOME to a folder that may be written to",
  });
});
