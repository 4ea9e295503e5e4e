import { z } from "zod";

/** What names of IAM are made of. */
export const nameCharacters = "a-zA-Z0-9+=,.@_-";

/** A slash, or a text that begins and ends with one. */
export const path = z
  .string()
  .max(512)
  .regex(/^\/(?:[!-~]+\/)?$/);
