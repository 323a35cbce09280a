/** Batches that publishers have begun on a stream and not ended. */
import { type ApiErrorBody, apiErrorBody, type InboundMessage } from "../../jetstream/index.ts";
import { type Log, seconds } from "../../kernel/index.ts";
import { type Message, messageBytes } from "../../protocol/index.ts";
import type { BatchLimitsConfig } from "../config/jetstream-config.ts";
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

/** Source: nats-server `streamDefaultMaxAtomicBatch…`, `streamDefaultMaxFastBatch…`. */
const openMax = {
  atomic: { perStream: 50, perServer: 1000 },
  fast: { perStream: 1000, perServer: 50_000 },
} as const;

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
export function keepBatch({ server, io, asset }: StreamPlace, kind: BatchKind, id: string): void {
  const name = batchTimerName(kind, id);
  const at = (io.now + moreThanNone(limitsOf(server).timeout, batchTimeout)) as typeof io.now;
  const { account, name: stream } = asset;
  io.setTimer(fullName(asset, name), at, { kind: "asset", account, stream, consumer: null, name });
}

/** The batch is not dropped any more, however long nothing is heard of it. */
export function restBatch(io: ServerIo, asset: StreamAsset, kind: BatchKind, id: string): void {
  io.clearTimer(fullName(asset, batchTimerName(kind, id)));
}

/** Whether a stream or its server has as many open batches of a kind as it may have. */
export function isFullOfBatches({ server, asset }: StreamPlace, kind: BatchKind): boolean {
  const { perStream, perServer } = limitsOf(server);
  const most = openMax[kind];
  if (asset.batches[kind].size >= moreThanNone(perStream, most.perStream)) return true;
  return openOnServer(server, kind) >= moreThanNone(perServer, most.perServer);
}

/** How many messages an atomic batch may have. Source: `streamDefaultMaxAtomicBatchSize`. */
export function atomicSizeMax(server: ServerState): number {
  return moreThanNone(limitsOf(server).size, 1000);
}

/** A limit that is not set, or below one, stands for the usual one. */
function moreThanNone(limit: number | undefined, usual: number): number {
  return limit !== undefined && limit > 0 ? limit : usual;
}

function limitsOf({ config }: ServerState): BatchLimitsConfig {
  return config.jetstream?.limits.batch ?? {};
}

function openOnServer({ jetstream }: ServerState, kind: BatchKind): number {
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
