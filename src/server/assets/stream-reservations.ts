/** Limits of server and account: how many streams, how many bytes. */
import {
  ApiError,
  type ApiErrorBody,
  apiErrorBody,
  int64ToNumber,
  type StreamConfig,
} from "../../jetstream/index.ts";
import { type AccountJetStreamConfig, unlimitedJetStream } from "../config/jetstream-config.ts";
import type { ServerState } from "../state.ts";
import type { JetStreamAccount, StreamAsset } from "./jetstream-state.ts";
import { reservedBytes, usedBytes } from "./reserved-bytes.ts";

/** The account's limits; -1 is none. */
export function accountLimits(server: ServerState, account: string): AccountJetStreamConfig {
  return server.accounts.get(account)?.config.jetstream ?? unlimitedJetStream;
}

/**
 * What server and account say to a message that would take `bytes` more, or null.
 * Source: nats-server `limitsExceeded`, `wouldExceedLimits`.
 */
export function checkPublishLimits(
  server: ServerState,
  asset: StreamAsset,
  bytes: number,
  isKept: boolean,
): ApiErrorBody | null {
  const js = server.jetstream;
  const account = js?.accounts.get(asset.account);
  if (js === null || account === undefined) return null;
  const isMemory = asset.state.config.storage === "memory";
  if (usedBytes(js, isMemory) > (isMemory ? js.memoryMax : js.storageMax)) {
    return apiErrorBody("JSInsufficientResourcesErr");
  }
  if (!isKept) return null;
  const limits = accountLimits(server, asset.account);
  const most = isMemory ? limits.maxMemory : limits.maxFile;
  const used = isMemory ? account.memory : account.storage;
  return most >= 0 && used + bytes > most ? apiErrorBody("JSAccountResourcesExceededErr") : null;
}

/**
 * Throws when a new stream, or the growth of one, does not fit. `others` leaves the stream itself
 * out; `extra` is what it asks for in addition.
 * Source: nats-server `checkLimits`, `checkBytesLimits`.
 */
export function checkReservation(
  server: ServerState,
  account: JetStreamAccount,
  config: StreamConfig,
  extra: number,
): void {
  const js = server.jetstream;
  if (js === null) return;
  const limits = accountLimits(server, account.name);
  const consumers = int64ToNumber(config.max_consumers);
  if (consumers > 0 && limits.maxConsumers > 0) {
    if (consumers > limits.maxConsumers) throw new ApiError("JSMaximumConsumersLimitErr");
  }
  const isMemory = config.storage === "memory";
  const error = isMemory ? "JSMemoryResourcesExceededErr" : "JSStorageResourcesExceededErr";
  // A stream without a limit of its own asks for one byte.
  const asked = extra < 0 ? 1 : extra;
  const accountMost = isMemory ? limits.maxMemory : limits.maxFile;
  const others = reservedBytes(account, isMemory, config.name);
  const own = account.streams.get(config.name)?.state.config;
  const kept = own === undefined ? 0 : Math.max(int64ToNumber(config.max_bytes) - extra, 0);
  if (accountMost >= 0 && others + kept + asked > accountMost) throw new ApiError(error);
  const serverMost = isMemory ? js.memoryMax : js.storageMax;
  let reserved = 0;
  for (const one of js.accounts.values()) reserved += reservedBytes(one, isMemory, "");
  if (reserved + asked > serverMost) throw new ApiError(error);
}
