/** Puts in place what an archive holds: a stream, its consumers, its messages. */
import {
  ApiError,
  type ConsumerConfig,
  consumerFilters,
  createConsumer,
  type Decoded,
  decodeSavedConsumer,
  GoDecodeError,
  type Int64,
  int64ToBigInt,
  messageTtl,
  restoreConsumer,
} from "../../jetstream/index.ts";
import {
  addToStoredTime,
  type ConsumerSeq,
  compareStoredTime,
  createTable,
  epochSeconds,
  type StreamSeq,
  sortedKeys,
  tableSet,
  type VirtualNanos,
  virtualAt,
} from "../../kernel/index.ts";
import { decodeText, getHeader } from "../../protocol/index.ts";
import { takeUp } from "../assets/consumers/consumer-asset.ts";
import { checkNewConsumer } from "../assets/consumers/consumer-create.ts";
import { consumerPath, unneededFrom } from "../assets/consumers/consumer-effects.ts";
import { consumerGround, consumerScene } from "../assets/consumers/consumer-scene.ts";
import type { JetStreamAccount, StreamAsset } from "../assets/jetstream-state.ts";
import { adviseStreamAction } from "../assets/stream-advisories.ts";
import { applyEntry, applyToStream } from "../assets/stream-apply.ts";
import { activateStream, placeNewStream } from "../assets/stream-asset.ts";
import { findAccount, findStream } from "../assets/stream-lookup.ts";
import { accountLimits, checkReservation } from "../assets/stream-reservations.ts";
import { clusterParts } from "../cluster-door.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { type ArchiveEntry, isArchiveEnd } from "./archive.ts";
import type { Restore, RestoredConsumer } from "./backup-state.ts";
import { checkArchivedState, readArchivedState } from "./restore-state.ts";

/** What makes a restore fail, other than an error of the API; the text stands in the answer. */
export class RestoreError extends Error {
  override readonly name = "RestoreError";
}

export interface RestorePlace {
  readonly server: ServerState;
  readonly io: ServerIo;
  readonly restore: Restore;
}

/** Takes the next entry. Throws `RestoreError` and `ApiError`. */
export function restoreEntry(place: RestorePlace, entry: ArchiveEntry): void {
  const { restore } = place;
  if (restore.phase === "state") beginStream(place, entry);
  else if (restore.phase === "consumers") keepConsumer(place, entry);
  else if (restore.phase === "messages") restoreMessage(place, entry);
  if (restore.phase === "consumers" && restore.consumersLeft === 0) restore.phase = "messages";
}

/**
 * The stream begins to work with what it has, whole or not.
 * Source: nats-server `completeRestore`, of the consumers before that of the stream.
 */
export function activate(place: RestorePlace): void {
  const { server, io, restore } = place;
  const asset = findStream(server, restore.request.account, restore.stream);
  if (asset === null || restore.phase === "state") return;
  for (const one of restore.consumers) beginConsumer(place, asset, one);
  activateStream(server, io, asset);
  if (asset.consumers.size === 0) return;
  for (const seq of unneededFrom(asset, 0)) {
    applyToStream(server, io, asset, { kind: "remove", seq, reason: "acked" });
  }
}

function beginStream(place: RestorePlace, entry: ArchiveEntry): void {
  const { server, io, restore } = place;
  const { config } = restore;
  if (entry.name !== "state.json") throw new RestoreError("expected state.json first");
  const state = readArchivedState(decodeText(entry.payload));
  checkArchivedState(state);
  const account = findAccount(server, restore.request.account);
  if (account === null) throw new ApiError("JSNotEnabledForAccountErr");
  if (account.streams.has(config.name)) throw new ApiError("JSStreamNameExistRestoreFailedErr");
  checkRoom(server, account, restore, state.bytes);
  const asset = placeRestored(place, account);
  restore.firstSeq = state.firstSeq;
  restore.lastSeq = state.lastSeq;
  restore.consumersLeft = state.consumers;
  restore.seq = Math.max(state.firstSeq - 1, 0);
  restore.phase = "consumers";
  const ahead = restore.seq - asset.state.store.seqLast;
  // An empty file store stands before its first message then, and no longer before everything.
  applyEntry(server, io, asset, { kind: "skip", seqs: Math.max(ahead, 0) });
}

