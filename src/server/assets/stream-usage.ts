/** How many bytes the streams of an account hold. */
import type { StreamState } from "../../jetstream/index.ts";
import type { JetStreamAccount } from "./jetstream-state.ts";

/** Counts bytes that came (or, below 0, went) in a stream of the account. */
export function countBytes(account: JetStreamAccount, state: StreamState, bytes: number): void {
  if (state.config.storage === "memory") account.memory += bytes;
  else account.storage += bytes;
}
