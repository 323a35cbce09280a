/** `/jsz`: JetStream on this server, its accounts, streams and consumers. */
import { printStreamConfig } from "../../jetstream/index.ts";
import { formatStoredTime, sortedKeys } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import { printState } from "../api/stream-info.ts";
import { infoOf } from "../assets/consumers/consumer-create.ts";
import type { JetStreamAccount, JetStreamState, StreamAsset } from "../assets/jetstream-state.ts";
import { reservedBytes } from "../assets/stream-reservations.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { apiLevel } from "../version.ts";
import { type Query, queryBool, queryInteger } from "./monitor-query.ts";

/** Source: `JsDefaultMaxConsumers` as 2.15.2 shows it. */
export const jetStreamLimits = { default_max_consumers: 1000 };
const accountsMax = 1024;

interface Shown {
  readonly accounts: boolean;
  readonly streams: boolean;
  readonly consumers: boolean;
  readonly config: boolean;
}

/** Source: nats-server `Jsz`; fields in the order of `JSInfo`. */
export function jsz(server: ServerState, io: ServerIo, query: Query): Record<string, JsonLike> {
  const consumers = queryBool(query, "consumers");
  const streams = queryBool(query, "streams") || consumers;
  const account = query.get("acc") ?? "";
  const accounts = queryBool(query, "accounts") || (streams && account === "");
  const shown = { accounts, streams, consumers, config: queryBool(query, "config") };
  const { jetstream } = server;
  const head = { server_id: server.id, now: formatStoredTime(io.wall) };
  if (jetstream === null)
    return { ...jetStreamStats(server), ...head, disabled: true, ...noCounts };
  const names = selectAccounts(jetstream, account, shown, query);
  const details = names.flatMap((name) => {
    const found = jetstream.accounts.get(name);
    return found === undefined ? [] : [accountDetail(server, io, found, shown)];
  });
  return {
    ...jetStreamStats(server),
    ...head,
    config: jetStreamConfig(server),
    limits: jetStreamLimits,
    ...counts(jetstream),
    account_details: details.length === 0 ? undefined : details,
    total: jetstream.accounts.size,
  };
}

const noCounts = { streams: 0, consumers: 0, messages: 0, bytes: 0, total: 0 };

/** Source: nats-server `JetStreamStats`. */
export function jetStreamStats(server: ServerState): Record<string, JsonLike> {
  const { jetstream } = server;
  const sums = { memory: 0, storage: 0, reserved_memory: 0, reserved_storage: 0 };
  for (const account of jetstream?.accounts.values() ?? []) {
    sums.memory += account.memory;
    sums.storage += account.storage;
    sums.reserved_memory += reservedBytes(account, true, "");
    sums.reserved_storage += reservedBytes(account, false, "");
  }
  return {
    ...sums,
    accounts: jetstream?.accounts.size ?? 0,
    ha_assets: 0,
    api: {
      level: apiLevel,
      total: jetstream?.apiTotal ?? 0,
      errors: jetstream?.apiErrors ?? 0,
    },
  };
}

/** Source: nats-server `JetStreamConfig`. */
export function jetStreamConfig(server: ServerState): Record<string, JsonLike> {
  const { jetstream, config } = server;
  if (jetstream === null || config.jetstream === null) return {};
  const { syncInterval, strict } = config.jetstream;
  return {
    max_memory: jetstream.memoryMax,
    max_storage: jetstream.storageMax,
    store_dir: jetstream.storeDir,
    sync_interval: syncInterval ?? undefined,
    sync_always: syncInterval === null ? true : undefined,
    domain: jetstream.domain === "" ? undefined : jetstream.domain,
    compress_ok: true,
    strict: strict ? true : undefined,
  };
}

function counts(jetstream: JetStreamState): Record<string, JsonLike> {
  const sums = { streams: 0, consumers: 0, messages: 0, bytes: 0 };
  for (const { streams } of jetstream.accounts.values()) {
    sums.streams += streams.size;
    for (const { consumers, state } of streams.values()) {
      sums.consumers += consumers.size;
      sums.messages += state.store.messages;
      sums.bytes += state.store.bytes;
    }
  }
  return sums;
}

function selectAccounts(
  jetstream: JetStreamState,
  account: string,
  shown: Shown,
  query: Query,
): string[] {
  if (jetstream.accounts.has(account)) return [account];
  if (!shown.accounts) return [];
  const offset = Math.max(queryInteger(query, "offset"), 0);
  const limit = queryInteger(query, "limit") || accountsMax;
  return sortedKeys(jetstream.accounts).slice(offset, offset + limit);
}

function accountDetail(
  server: ServerState,
  io: ServerIo,
  account: JetStreamAccount,
  shown: Shown,
): JsonLike {
  const limits = server.accounts.get(account.name)?.config.jetstream;
  const streams = sortedKeys(account.streams).flatMap((name) => {
    const asset = account.streams.get(name);
    return asset === undefined ? [] : [streamDetail(server, io, asset, shown)];
  });
  return {
    name: account.name,
    id: account.name,
    memory: account.memory,
    storage: account.storage,
    reserved_memory: unsigned(limits?.maxMemory ?? 0),
    reserved_storage: unsigned(limits?.maxFile ?? 0),
    accounts: 0,
    ha_assets: 0,
    api: { level: 0, total: account.apiTotal, errors: account.apiErrors },
    stream_detail: shown.streams && streams.length > 0 ? streams : undefined,
  };
}

/** nats-server turns the -1 of "no limit" into an unsigned number. */
function unsigned(limit: number): JsonLike {
  return limit < 0 ? BigInt.asUintN(64, BigInt(limit)) : limit;
}

function streamDetail(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  shown: Shown,
): JsonLike {
  const { state, name, consumers } = asset;
  const infos = sortedKeys(consumers).flatMap((key): JsonLike[] => {
    const consumer = consumers.get(key);
    if (consumer === undefined) return [];
    const info = infoOf({ server, io, asset, consumer }, "list");
    return [shown.config ? info : { ...info, config: undefined }];
  });
  return {
    name,
    created: formatStoredTime(state.created),
    cluster: { leader: server.name },
    config: shown.config ? printStreamConfig(state.config) : undefined,
    state: printState(asset),
    consumer_detail: shown.consumers && infos.length > 0 ? infos : undefined,
  };
}
