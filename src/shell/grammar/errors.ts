/** A mistake in what a person typed that a usage line answers: exit 1. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A failure of a command that a sentence on stderr answers: `nats: error: …`, exit 1. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Ends a command at once with this exit code; whatever is to be said has been said. */
export class ExitError extends Error {
  override readonly name = "ExitError";
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
