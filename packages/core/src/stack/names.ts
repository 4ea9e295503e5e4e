/** Names of stacks and projects are parts of Parameter Store names, where "aws" and "ssm" are reserved at the start. */
export function isStackName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(name) && !/^(?:aws|ssm)/i.test(name);
}

export const stackNameRule =
  'Use a letter, then letters, digits and "-", at most 64, not starting with "aws" or "ssm".';
