import { DiagnosticError } from "../diagnostic.ts";
import type { Cloud, Observed } from "../resource/model.ts";
import type { Tools } from "./converge.ts";
import { growing, lookUntil, untilEqual } from "./until.ts";

/** How long what is deleted may still be seen, as the waits between two looks in milliseconds. */
const untilGone = growing(200, 10_000, 20 * 60_000);

/** Deletes, and waits until it is gone: only then is its name free, and what it used unused. */
export async function deleteAndConfirm<C extends Cloud>(
  observed: Observed,
  { cloud, clock, type, progress, write, dataLoss }: Tools<C> & { dataLoss: boolean },
): Promise<void> {
  const send = (): Promise<void> => write(() => type.handlers.delete(cloud, observed, { dataLoss }));
  const look = async (): Promise<true | undefined> => {
    const left = await type.handlers.read(cloud, observed.identifier);
    if (!left || type.handlers.gone?.(left)) return true;
    progress("waiting until it is gone");
    return undefined;
  };
  progress("deleting");
  try {
    await send();
  } catch (error) {
    if (!cloud.mayHaveHappened?.(error)) throw error;
    // What is gone is as good as deleted: a second request does no harm.
    if (!(await lookUntil(cloud, look, untilEqual, clock))) await send();
  }
  if (await lookUntil(cloud, look, untilGone, clock)) return;
  throw new DiagnosticError({
    code: "delete.still-there",
    severity: "error",
    message: `${observed.identifier} is still there 20 minutes after its deletion was accepted.`,
    remedy: "run again later",
  });
}
