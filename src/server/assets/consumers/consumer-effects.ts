/** Performs what a consumer's core decided. */

import {
  type ConsumerEffect,
  type ConsumerEntry,
  type ConsumerState,
  type DeliverEffect,
  loadMessage,
  needsAck,
  type StatusEffect,
} from "../../../jetstream/index.ts";
import { assert, type StreamSeq, unreachable } from "../../../kernel/index.ts";
import {
  appendHeader,
  createMessage,
  emptyBytes,
  encodeHeaders,
  type Message,
} from "../../../protocol/index.ts";
import { clusterParts } from "../../cluster-door.ts";
import { publishInternal } from "../../interest/route.ts";
import type { ServerIo } from "../../io.ts";
import type { AssetTimer } from "../../server-timer.ts";
import type { ServerState } from "../../state.ts";
import { trace } from "../../trace-record.ts";
import type { StreamAsset } from "../jetstream-state.ts";
import { groupOfConsumer } from "../replicas/stream-replica.ts";
import { adviseConsumer } from "./consumer-advisories.ts";

/** What performing effects left to do for whoever asked. */
export interface Aftermath {
  /** Messages that no consumer needs any more: the stream removes them. */
  readonly unneeded: StreamSeq[];
  /** Deliveries that reached nobody: the consumer is told. */
  readonly undelivered: DeliverEffect[];
  /** Resets that the group agreed upon: whoever asked is answered. */
  readonly resets: { readonly reply: string; readonly seq: StreamSeq }[];
  /** The consumer has been unused for too long and is to be deleted. */
  isInactive: boolean;
}

/** A consumer with the server and the stream it lives in. */
export interface ConsumerPlace {
  readonly server: ServerState;
  readonly io: ServerIo;
  readonly asset: StreamAsset;
  readonly consumer: ConsumerState;
}

/** Where a consumer's durable state stands on the disk; null when it is in memory only. */
export function consumerPath(place: ConsumerPlace): string | null {
  const { asset, consumer } = place;
  if (asset.path === null || consumer.store === null || consumer.config.mem_storage) return null;
  let path = paths.get(consumer);
  if (path === undefined) {
    path = `${consumersFolder(asset.path)}${consumer.name}/state`;
    paths.set(consumer, path);
  }
  return path;
}

/** Holds no state: a path is asked for with every ack, and stays while the consumer lives. */
const paths = new WeakMap<ConsumerState, string>();

/** Where the consumers of a stream stand, given the path of its messages. */
export function consumersFolder(streamPath: string): string {
  return streamPath.replace(/msgs$/, "obs/");
}

/** Performs effects in their order. */
export function performConsumerEffects(
  place: ConsumerPlace,
  effects: readonly ConsumerEffect[],
): Aftermath {
  const aftermath: Aftermath = { unneeded: [], undelivered: [], resets: [], isInactive: false };
  for (let i = 0; i < effects.length; i++) {
    const effect = effects[i];
    if (effect !== undefined) perform(place, effect, aftermath);
  }
  return aftermath;
}

/** Messages from `from` on that no consumer of the stream needs. */
export function unneededFrom(asset: StreamAsset, from: number): StreamSeq[] {
  const { store } = asset.state;
  const unneeded: StreamSeq[] = [];
  for (let seq = Math.max(from, store.seqFirst); seq <= store.seqLast; seq++) {
    if (isUnneeded(asset, seq as StreamSeq)) unneeded.push(seq as StreamSeq);
  }
  return unneeded;
}

/** The name under which the machine keeps a timer of this consumer. */
export function consumerTimerName(place: ConsumerPlace, name: string): string {
  const { asset, consumer } = place;
  return `consumer/${asset.account}/${asset.name}/${consumer.name}/${name}`;
}

