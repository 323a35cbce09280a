/** Batches that publishers have begun on a stream and not ended. */
import { type ApiErrorBody, apiErrorBody, type InboundMessage } from "../../jetstream/index.ts";
import { type Log, seconds } from "../../kernel/index.ts";
import { type Message, messageBytes } from "../../protocol/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { StreamAsset } from "./jetstream-state.ts";
import type { StreamPlace } from "./stream-answer.ts";
import { checkPublishLimits } from "./stream-reservations.ts";

/** A batch that is stored whole when it commits. */
export interface AtomicBatch {
  /** Batch sequence of the last message that came. */
  last: number;
  readonly messages: Log<InboundMessage>;
}

/** A batch whose messages are stored as they come. Names follow nats-server's `fastBatch`. */
export interface FastBatch {
  /** Batch sequence of the last message that came, and of the last one stored. */
  last: number;
  stored: number;
  /** How many came that are not stored yet. */
  pending: number;
  /** Its end came, and it takes no more. */
  ending: boolean;
  /** Stream sequence of the last message stored. */
  streamLast: number;
  /** Batch sequence that the last flow message told. */
  told: number;
  /** A flow message goes out every so many messages. */
  every: number;
  readonly everyMax: number;
  readonly gapOk: boolean;
}

export interface OpenBatches {
  readonly atomic: Map<string, AtomicBatch>;
  readonly fast: Map<string, FastBatch>;
}

/** A batch of which nothing is heard for this long is dropped. Source: `streamDefaultMaxBatchTimeout`. */
const batchTimeout = seconds(10);

export type BatchKind = keyof OpenBatches;

export function createBatches(): OpenBatches {
  return { atomic: new Map(), fast: new Map() };
}

/** What a stream refuses to a message of any batch, before it looks at the batch; else null. */
export function checkBatched(
  { server, asset }: StreamPlace,
  message: Message,
): ApiErrorBody | null {
  const { config } = asset.state;
  const bytes = messageBytes(message);
  if (config.sealed) return apiErrorBody("JSStreamSealedErr");
  const exceeded = checkPublishLimits(server, asset, bytes, true);
  if (exceeded !== null) return exceeded;
  const isTooBig = config.max_msg_size >= 0 && bytes > config.max_msg_size;
  return isTooBig ? apiErrorBody("JSStreamMessageExceedsMaximumErr") : null;
}

/** The batch was heard of: it gets its time anew. */
export function keepBatch(io: ServerIo, asset: StreamAsset, kind: BatchKind, id: string): void {
  const name = batchTimerName(kind, id);
  const at = (io.now + batchTimeout) as typeof io.now;
  const { account, name: stream } = asset;
  io.setTimer(fullName(asset, name), at, { kind: "asset", account, stream, consumer: null, name });
}

/** The batch is not dropped any more, however long nothing is heard of it. */
export function restBatch(io: ServerIo, asset: StreamAsset, kind: BatchKind, id: string): void {
  io.clearTimer(fullName(asset, batchTimerName(kind, id)));
}

/** How many batches of a kind are open on all streams of a server. */
export function openOnServer({ jetstream }: ServerState, kind: BatchKind): number {
  let open = 0;
  for (const account of jetstream?.accounts.values() ?? []) {
    for (const asset of account.streams.values()) open += asset.batches[kind].size;
  }
  return open;
}

/** Ends a batch, committed or not. */
export function dropBatch(io: ServerIo, asset: StreamAsset, kind: BatchKind, id: string): void {
  if (!asset.batches[kind].delete(id)) return;
  io.clearTimer(fullName(asset, batchTimerName(kind, id)));
}

/** Ends all batches, as when the stream is deleted. */
export function dropBatches(io: ServerIo, asset: StreamAsset, kind: BatchKind): void {
  for (const id of [...asset.batches[kind].keys()]) dropBatch(io, asset, kind, id);
}

/** Which batch a timer is about, or null when it is about none. */
export function batchOfTimer(name: string): { kind: BatchKind; id: string } | null {
  const [kind, ...rest] = name.split(":");
  return kind === "atomic" || kind === "fast" ? { kind, id: rest.join(":") } : null;
}

function batchTimerName(kind: BatchKind, id: string): string {
  return `${kind}:${id}`;
}

function fullName(asset: StreamAsset, name: string): string {
  return `stream/${asset.account}/${asset.name}/${name}`;
}
