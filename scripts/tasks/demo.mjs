import { join } from "node:path";
import { bundleFile, root } from "./paths.mjs";
import { runNode } from "./process.mjs";

/** The story, in a sandbox of its own that ends with it. */
export async function demo() {
  const story = join(root, "scripts", "demo", "story.mjs");
  const { code } = await runNode([bundleFile, "sandbox", "run", "--", process.execPath, story]);
  return code;
}