function perform(place: ConsumerPlace, effect: ConsumerEffect, aftermath: Aftermath): void {
  const { server, io, asset, consumer } = place;
  switch (effect.kind) {
    case "deliver":
      if (!deliver(place, effect)) aftermath.undelivered.push(effect);
      return;
    case "status":
      sendStatus(place, effect);
      return;
    case "ack-reply":
      send(place, createMessage(effect.to, null, null, emptyBytes));
      return;
    case "advisory": {
      const { account, name: stream } = asset;
      const of = { account, stream, consumer: consumer.name };
      if (effect.advisory.kind === "max-deliveries") traceExhausted(place, effect.advisory);
      adviseConsumer(server, io, of, effect.advisory);
      return;
    }
    case "set-timer": {
      const timer = timerOf(place, effect.name);
      io.setTimer(consumerTimerName(place, effect.name), effect.at, timer);
      return;
    }
    case "clear-timer":
      io.clearTimer(consumerTimerName(place, effect.name));
      return;
    case "released":
      if (isUnneeded(asset, effect.seq)) aftermath.unneeded.push(effect.seq);
      return;
    case "review":
      aftermath.unneeded.push(...unneededFrom(asset, effect.from));
      return;
    case "saved":
      noteWritten(place, effect.bytes);
      return;
    case "inactive":
      aftermath.isInactive = true;
      return;
    case "propose":
      proposeEntry(place, effect.entry);
      return;
    case "reset-done":
      aftermath.resets.push(effect);
      return;
    default:
      unreachable(effect);
  }
}

function deliver(place: ConsumerPlace, effect: DeliverEffect): boolean {
  const { io, asset, consumer, server } = place;
  const { seq, to, reply, deliveries } = effect;
  const stored = loadMessage(asset.state.store, seq);
  if (stored === null) return true;
  let { headers, payload } = stored;
  if (consumer.config.headers_only) {
    headers = appendHeader(headers, "Nats-Msg-Size", String(payload.length));
    payload = emptyBytes;
  }
  if (effect.pin !== null) headers = appendHeader(headers, "Nats-Pin-Id", effect.pin);
  if (io.tracing) {
    const { account, name: stream } = asset;
    const size = (headers?.length ?? 0) + payload.length;
    trace(server, io, deliveries > 1 ? "redeliver" : "deliver", {
      account,
      stream,
      consumer: consumer.name,
      subject: to,
      seq,
      consumerSeq: consumerSeqOf(reply),
      count: deliveries,
      size,
      detail: stored.subject,
    });
  }
  const message = createMessage(stored.subject, reply, headers, payload);
  return publishInternal(server, io, { account: asset.account, message, to });
}

/** About what an entry of a consumer's log takes; more exact is not worth the look. */
const entryBytes = 24;

/** Lost when this server does not lead any more: then it may not change what was agreed. */
function proposeEntry({ server, asset, consumer }: ConsumerPlace, entry: ConsumerEntry): void {
  const group = groupOfConsumer(server, asset, consumer.name);
  assert(group !== null, `${consumer.name} proposes without a group`);
  clusterParts().propose(server, group, Object.freeze(entry), entryBytes);
}

/** The consumer sequence stands third from the end of an ack subject. */
function consumerSeqOf(reply: string): number {
  return Number(reply.split(".").at(-3) ?? "0");
}

function sendStatus(place: ConsumerPlace, effect: StatusEffect): void {
  const { server, io, asset, consumer } = place;
  const { to, code, description, reply } = effect;
  if (io.tracing) {
    const { account, name: stream } = asset;
    const detail = `${code} ${description}`;
    trace(server, io, "status", { account, stream, consumer: consumer.name, subject: to, detail });
  }
  const headers = encodeHeaders(effect.headers, code, description);
  send(place, createMessage(to, reply, headers, emptyBytes));
}

function send({ server, io, asset }: ConsumerPlace, message: Message): void {
  publishInternal(server, io, { account: asset.account, message });
}

function traceExhausted(
  { server, io, asset, consumer }: ConsumerPlace,
  { stream_seq: seq, deliveries: count }: { stream_seq: number; deliveries: number },
): void {
  const { account, name: stream } = asset;
  trace(server, io, "max-deliver", { account, stream, consumer: consumer.name, seq, count });
}

/** Whether a message can go: interest and workqueue streams keep what a consumer needs. */
export function isUnneeded(asset: StreamAsset, seq: StreamSeq): boolean {
  const { config, store } = asset.state;
  if (config.retention === "limits") return false;
  const stored = loadMessage(store, seq);
  if (stored === null) return false;
  for (const consumer of asset.consumers.values()) {
    if (needsAck(consumer, config, stored)) return false;
  }
  return true;
}

function timerOf({ asset, consumer }: ConsumerPlace, name: string): AssetTimer {
  const { account, name: stream } = asset;
  return { kind: "asset", account, stream, consumer: consumer.name, name };
}

function noteWritten(place: ConsumerPlace, bytes: number): void {
  const path = consumerPath(place);
  if (path === null) return;
  place.io.disk.wrote(path, bytes);
}