/** A member of a group tells that it made a stream when it begins to lead it. */
function placeRestored({ server, io, restore }: RestorePlace, account: JetStreamAccount) {
  const { config, assigned } = restore;
  const created = restore.created ?? io.wall;
  const group = assigned?.group ?? null;
  if (group !== null) {
    const asset = clusterParts().placeAwaited(server, account, restore, { created, group });
    if (asset === null) throw new RestoreError("raft: node is closed");
    return asset;
  }
  const asset = placeNewStream(server, io, account, { config, created });
  adviseStreamAction(server, io, asset, "create");
  return asset;
}

/** What it will hold counts as held from the beginning. */
function checkRoom(
  server: ServerState,
  account: JetStreamAccount,
  { config }: Restore,
  bytes: number,
): void {
  checkReservation(server, account, config, Math.max(Number(config.max_bytes), bytes));
  const limits = accountLimits(server, account.name);
  const isMemory = config.storage === "memory";
  const most = isMemory ? limits.maxMemory : limits.maxFile;
  const used = isMemory ? account.memory : account.storage;
  if (most < 0 || used + bytes <= most) return;
  throw new ApiError(isMemory ? "JSMemoryResourcesExceededErr" : "JSStorageResourcesExceededErr");
}

function keepConsumer(place: RestorePlace, entry: ArchiveEntry): void {
  const { server, io, restore } = place;
  const asset = streamOf(place);
  if (!entry.name.startsWith("consumers/")) {
    throw new RestoreError(`expected consumer, found ${JSON.stringify(entry.name)}`);
  }
  const name = entry.name.slice("consumers/".length);
  const { config: saved, state } = readConsumer(name, decodeText(entry.payload));
  const config = checkedConsumer(place, name, saved);
  const identity = {
    ...consumerGround(server, asset),
    name: config.durable_name === "" ? name : config.durable_name,
    created: restore.isLegacy ? entry.time : io.wall,
    onDisk: asset.path !== null && !config.mem_storage,
  };
  const { store } = createConsumer(identity, config, consumerScene(server, io, asset));
  if (store === null) throw new RestoreError(`consumer ${JSON.stringify(name)} keeps no state`);
  const row: RestoredConsumer = { name: identity.name, config, store };
  takeSavedState(row, state, virtualAt(io.wall));
  restore.consumers.push(row);
  restore.consumersLeft -= 1;
}

interface SavedConsumer {
  readonly config: ConsumerConfig;
  readonly state: Decoded;
}

function readConsumer(name: string, text: string): SavedConsumer {
  const quoted = JSON.stringify(name);
  try {
    const { config, state } = decodeSavedConsumer(text);
    if (config === null) throw new RestoreError(`consumer ${quoted} is missing config`);
    if (state === null) throw new RestoreError(`consumer ${quoted} is missing state`);
    return { config, state };
  } catch (error) {
    if (!(error instanceof GoDecodeError)) throw error;
    throw new RestoreError(`failed to decode consumer ${quoted} state: ${error.message}`);
  }
}

function checkedConsumer(place: RestorePlace, name: string, saved: ConsumerConfig): ConsumerConfig {
  const { server, restore } = place;
  const others = restore.consumers.map(({ name: other, config }) => {
    return { name: other, config, filters: consumerFilters(config) };
  });
  try {
    return checkNewConsumer(server, streamOf(place), saved, others);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { description, err_code } = error.body;
    const quoted = JSON.stringify(name);
    throw new RestoreError(`failed to add consumer ${quoted}: ${description} (${err_code})`);
  }
}

/**
 * An older state than the one in which the consumer begins is not taken over.
 * Source: nats-server `consumerFileStore.Update`, `setStoreState`.
 */
function takeSavedState(
  { name, store }: RestoredConsumer,
  state: Decoded,
  wall: VirtualNanos,
): void {
  const delivered = pairOf(state.delivered as Decoded | undefined);
  const floor = pairOf(state.ack_floor as Decoded | undefined);
  const fail = (text: string): never => {
    throw new RestoreError(`failed to set consumer ${JSON.stringify(name)} state: ${text}`);
  };
  if (floor.consumer > delivered.consumer) fail("bad ack floor for consumer");
  if (floor.stream > delivered.stream) fail("bad ack floor for stream");
  const pending: typeof store.pending = createTable();
  const pendingRows = (state.pending ?? {}) as { readonly [seq: string]: Decoded };
  for (const [key, row] of Object.entries(pendingRows)) {
    const seq = Number(key);
    if (seq <= floor.stream || seq > delivered.stream) {
      fail(`bad pending entry, sequence [${key}] out of range`);
    }
    const at = whenDelivered(row, wall);
    const consumerSeq = Number(row.Sequence ?? 0) as ConsumerSeq;
    tableSet(pending, seq as StreamSeq, { consumerSeq, at });
  }
  const isOld = delivered.consumer < store.deliveredConsumer || floor.stream < store.floorStream;
  if (isOld) return;
  store.deliveredConsumer = delivered.consumer as ConsumerSeq;
  store.deliveredStream = delivered.stream as StreamSeq;
  store.floorConsumer = floor.consumer as ConsumerSeq;
  store.floorStream = floor.stream as StreamSeq;
  store.pending = pending;
  const redelivered = (state.redelivered ?? {}) as { readonly [seq: string]: Int64 };
  for (const key of sortedKeys(new Map(Object.entries(redelivered)))) {
    tableSet(store.redelivered, Number(key) as StreamSeq, Number(redelivered[key]));
  }
  store.written = true;
}

