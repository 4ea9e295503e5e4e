import { readFile, stat } from "node:fs/promises";
import { DiagnosticError, type PlanDocument, parseApproval } from "@reconcile/core";
import { UsageError } from "./usage.ts";

/** No plan of a stack that AWS could hold is longer. */
const mostBytes = 100_000_000;
const savedWith = "name what reconcile --plan --output FILE.json has saved";

/** The plan that was saved in a file. Rejects with a UsageError where there is no such file, and with a DiagnosticError for whatever else it holds. */
export async function readApproval(file: string): Promise<PlanDocument> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new UsageError(`--plan-file: there is no file ${file}.`, savedWith);
  if (found.size > mostBytes) throw new UsageError(`--plan-file: ${file} is too long to be a plan.`, savedWith);
  try {
    return parseApproval(await readFile(file, "utf8"));
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const place = { file, line: 1, column: 1 };
    throw new DiagnosticError(error.diagnostics.map((each) => ({ ...each, place })));
  }
}
