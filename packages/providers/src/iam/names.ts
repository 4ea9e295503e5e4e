import { z } from "zod";

/** What names of IAM are made of. */
export const nameCharacters = "a-zA-Z0-9+=,.@_-";

/** The name of a policy, on its own or in a role. */
export const policyName = z
  .string()
  .min(1)
  .max(128)
  .regex(new RegExp(`^[${nameCharacters}]+$`));

/** A slash, or a text that begins and ends with one. */
export const path = z
  .string()
  .max(512)
  .regex(/^\/(?:[!-~]+\/)?$/);
