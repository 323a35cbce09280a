/** A person's mistake in a line of the command table: shown in the terminal, exit 1. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
