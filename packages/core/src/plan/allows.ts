/** What was allowed by name. */
export interface Allowances {
  /** Logical ids of any stack of the run, `stack/LogicalId`, or `all`. */
  allowDelete: readonly string[];
}

/** A resource as the command line names it. */
export interface Named {
  stack: { stack: { name: string } };
  logicalId: string;
}

export function allows({ allowDelete }: Allowances, resource: Named): boolean {
  return allowDelete.includes("all") || isNamed(allowDelete, resource);
}

export function isNamed(names: readonly string[], { stack, logicalId }: Named): boolean {
  return names.includes(logicalId) || names.includes(`${stack.stack.name}/${logicalId}`);
}
