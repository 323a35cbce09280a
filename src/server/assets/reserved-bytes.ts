/** What streams have reserved and what they take, for whoever adds up. */
import { int64ToNumber } from "../../jetstream/index.ts";
import type { JetStreamAccount, JetStreamState } from "./jetstream-state.ts";

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

/** Bytes that the streams of all accounts take. */
export function usedBytes(js: JetStreamState, isMemory: boolean): number {
  let used = 0;
  for (const account of js.accounts.values()) used += isMemory ? account.memory : account.storage;
  return used;
}
