// Values of keys: reading them, writing them, their history.
// Source of subjects, headers and texts: nats.go jetstream `kv.go`; ADR-8.

import { createInbox, type Msg, type MsgHdrs, headers as newHeaders } from "@nats-io/nats-core";
import { parseStoredTime, type StoredTime, zeroStoredTime } from "../../../../kernel/index.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { goDuration } from "../../../render/durations.ts";
import { apiRequest, apiSubject, parseReply } from "../api.ts";
import { connect } from "../connection.ts";
import { createConsumer } from "../consumer/create.ts";
import { type NatsContext, timeoutMs } from "../context.ts";
import { ApiFailure, asCommandError, clientFaultText, noResponders } from "../failures.ts";
import { parseAckSubject } from "../metadata.ts";
import { createQueue, subscribeInto, take } from "../waiting.ts";
import type { PubAck } from "../wire.ts";
import type { Bucket } from "./bucket.ts";

export type Operation = "PUT" | "DELETE" | "PURGE";

export interface Entry {
  readonly key: string;
  readonly revision: number;
  readonly operation: Operation;
  readonly created: StoredTime;
  readonly value: Uint8Array;
}

const keyNotFound = "nats: key not found";

export function checkKey(key: string): void {
  const isValid = /^[-/_=.a-zA-Z0-9]+$/.test(key) && !key.startsWith(".") && !key.endsWith(".");
  if (!isValid) throw new CommandError("nats: invalid key");
}

export function keySubject(bucket: Bucket, key: string): string {
  return `$KV.${bucket.name}.${key}`;
}

function operationOf(headers: MsgHdrs | undefined): Operation {
  const operation = headers?.get("KV-Operation") ?? "";
  if (operation === "DEL") return "DELETE";
  if (operation === "PURGE") return "PURGE";
  // What the server itself leaves behind when a value expires or is removed (ADR-43).
  const reason = headers?.get("Nats-Marker-Reason") ?? "";
  if (reason === "MaxAge" || reason === "Purge") return "PURGE";
  return reason === "Remove" ? "DELETE" : "PUT";
}

/** What a key holds, markers of deletion included; null when it holds nothing. */
export async function readEntry(
  ctx: NatsContext,
  bucket: Bucket,
  { key, revision }: { readonly key: string; readonly revision: number },
): Promise<Entry | null> {
  const connection = await connect(ctx);
  const subject = keySubject(bucket, key);
  const verb = `DIRECT.GET.${bucket.stream}${revision > 0 ? "" : `.${subject}`}`;
  const body = revision > 0 ? JSON.stringify({ seq: revision }) : "";
  const reply = await connection.request(apiSubject(ctx, verb), body, { timeout: timeoutMs(ctx) });
  const { headers, data } = reply;
  if (headers?.code !== 0 || headers.get("Nats-Subject") !== subject) return null;
  return {
    key,
    revision: Number(headers.get("Nats-Sequence")),
    operation: operationOf(headers),
    created: parseStoredTime(headers.get("Nats-Time-Stamp")) ?? zeroStoredTime,
    value: data,
  };
}

/** The value of a key. Throws CommandError when there is none. */
export async function getEntry(
  ctx: NatsContext,
  bucket: Bucket,
  place: { readonly key: string; readonly revision: number },
): Promise<Entry> {
  checkKey(place.key);
  const entry = await readEntry(ctx, bucket, place);
  if (entry?.operation !== "PUT") throw new CommandError(keyNotFound);
  return entry;
}

export interface Write {
  readonly key: string;
  readonly value: Uint8Array;
  readonly operation?: "DEL" | "PURGE";
  /** The revision that must be the last of the key; 0: there must be none. */
  readonly expected?: number;
  /** Nanoseconds until the value goes by itself; 0 for never. */
  readonly ttl?: number;
}

