import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/** As GitHub reads it, raw HTML included: what gets through here would get through there. */
export function html(markdown: string): string {
  return micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });
}

export function tagsIn(rendered: string): string[] {
  return [...rendered.matchAll(/<\/?([a-z][a-z0-9]*)[^>]*>/g)].map((tag) => tag[1] ?? "");
}

export function textIn(rendered: string): string {
  return rendered
    .replace(/<[^>]*>/g, "")
    .replaceAll("\u200b", "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
