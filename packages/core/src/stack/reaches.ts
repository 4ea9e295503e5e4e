/** Is there a way along these edges from one name to another, or are they the same? */
export function reaches(edges: ReadonlyMap<string, Iterable<string>>, start: string, goal: string): boolean {
  const seen = new Set<string>();
  const pending = [start];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === goal) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    pending.push(...(edges.get(name) ?? []));
  }
  return false;
}
