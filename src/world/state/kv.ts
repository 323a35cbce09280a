/** Key-value buckets, read from the streams that carry them (ADR-8: `KV_BUCKET`, `$KV.BUCKET.key`). */
import { lastOfSubjects, loadMessage, type StreamState } from "../../jetstream/index.ts";
import { getHeader } from "../../protocol/index.ts";
import type { World } from "../world.ts";
import { findStreams } from "./streams.ts";

const streamPrefix = "KV_";
const decoder = new TextDecoder();

/** By bucket: the keys that have a value, with that value and its revision. */
export function kvSection(world: World): Readonly<Record<string, unknown>> {
  const buckets: Record<string, unknown> = {};
  for (const { name, asset } of findStreams(world)) {
    if (!asset.name.startsWith(streamPrefix)) continue;
    const bucket = asset.name.slice(streamPrefix.length);
    const account = name.slice(0, name.length - asset.name.length);
    buckets[`${account}${bucket}`] = { keys: keysOf(asset.state, bucket) };
  }
  return buckets;
}

function keysOf(stream: StreamState, bucket: string): Readonly<Record<string, unknown>> {
  const prefix = `$KV.${bucket}.`;
  const keys: Record<string, unknown> = {};
  for (const seq of lastOfSubjects(stream.store, [`${prefix}>`], stream.store.seqLast)) {
    const message = loadMessage(stream.store, seq);
    // ADR-8: KV-Operation is DEL or PURGE for a key that was removed; ADR-48: a limit marker.
    const isGone =
      message === null ||
      getHeader(message.headers, "KV-Operation") !== null ||
      getHeader(message.headers, "Nats-Marker-Reason") !== null;
    if (isGone) continue;
    const value = decoder.decode(message.payload);
    keys[message.subject.slice(prefix.length)] = { value, revision: seq };
  }
  return keys;
}