/**
 * Deadlines are exact within 104 days: what a backup from another time says is moved there, and
 * never into the future.
 */
function whenDelivered(row: Decoded, wall: VirtualNanos): number {
  const epochNanos = BigInt(epochSeconds) * 1_000_000_000n;
  const at = Number(int64ToBigInt((row.Timestamp as Int64 | undefined) ?? 0) - epochNanos);
  return Math.min(Math.max(at, wall - Number.MAX_SAFE_INTEGER / 2), wall);
}

function pairOf(value: Decoded | undefined): { consumer: number; stream: number } {
  return { consumer: Number(value?.consumer_seq ?? 0), stream: Number(value?.stream_seq ?? 0) };
}

function beginConsumer({ server, io }: RestorePlace, asset: StreamAsset, one: RestoredConsumer) {
  const { name, store } = one;
  const onDisk = asset.path !== null && !one.config.mem_storage;
  const { created } = store;
  const identity = { ...consumerGround(server, asset), name, created, onDisk };
  const consumer = restoreConsumer(identity, store, consumerScene(server, io, asset));
  const place = { server, io, asset, consumer };
  const path = consumerPath(place);
  if (path !== null) {
    io.disk.open(path, () => store);
    io.disk.wrote(path, 0);
  }
  takeUp(place);
}

function restoreMessage(place: RestorePlace, entry: ArchiveEntry): void {
  const { server, io, restore } = place;
  const { seq, headers, payload } = entry;
  const asset = streamOf(place);
  if (isArchiveEnd(entry)) {
    skip(place, restore.lastSeq - restore.seq);
    restore.phase = "done";
    return;
  }
  if (seq === 0) throw new RestoreError("expected message sequence");
  checkSize(place, entry);
  if (seq <= restore.seq) throw new RestoreError(`message sequence ${seq} out of order`);
  skip(place, seq - restore.seq - 1);
  const block = headers.length === 0 ? null : headers;
  const ttlSeconds = messageTtl(block);
  if (ttlSeconds === null) {
    throw new RestoreError("failed to parse message TTL: invalid per-message TTL");
  }
  const expiry = addToStoredTime(entry.time, ttlSeconds * 1e9);
  if (ttlSeconds > 0 && compareStoredTime(io.wall, expiry) > 0) {
    skip(place, 1);
    return;
  }
  restore.seq = seq;
  const { name: subject, time } = entry;
  // The older restore lets the stream read its files, which brings ids back too.
  const msgId = restore.isLegacy ? (getHeader(block, "Nats-Msg-Id") ?? "") : "";
  const rest = { msgId, rollup: "", ttlSeconds, keep: true } as const;
  applyEntry(server, io, asset, { kind: "store", subject, headers: block, payload, time, ...rest });
}

function checkSize({ server, restore }: RestorePlace, entry: ArchiveEntry): void {
  const size = entry.headers.length + entry.payload.length;
  const most = restore.config.max_msg_size;
  if (size > server.config.limits.maxPayload) {
    throw new RestoreError(`message sequence ${entry.seq} exceeds maximum payload size`);
  }
  if (most >= 0 && size > most) {
    throw new RestoreError(`message sequence ${entry.seq} exceeds maximum message size`);
  }
}

function skip(place: RestorePlace, seqs: number): void {
  const { server, io, restore } = place;
  if (seqs <= 0) return;
  applyEntry(server, io, streamOf(place), { kind: "skip", seqs });
  restore.seq += seqs;
}

function streamOf({ server, restore }: RestorePlace): StreamAsset {
  const asset = findStream(server, restore.request.account, restore.stream);
  if (asset === null) throw new RestoreError("store is closed");
  return asset;
}
