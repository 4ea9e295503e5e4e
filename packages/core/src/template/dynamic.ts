/** How a dynamic reference starts. */
export const marker = "{{resolve:";
const reference = /\{\{resolve:[^{}]*\}\}/g;

export interface DynamicReference {
  start: number;
  end: number;
  service: string;
  name: string;
  version?: string;
}

/** Dynamic references as they may stand in a text: what is looked up, and where in the text it stood. */
export function dynamicReferencesIn(text: string): DynamicReference[] {
  return [...text.matchAll(reference)].map((match) => {
    const [whole] = match;
    const [service, ...rest] = whole.slice(marker.length, -"}}".length).split(":") as [string, ...string[]];
    const found = { start: match.index, end: match.index + whole.length, service };
    const name = rest.join(":");
    const version = /^(.+):(\d+)$/.exec(name);
    return version ? { ...found, name: String(version[1]), version: String(version[2]) } : { ...found, name };
  });
}
