/** What streams have reserved, for whoever adds up. */
import { int64ToNumber } from "../../jetstream/index.ts";
import type { JetStreamAccount } from "./jetstream-state.ts";

/** Bytes that streams of an account have reserved by `max_bytes`. */
export function reservedBytes(
  account: JetStreamAccount,
  isMemory: boolean,
  except: string,
): number {
  let total = 0;
  for (const { name, state } of account.streams.values()) {
    const bytes = int64ToNumber(state.config.max_bytes);
    const counts = (state.config.storage === "memory") === isMemory && name !== except;
    if (counts && bytes > 0) total += bytes;
  }
  return total;
}
