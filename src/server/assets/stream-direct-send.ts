/** The messages and statuses that answer a direct get. */
import {
  type Decoded,
  type Int64,
  int64ToBigInt,
  int64ToNumber,
  lastMatch,
  lastOfSubjects,
  loadMessage,
  nextMatch,
  numPending,
  type StoredMessage,
  seqAtTime,
  wholeNumber,
} from "../../jetstream/index.ts";
import { formatStoredTime, parseStoredTime, type StreamSeq } from "../../kernel/index.ts";
import {
  appendHeader,
  createMessage,
  emptyBytes,
  encodeHeaders,
  type Headers,
  textBytes,
} from "../../protocol/index.ts";
import { publishInternal } from "../interest/route.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { StreamAsset } from "./jetstream-state.ts";

/** Where an answer comes from and goes to. */
export interface DirectAnswer {
  readonly server: ServerState;
  readonly io: ServerIo;
  readonly asset: StreamAsset;
  readonly reply: string;
}

/** Subjects that one `multi_last` request may ask for. */
const lastsMax = 1024;

/** One message, or a batch that ends with a status. Source: nats-server `getDirectRequest`. */
export function sendDirectBatch(answer: DirectAnswer, request: Decoded): void {
  const { store } = answer.asset.state;
  const time = timeOf(request.start_time);
  const filter = textOf(request.next_by_subj);
  let seq = time === null ? sequence(request.seq) : seqAtTime(store, time);
  const batch = wholeNumber(request, "batch");
  const isBatch = batch !== 0;
  const filters = filter === "" ? [] : [filter];
  let pending = isBatch ? numPending(store, filters, seq) : 0;
  let last = 0;
  let sent = 0;
  const most = byteLimit(answer, request);
  for (let i = 0; i < (isBatch ? batch : 1); i++) {
    const found = pick(answer, request, { seq, isFirst: i === 0, isBatch });
    if (found === null) {
      if (batch > 1 && i > 0) break;
      return sendStatus(answer, 404, "Message Not Found");
    }
    seq = (found.seq + 1) as StreamSeq;
    // Without headers there is nobody to tell, and the server does not count.
    if (pending > 0 && request.no_hdr !== true) pending -= 1;
    const progress: Headers = isBatch ? batchHeaders(pending, last) : [];
    send(answer, found, { progress, isBare: request.no_hdr === true });
    last = found.seq;
    sent += weight(found);
    if (sent >= most) break;
  }
  if (isBatch) sendStatus(answer, 204, "EOB", batchHeaders(pending, last));
}

/** The last message of each subject that matches. Source: nats-server `getDirectMulti`. */
export function sendDirectLasts(answer: DirectAnswer, request: Decoded): void {
  const { store } = answer.asset.state;
  let upTo = sequence(request.up_to_seq);
  const time = timeOf(request.up_to_time);
  if (time !== null) {
    upTo = seqAtTime(store, time);
    if (upTo <= store.seqFirst) return sendStatus(answer, 404, "No Results");
    upTo = (upTo - 1) as StreamSeq;
  }
  if (upTo === 0) upTo = store.seqLast;
  const filters = (request.multi_last as readonly string[]).filter((filter) => filter !== "");
  // A file store finds no block for a sequence that is still to come: `selectMsgBlockWithIndex`.
  const isBeyond = answer.asset.state.config.storage === "file" && upTo > store.seqLast;
  const all = filters.length === 0 || isBeyond ? [] : lastOfSubjects(store, filters, upTo);
  if (all.length > lastsMax) return sendStatus(answer, 413, "Too Many Results");
  const from = sequence(request.seq);
  const seqs = all.filter((seq) => seq >= from);
  if (seqs.length === 0) return sendStatus(answer, 404, "No Results");
  const most = byteLimit(answer, request);
  const batch = wholeNumber(request, "batch");
  let pending = seqs.length;
  let last = 0;
  let sent = 0;
  for (const [i, seq] of seqs.entries()) {
    const found = loadMessage(store, seq);
    if (found === null) return sendStatus(answer, 404, "Message Not Found");
    pending -= 1;
    send(answer, found, { progress: batchHeaders(pending, last), isBare: false });
    last = seq;
    sent += weight(found);
    if (sent >= most || (batch > 0 && i + 1 >= batch)) break;
  }
  const exact = Number.isSafeInteger(upTo)
    ? String(upTo)
    : String(int64ToBigInt((request.up_to_seq ?? 0) as Int64));
  const end: Headers = [...batchHeaders(pending, last), ["Nats-UpTo-Sequence", exact]];
  sendStatus(answer, 204, "EOB", end);
}

/** A message without payload whose header block begins with a status. */
export function sendStatus(
  answer: DirectAnswer,
  code: number,
  description: string,
  headers: Headers = [],
): void {
  publish(answer, encodeHeaders(headers, code, description), emptyBytes);
}

interface Wanted {
  readonly seq: StreamSeq;
  readonly isFirst: boolean;
  readonly isBatch: boolean;
}

function pick(answer: DirectAnswer, request: Decoded, wanted: Wanted): StoredMessage | null {
  const { store } = answer.asset.state;
  const filter = textOf(request.next_by_subj);
  let seq: StreamSeq | null;
  if (filter !== "") seq = nextMatch(store, [filter], wanted.seq);
  else if (wanted.seq === 0) seq = lastMatch(store, textOf(request.last_by_subj));
  // Only a single get wants exactly this message; a batch steps over holes.
  else if (wanted.isFirst && !wanted.isBatch) seq = wanted.seq;
  else seq = nextMatch(store, [], wanted.seq);
  return seq === null ? null : loadMessage(store, seq);
}

interface Shown {
  readonly progress: Headers;
  /** Without any headers, not even those that say where it is from. */
  readonly isBare: boolean;
}

function send(answer: DirectAnswer, found: StoredMessage, shown: Shown): void {
  if (shown.isBare) return publish(answer, null, found.payload);
  const origin: Headers = [
    ["Nats-Stream", answer.asset.name],
    ["Nats-Subject", found.subject],
    ["Nats-Sequence", String(found.seq)],
    ["Nats-Time-Stamp", formatStoredTime(found.time)],
    ...shown.progress,
  ];
  let { headers } = found;
  if (headers === null) headers = encodeHeaders(origin);
  else for (const [name, value] of origin) headers = appendHeader(headers, name, value);
  publish(answer, headers, found.payload);
}

function publish(answer: DirectAnswer, headers: Uint8Array | null, payload: Uint8Array): void {
  const message = createMessage(answer.reply, null, headers, payload);
  publishInternal(answer.server, answer.io, { account: answer.asset.account, message });
}

function batchHeaders(pending: number, last: number): Headers {
  return [
    ["Nats-Num-Pending", String(pending)],
    ["Nats-Last-Sequence", String(last)],
  ];
}

/** Bytes after which a batch ends; at least one message is sent. */
function byteLimit(answer: DirectAnswer, request: Decoded): number {
  const asked = wholeNumber(request, "max_bytes");
  return asked === 0 ? answer.server.config.limits.maxPending : asked;
}

function weight({ subject, headers, payload }: StoredMessage): number {
  return textBytes(subject) + (headers?.length ?? 0) + payload.length;
}

function sequence(value: unknown): StreamSeq {
  return int64ToNumber((value ?? 0) as Int64) as StreamSeq;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function timeOf(value: unknown): ReturnType<typeof parseStoredTime> {
  return typeof value === "string" ? parseStoredTime(value) : null;
}
