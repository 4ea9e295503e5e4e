import { hasCode } from "./errors.ts";

/**
 * What comes first, then what goes, so that there is no moment without either. The other way round where AWS says with the code `full` that there is no room for both: `come`
 * is then called a second time.
 */
export async function inTurn(full: string, come: () => Promise<void>, go: () => Promise<void>): Promise<void> {
  try {
    await come();
  } catch (error) {
    if (!hasCode(error, full)) throw error;
    await go();
    return come();
  }
  await go();
}
