/** What of a secret must not be found in any output: the whole and each of its parts, which colons part, plain and in every encoding. */
export function canaryForms(secret: string): string[] {
  const html = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return [secret, ...secret.split(":")].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    JSON.stringify(JSON.stringify(text)).slice(3, -3),
    encodeURIComponent(text),
    html(text),
    html(text).replaceAll('"', "&quot;"),
    ...[0, 1, 2].map((offset) => {
      const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
      return bytes.toString("base64").slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
    }),
  ]);
}
