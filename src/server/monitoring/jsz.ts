/** `/jsz`: JetStream on this server, its accounts, streams and consumers. */

import { formatStoredTime, sortedKeys } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import type { JetStreamAccount, JetStreamState, StreamAsset } from "../assets/jetstream-state.ts";
import type { ConsumerId } from "../assets/replicas.ts";
import { reservedBytes } from "../assets/reserved-bytes.ts";
import { clusterOf, findAssignment } from "../cluster/cluster-state.ts";
import { clusterParts } from "../cluster-door.ts";
import { defaultJetStream } from "../config/jetstream-config.ts";
import { jetStreamParts } from "../doors/jetstream-door.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { apiLevel } from "../version.ts";
import { metaCluster } from "./cluster-pages.ts";
import { type Query, QueryError, queryBool, queryInteger } from "./monitor-query.ts";

/** Source: nats-server `JSLimitOpts`; what is not set is not shown. */
export function jetStreamLimits({ config }: ServerState): Record<string, JsonLike> {
  const { limits } = config.jetstream ?? defaultJetStream;
  const { batch = {} } = limits;
  const set = (value = 0): number | undefined => (value === 0 ? undefined : value);
  return {
    max_request_batch: set(limits.maxRequestBatch),
    max_ack_pending: set(limits.maxAckPending),
    max_ha_assets: set(limits.maxHaAssets),
    max_duplicate_window: set(limits.duplicateWindow),
    max_batch_inflight_per_stream: set(batch.perStream),
    max_batch_inflight_total: set(batch.perServer),
    max_batch_size: set(batch.size),
    max_batch_timeout: set(batch.timeout),
    default_max_consumers: set(limits.defaultMaxConsumers),
  };
}

const accountsMax = 1024;

interface Shown {
  readonly accounts: boolean;
  readonly streams: boolean;
  readonly consumers: boolean;
  /** Those of mirrors and sources too. */
  readonly directConsumers: boolean;
  readonly config: boolean;
  /** Names of Raft groups, and who leads how many. */
  readonly raft: boolean;
  /** Streams that this server leads, and no others. */
  readonly ledOnly: boolean;
}

/** Source: nats-server `Jsz`; fields in the order of `JSInfo`. */
export function jsz(server: ServerState, io: ServerIo, query: Query): Record<string, JsonLike> {
  const consumers = queryBool(query, "consumers");
  const streams = queryBool(query, "streams") || consumers;
  const account = query.get("acc") ?? "";
  const accounts = queryBool(query, "accounts") || (streams && account === "");
  const shown: Shown = {
    accounts,
    streams,
    consumers,
    directConsumers: queryBool(query, "direct-consumers"),
    config: queryBool(query, "config"),
    raft: queryBool(query, "raft"),
    ledOnly: queryBool(query, "stream-leader-only"),
  };
  const paging = { offset: queryInteger(query, "offset"), limit: queryInteger(query, "limit") };
  queryBool(query, "leader-only");
  const { jetstream } = server;
  const head = { server_id: server.id, now: formatStoredTime(io.wall) };
  if (jetstream === null)
    return { ...jetStreamStats(server), ...head, disabled: true, ...noCounts };
  const names = selectAccounts(jetstream, account, shown, paging);
  const details = names.flatMap((name) => {
    const found = jetstream.accounts.get(name);
    return found === undefined ? [] : [accountDetail(server, io, found, shown)];
  });
  return {
    ...jetStreamStats(server),
    ...head,
    config: jetStreamConfig(server),
    limits: jetStreamLimits(server),
    ...counts(server, jetstream, shown.raft),
    meta_cluster: metaCluster(server, io),
    account_details: details.length === 0 ? undefined : details,
    total: jetstream.accounts.size,
  };
}

/** Source: nats-server `JszAccount`. Throws {@link QueryError}. */
export function jszAccount(
  server: ServerState,
  io: ServerIo,
  name: string,
  query: Query,
): Record<string, JsonLike> {
  if (server.jetstream === null) throw new QueryError("jetstream not enabled");
  const quoted = JSON.stringify(name);
  if (!server.accounts.has(name)) throw new QueryError(`account ${quoted} not found`);
  const account = server.jetstream.accounts.get(name);
  if (account === undefined) throw new QueryError(`account ${quoted} not jetstream enabled`);
  return accountDetail(server, io, account, {
    accounts: false,
    streams: queryBool(query, "streams"),
    consumers: queryBool(query, "consumers"),
    directConsumers: queryBool(query, "direct-consumers"),
    config: queryBool(query, "config"),
    raft: queryBool(query, "raft"),
    ledOnly: queryBool(query, "stream-leader-only"),
  });
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
    ha_assets: countReplicated(server),
    api: {
      level: jetstream === null ? 0 : apiLevel,
      total: jetstream?.apiTotal ?? 0,
      errors: jetstream?.apiErrors ?? 0,
    },
  };
}

/** Members of the Raft groups of assets. Source: nats-server `numHAAssets`. */
function countReplicated({ groups }: ServerState): number {
  let count = 0;
  for (const { kind } of groups?.values() ?? []) if (kind !== "meta") count += 1;
  return count;
}

