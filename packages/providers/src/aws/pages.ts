/**
 * The pages of a list, one after the other. `next` gives a page's token, undefined or empty at the end. Throws when AWS repeats a token: such a list never ends, and one that
 * is cut short must not pass for the whole.
 *
 * ```ts
 * for await (const { SecurityGroups = [] } of pages((NextToken) => aws.ec2.describeSecurityGroups({ MaxResults: 1000, NextToken }), (page) => page.NextToken)) …
 * ```
 */
export async function* pages<Page>(
  read: (token: string | undefined) => Promise<Page>,
  next: (page: Page) => string | undefined,
): AsyncGenerator<Page, void, undefined> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await read(token);
    yield page;
    token = next(page) || undefined;
    if (token !== undefined && seen.has(token)) {
      throw new Error("AWS gave the same token for the next page twice; the list cannot be read to its end.");
    }
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
}
