import { homedir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { defaultCacheFolder } from "./folders.ts";

it.each<[string, Record<string, string>, NodeJS.Platform, string]>([
  ["XDG_CACHE_HOME", { XDG_CACHE_HOME: "/x" }, "linux", join("/x", "reconcile", "sandbox")],
  ["the home folder on Linux", {}, "linux", join(homedir(), ".cache", "reconcile", "sandbox")],
  ["Library/Caches on macOS", {}, "darwin", join(homedir(), "Library", "Caches", "reconcile", "sandbox")],
  ["LOCALAPPDATA on Windows", { LOCALAPPDATA: "/l" }, "win32", join("/l", "reconcile", "Cache", "sandbox")],
])("keeps its files in %s", (_, env, platform, folder) => {
  expect(defaultCacheFolder(env, platform)).toBe(folder);
});
