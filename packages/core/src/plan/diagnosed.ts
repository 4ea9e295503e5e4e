import { DiagnosticError } from "../diagnostic.ts";
import type { Cloud } from "../resource/model.ts";

/** What calls of a cloud end with, their errors as people read them. */
export async function diagnosed<T>(cloud: Cloud, calls: Promise<T>): Promise<T> {
  try {
    return await calls;
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw new DiagnosticError(cloud.diagnose(error), { cause: error });
  }
}