/** Source: nats-server `JetStreamConfig`. */
export function jetStreamConfig(server: ServerState): Record<string, JsonLike> {
  const { jetstream, config } = server;
  if (jetstream === null || config.jetstream === null) return {};
  const { syncInterval, strict, maxMemory, maxFile } = config.jetstream;
  return {
    max_memory: jetstream.memoryMax,
    max_storage: jetstream.storageMax,
    store_dir: `${jetstream.storeDir === "" ? "/tmp/nats" : jetstream.storeDir}/jetstream`,
    sync_interval: syncInterval ?? undefined,
    sync_always: syncInterval === null ? true : undefined,
    domain: jetstream.domain === "" ? undefined : jetstream.domain,
    // Limits that follow from the host are in a configuration that says nothing of compression.
    compress_ok: maxMemory > 0 && maxFile > 0 ? true : undefined,
    strict: strict ? true : undefined,
  };
}

function counts(
  server: ServerState,
  jetstream: JetStreamState,
  isLed: boolean,
): Record<string, JsonLike> {
  const sums = { streams: 0, led: 0, consumers: 0, consumersLed: 0, messages: 0, bytes: 0 };
  for (const { name: account, streams } of jetstream.accounts.values()) {
    sums.streams += streams.size;
    for (const { name: stream, consumers, state } of streams.values()) {
      for (const { config } of consumers.values()) if (!config.direct) sums.consumers += 1;
      sums.messages += state.store.messages;
      sums.bytes += state.store.bytes;
      if (!isLed) continue;
      if (leadsStreamHere(server, account, stream)) sums.led += 1;
      for (const [consumer, { config }] of consumers) {
        if (config.direct) continue;
        if (leadsConsumerHere(server, { account, stream, consumer })) sums.consumersLed += 1;
      }
    }
  }
  return {
    streams: sums.streams,
    streams_leader: sums.led === 0 ? undefined : sums.led,
    consumers: sums.consumers,
    consumers_leader: sums.consumersLed === 0 ? undefined : sums.consumersLed,
    messages: sums.messages,
    bytes: sums.bytes,
  };
}

/** What is not in a cluster leads itself. */
function leadsStreamHere(server: ServerState, account: string, stream: string): boolean {
  return clusterOf(server) === null || clusterParts().leadsStream(server, account, stream);
}

function leadsConsumerHere(server: ServerState, id: ConsumerId): boolean {
  return clusterOf(server) === null || clusterParts().leadsConsumer(server, id);
}

function selectAccounts(
  jetstream: JetStreamState,
  account: string,
  shown: Shown,
  paging: { readonly offset: number; readonly limit: number },
): string[] {
  if (jetstream.accounts.has(account)) return [account];
  if (!shown.accounts) return [];
  const offset = Math.max(paging.offset, 0);
  const limit = paging.limit === 0 ? accountsMax : paging.limit;
  if (limit < 0) return sortedKeys(jetstream.accounts);
  return sortedKeys(jetstream.accounts).slice(offset, offset + limit);
}

function accountDetail(
  server: ServerState,
  io: ServerIo,
  account: JetStreamAccount,
  shown: Shown,
): Record<string, JsonLike> {
  const limits = server.accounts.get(account.name)?.config.jetstream;
  const streams = sortedKeys(account.streams).flatMap((name) => {
    const asset = account.streams.get(name);
    if (asset === undefined) return [];
    if (shown.ledOnly && !leadsStreamHere(server, account.name, name)) return [];
    return [streamDetail(server, io, asset, shown)];
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
  const { state, name, consumers, account } = asset;
  const { clusterOfStream, infoOf, printOrigins, printState, printStreamConfig } = jetStreamParts();
  const infosOf = (isDirect: boolean): JsonLike[] | undefined => {
    const infos = sortedKeys(consumers).flatMap((key): JsonLike[] => {
      const consumer = consumers.get(key);
      if (consumer === undefined || consumer.config.direct !== isDirect) return [];
      const info = infoOf({ server, io, asset, consumer }, "list");
      return [shown.config ? info : { ...info, config: undefined }];
    });
    return infos.length === 0 ? undefined : infos;
  };
  return {
    name,
    created: formatStoredTime(state.created),
    cluster: clusterOfStream({ server, io }, asset),
    config: shown.config ? printStreamConfig(state.config) : undefined,
    state: printState(asset),
    consumer_detail: shown.consumers ? infosOf(false) : undefined,
    direct_consumer_detail: shown.consumers && shown.directConsumers ? infosOf(true) : undefined,
    ...printOrigins({ server, io }, asset),
    ...(shown.raft ? groupNames(server, account, name, shown.consumers) : {}),
  };
}

/** Source: nats-server `StreamDetail`, `RaftGroupDetail`. */
function groupNames(
  server: ServerState,
  account: string,
  stream: string,
  areConsumersShown: boolean,
): Record<string, JsonLike> {
  const cluster = clusterOf(server);
  const assignment = cluster === null ? null : findAssignment(cluster, account, stream);
  if (assignment === null) return {};
  const groups = sortedKeys(assignment.consumers).map((name) => ({
    name,
    raft_group: assignment.consumers.get(name)?.spec.group.name,
  }));
  const shown = areConsumersShown && groups.length > 0 ? groups : undefined;
  return { stream_raft_group: assignment.spec.group.name, consumer_raft_groups: shown };
}