/** Stores and waits for the acknowledgement. Throws CommandError in the client's words. */
export async function writeEntry(ctx: NatsContext, bucket: Bucket, write: Write): Promise<PubAck> {
  checkKey(write.key);
  const connection = await connect(ctx);
  const headers = newHeaders();
  if (write.operation) headers.set("KV-Operation", write.operation);
  if (write.operation === "PURGE") headers.set("Nats-Rollup", "sub");
  if (write.expected !== undefined) {
    headers.set("Nats-Expected-Last-Subject-Sequence", String(write.expected));
  }
  if (write.ttl) headers.set("Nats-TTL", goDuration(write.ttl));
  try {
    const reply = await connection.request(keySubject(bucket, write.key), write.value, {
      timeout: timeoutMs(ctx),
      ...(headers.keys().length > 0 ? { headers } : {}),
    });
    return parseReply<PubAck>(reply.string());
  } catch (error) {
    if (error instanceof ApiFailure) throw error;
    const failure = asCommandError(error);
    const isLost = failure.message === noResponders;
    throw isLost ? new CommandError("nats: no response from stream") : failure;
  }
}

/** The client's words for a write that the stream refused. */
export function refusalText(error: ApiFailure): string {
  return `nats: ${clientFaultText(error.fault)}`;
}

export interface Reading {
  /** Which keys; `>` for all. */
  readonly filter: string;
  readonly history: boolean;
  readonly headersOnly: boolean;
}

/** Entries in the order stored: the last of each key, or with `history` all that are kept. */
export async function readEntries(
  ctx: NatsContext,
  bucket: Bucket,
  { filter, history, headersOnly }: Reading,
): Promise<Entry[]> {
  const info = await createConsumer(ctx, bucket.stream, {
    ack_policy: "none",
    deliver_policy: history ? "all" : "last_per_subject",
    replay_policy: "instant",
    num_replicas: 1,
    mem_storage: true,
    max_deliver: 1,
    inactive_threshold: 300e9,
    filter_subject: keySubject(bucket, filter),
    headers_only: headersOnly,
  });
  const entries: Entry[] = [];
  while (entries.length < info.num_pending) {
    const batch = await pullBatch(ctx, bucket, info.name);
    if (batch.length === 0) break;
    entries.push(...batch);
  }
  await apiRequest(ctx, `CONSUMER.DELETE.${bucket.stream}.${info.name}`);
  return entries;
}

const batchSize = 500;

async function pullBatch(ctx: NatsContext, bucket: Bucket, consumer: string): Promise<Entry[]> {
  const connection = await connect(ctx);
  const inbox = createQueue<Msg>();
  const reply = createInbox(ctx.globals.inboxPrefix || undefined);
  const subscription = subscribeInto(connection, inbox, { subject: reply });
  const subject = apiSubject(ctx, `CONSUMER.MSG.NEXT.${bucket.stream}.${consumer}`);
  connection.publish(subject, JSON.stringify({ batch: batchSize, no_wait: true }), { reply });
  const entries: Entry[] = [];
  while (entries.length < batchSize) {
    const message = await take(inbox, timeoutMs(ctx));
    const delivery = parseAckSubject(message?.reply);
    if (message === null || delivery === null) break;
    entries.push({
      key: message.subject.slice(keySubject(bucket, "").length),
      revision: delivery.streamSeq,
      operation: operationOf(message.headers),
      created: delivery.time,
      value: message.data,
    });
    if (delivery.pending === 0) break;
  }
  subscription.unsubscribe();
  return entries;
}

/** All that is kept of a key. Throws CommandError when that is nothing. */
export async function historyOf(ctx: NatsContext, bucket: Bucket, key: string): Promise<Entry[]> {
  checkKey(key);
  const entries = await readEntries(ctx, bucket, {
    filter: key,
    history: true,
    headersOnly: false,
  });
  if (entries.length === 0) throw new CommandError(keyNotFound);
  return entries;
}

/** Text as it is when every byte is printable ASCII, else in base64. */
export function valueText(value: Uint8Array): string {
  const isText = value.every((byte) => byte >= 32 && byte < 127);
  const text = Array.from(value, (byte) => String.fromCharCode(byte)).join("");
  return isText ? text : btoa(text);
}

/** A value cut in its middle for a table. */
export function shortValue(value: Uint8Array): string {
  const text = valueText(value);
  return text.length > 40 ? `${text.slice(0, 15)}...${text.slice(-15)}` : text;
}
