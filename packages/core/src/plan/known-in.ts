/** What a map surely has: that it does not is a mistake in the program. What was never listed must not look as if it were not there. */
export function knownIn<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`${key} is not known here`);
  return value;
}
