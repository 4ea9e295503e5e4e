import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./paths.mjs";

const pages = execFileSync("git", ["ls-files", "*.md"], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(root, path)));

test("every link in a page leads to a file of the repository, and to a heading that is there", () => {
  expect(pages).toContain("README.md");
  expect(pages.flatMap((page) => brokenLinks(page))).toEqual([]);
});

function brokenLinks(page) {
  return linksIn(page)
    .filter((link) => !leadsSomewhere(page, link))
    .map((link) => `${page}: ${link}`);
}

/** Of this repository; code is no link. */
function linksIn(page) {
  const prose = readPage(page).replaceAll(/```.*?```|`[^`\n]*`/gs, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link).filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(page, link) {
  const [path, heading] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(root, target))) return false;
  return heading === undefined || headingsOf(target).includes(heading);
}

/** As GitHub makes anchors of them. */
function headingsOf(page) {
  const headings = [...readPage(page).matchAll(/^#+ (.*)$/gm)].map(([, text]) => text);
  return headings.map((text) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function readPage(page) {
  return readFileSync(join(root, page), "utf8");
}
