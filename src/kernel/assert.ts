/** A bug of ours: never an answer to a client, never a person's mistake. Stops the simulation. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/**
 * Says what must hold, with the values. Stays on in production: a simulator that goes on after a
 * broken invariant teaches lies.
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** The end of a `switch` over a closed union: a new kind without a case does not compile. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`);
}
