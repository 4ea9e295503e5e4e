/** The sandbox cannot be installed, started or reached. `remedy` is what the person can do about it, often one command. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}
