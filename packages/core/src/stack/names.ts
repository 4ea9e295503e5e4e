/** Names of stacks and projects are parts of Parameter Store names, where "aws" and "ssm" are reserved at the start. */
export function isStackName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(name) && !/^(?:aws|ssm)/i.test(name);
}

/** The rule of `isStackName`, as a remedy. */
export const stackNameRule =
  'Use a letter, then letters, digits and "-", at most 64, not starting with "aws" or "ssm".';

/** Regions' codes and accounts' ids, as they are written everywhere. */
export const regionForm = /^[a-z]{2,5}(?:-[a-z]+)+-\d{1,2}$/;
export const accountForm = /^\d{12}$/;
export const roleForm = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
