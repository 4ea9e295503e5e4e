/** The command line makes no sense, or cannot be served here: exit code 64. `remedy` is what to write instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}
