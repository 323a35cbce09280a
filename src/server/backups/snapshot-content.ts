/** What a snapshot holds: the stream's state, its consumers, its messages. */
import {
  type ConsumerState,
  type ConsumerStore,
  inactiveDefault,
  loadMessage,
  nextMatch,
  printConsumerConfig,
} from "../../jetstream/index.ts";
import {
  epochSeconds,
  type StoredTime,
  type StreamSeq,
  type Table,
  tableEach,
} from "../../kernel/index.ts";
import {
  concatBytes,
  emptyBytes,
  encodeJson,
  encodeS2Chunk,
  encodeText,
  type JsonLike,
  s2Identifier,
} from "../../protocol/index.ts";
import type { ApiFields } from "../api/route-shape.ts";
import { printState } from "../api/stream-info.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";
import { type ArchiveEntry, archiveEnd, beginArchive, encodeEntry } from "./archive.ts";
import type { Snapshot } from "./backup-state.ts";

/** So many bytes are compressed together. Source: the default of `s2.NewWriter`. */
const blockSize = 1 << 20;

/** Fixes what the snapshot holds, and begins it. Answers the state that the reply tells. */
export function beginContent(snapshot: Snapshot, asset: StreamAsset, now: StoredTime): ApiFields {
  const { store } = asset.state;
  const state = printState(asset);
  const consumers = snapshot.hasConsumers ? consumersOf(asset) : [];
  const shown = { ...state, consumer_count: consumers.length };
  snapshot.seqNext = store.seqFirst;
  snapshot.seqLast = store.seqLast;
  const entries = [
    jsonEntry("state.json", now, shown),
    ...consumers.map((one) => consumerEntry(one, asset, now)),
  ];
  snapshot.entries = beginArchive(entries);
  snapshot.ready = s2Identifier();
  return state;
}

/** Reads on until `size` bytes are ready, or all. */
export function readContent(snapshot: Snapshot, asset: StreamAsset, size: number): void {
  while (snapshot.ready.length < size && !snapshot.isWhole) {
    const parts = [snapshot.entries];
    let bytes = snapshot.entries.length;
    while (bytes < blockSize && !snapshot.isWhole) {
      const entry = nextMessage(snapshot, asset);
      snapshot.isWhole = entry === null;
      const encoded = encodeEntry(entry ?? archiveEnd);
      for (const part of encoded) bytes += part.length;
      parts.push(...encoded);
    }
    compressEntries(snapshot, concatBytes(parts));
  }
}

/** Takes bytes that are ready: `size` of them, or what there is. */
export function takeContent(snapshot: Snapshot, size: number): Uint8Array {
  const taken = snapshot.ready.slice(0, size);
  snapshot.ready = snapshot.ready.slice(taken.length);
  return taken;
}

function compressEntries(snapshot: Snapshot, bytes: Uint8Array): void {
  const chunks = [snapshot.ready];
  let at = 0;
  while (bytes.length - at >= blockSize || (snapshot.isWhole && at < bytes.length)) {
    chunks.push(encodeS2Chunk(bytes.subarray(at, at + blockSize)));
    at = Math.min(at + blockSize, bytes.length);
  }
  snapshot.entries = bytes.slice(at);
  snapshot.ready = concatBytes(chunks);
}

function nextMessage(snapshot: Snapshot, asset: StreamAsset): ArchiveEntry | null {
  const { store } = asset.state;
  const seq = nextMatch(store, [], snapshot.seqNext as StreamSeq);
  const stored = seq === null || seq > snapshot.seqLast ? null : loadMessage(store, seq);
  if (stored === null) return null;
  snapshot.seqNext = stored.seq + 1;
  const { subject: name, time, headers, payload } = stored;
  return { name, time, seq: stored.seq, headers: headers ?? emptyBytes, payload };
}

/** Those that the server's stores know: not the ones that keep nothing. */
function consumersOf(asset: StreamAsset): ConsumerState[] {
  return [...asset.consumers.values()].filter(({ store }) => store !== null);
}

/** Source: nats-server `SnapshotConsumerState`, `writeConsumerMsg`. */
function consumerEntry(
  { name, config, store }: ConsumerState,
  asset: StreamAsset,
  now: StoredTime,
): ArchiveEntry {
  const { seqLast } = asset.state.store;
  const state = store === null ? {} : printStore(store, seqLast, asset.replica !== undefined);
  // What the server gives every consumer without a durable name is not kept.
  const isGiven = config.durable_name === "" && config.inactive_threshold === inactiveDefault;
  const kept = isGiven ? { ...config, inactive_threshold: 0 } : config;
  const shown = { config: printConsumerConfig({ ...kept, name }), state };
  return jsonEntry(`consumers/${name}`, now, shown);
}

/**
 * In a cluster only the ack floor is known for sure: what may be pending is delivered again.
 * Source: nats-server `streamSnapshotV2`, `consumerStateFromInfo`.
 */
function printStore(store: ConsumerStore, seqLast: number, isReplicated: boolean): JsonLike {
  const floor = pair(store.floorConsumer, Math.min(store.floorStream, seqLast));
  const delivered = pair(store.deliveredConsumer, Math.min(store.deliveredStream, seqLast));
  if (isReplicated) {
    return { delivered: store.pending.size > 0 ? floor : delivered, ack_floor: floor };
  }
  return {
    delivered,
    ack_floor: floor,
    pending: printTable(store.pending, seqLast, ({ consumerSeq, at }) => ({
      Sequence: consumerSeq,
      Timestamp: BigInt(epochSeconds) * 1_000_000_000n + BigInt(at),
    })),
    redelivered: printTable(store.redelivered, seqLast, (count) => count),
  };
}

function pair(consumer: number, stream: number): JsonLike {
  return { consumer_seq: consumer, stream_seq: stream };
}

/** Rows up to the last sequence of the snapshot, by sequence; nothing when there are none. */
function printTable<V>(
  table: Table<StreamSeq, V>,
  seqLast: number,
  print: (value: V) => JsonLike,
): JsonLike {
  const rows: { [seq: string]: JsonLike } = {};
  let isEmpty = true;
  tableEach(table, (value, seq) => {
    if (seq > seqLast) return;
    rows[seq] = print(value);
    isEmpty = false;
  });
  return isEmpty ? undefined : rows;
}

function jsonEntry(name: string, time: StoredTime, value: JsonLike): ArchiveEntry {
  const payload = encodeText(encodeJson(value));
  return { name, time, seq: 0, headers: emptyBytes, payload };
}
