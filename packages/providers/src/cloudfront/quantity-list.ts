/** A list as the API wraps it. */
export function listed<T>(
  list: readonly T[] | undefined,
): { Quantity: number; Items: T[] | undefined } & { Items: T[] } {
  const Items = list?.length ? [...list] : undefined;
  return { Quantity: list?.length ?? 0, Items: Items as T[] };
}

/** What is in the wrapping; undefined: nothing. */
export function items<T>(list: { Items?: T[] | undefined } | undefined): T[] | undefined {
  return list?.Items?.length ? list.Items : undefined;
}
