/** Key-value buckets as rows of revisions (ADR-8: `KV_BUCKET`, `$KV.BUCKET.key`). */
import {
  int64ToNumber,
  lastMatch,
  loadMessage,
  messageSubject,
  type StreamState,
} from "../../../jetstream/index.ts";
import { compareStrings, type StreamSeq, streamSeq } from "../../../kernel/index.ts";
import { decodeText, subjectMatches } from "../../../protocol/index.ts";
import type { KeyView, KvView, RevisionView, WatcherView } from "../../frames-features.ts";
import { type FoundStream, syncedUpTo } from "../assets.ts";
import { consumerId, streamId } from "../names.ts";
import { durationText } from "../rows.ts";
import { nameOf } from "./lane-marks.ts";
import type { Listeners } from "./listeners.ts";
import { isShown } from "./need.ts";
import { lifeOf, stoneOf } from "./tape-marks.ts";

export const rowsMost = 8;
/** Revisions of a key that are shown. */
const revisionsMost = 6;
/** Sequences that are looked at for the keys that changed last. */
const lookBack = 400;
const valueLetters = 24;

export function viewKv(stream: FoundStream, listeners: Listeners): KvView {
  const name = stream.plain.slice("KV_".length);
  const prefix = `$KV.${name}.`;
  const watchers = watchersOf(stream, prefix, listeners);
  const found = lastChanged(stream.state, prefix);
  const keys = found.subjects
    .slice(0, rowsMost)
    .sort(compareStrings)
    .map((subject) => viewKey(stream, subject, prefix, watchers));
  const view = {
    kind: "kv",
    id: `bucket:${stream.name}`,
    stream: streamId(stream.name),
    ...{ name, keys, watchers, note: noteOf(stream) },
    hasMore: found.hasMore,
  } as const;
  return { ...view, say: sayKv(view) };
}

/** Subjects under a prefix in the order in which they changed last, newest first. */
export function lastChanged(
  { store }: StreamState,
  prefix: string,
): { readonly subjects: string[]; readonly hasMore: boolean } {
  const subjects = new Set<string>();
  let seq: number = store.seqLast;
  const end = Math.max(store.seqFirst, seq - lookBack);
  for (; seq >= end && seq > 0 && subjects.size <= rowsMost; seq -= 1) {
    const subject = messageSubject(store, streamSeq(seq));
    if (subject?.startsWith(prefix)) subjects.add(subject);
  }
  const hasMore = subjects.size > rowsMost || (store.messages > 0 && seq >= store.seqFirst);
  return { subjects: [...subjects], hasMore };
}

function viewKey(
  stream: FoundStream,
  subject: string,
  prefix: string,
  watchers: readonly WatcherView[],
): KeyView {
  const { store, config } = stream.state;
  const synced = syncedUpTo(stream);
  const depth = Math.min(revisionsMost, Math.max(1, int64ToNumber(config.max_msgs_per_subject)));
  const revisions: RevisionView[] = [];
  let value = "";
  let seq = lastMatch(store, subject);
  for (; seq !== null && revisions.length < depth; seq = before(stream.state, subject, seq)) {
    const message = loadMessage(store, seq);
    if (message === null) break;
    const stone = stoneOf(message.headers);
    if (revisions.length === 0 && stone === "") value = shortValue(message.payload);
    const life = lifeOf(stream, message);
    revisions.unshift({ seq, stone, isSynced: seq <= synced, life });
  }
  const key = subject.slice(prefix.length);
  const isWatched = watchers.some((one) => subjectMatches(one.keys, key));
  return { key, revisions, value, isWatched };
}

function before({ store }: StreamState, subject: string, seq: StreamSeq): StreamSeq | null {
  return seq <= store.seqFirst ? null : lastMatch(store, subject, streamSeq(seq - 1));
}

function shortValue(payload: Uint8Array): string {
  const text = decodeText(payload.subarray(0, valueLetters * 4)).replace(/\s+/g, " ");
  return text.length > valueLetters ? `${text.slice(0, valueLetters - 1)}…` : text;
}

/** A consumer of a bucket is somebody who watches it. */
function watchersOf(
  { consumers, name }: FoundStream,
  prefix: string,
  listeners: Listeners,
): WatcherView[] {
  return [...consumers.values()].filter(isShown).map((consumer) => {
    const filter = consumer.filters[0] ?? `${prefix}>`;
    const keys = filter.startsWith(prefix) ? filter.slice(prefix.length) : ">";
    const subject = consumer.config.deliver_subject;
    const client = subject === "" ? null : listeners.clientFor(subject);
    return { id: consumerId(name, consumer.name), client, keys };
  });
}

function noteOf({ state }: FoundStream): string {
  const { config } = state;
  const history = int64ToNumber(config.max_msgs_per_subject);
  const words = [history > 1 ? `keeps ${history} revisions` : "keeps the last value"];
  const age = int64ToNumber(config.max_age);
  if (age > 0) words.push(`for ${durationText(age)}`);
  if (config.mirror !== null) words.push(`mirror of ${config.mirror.name.replace(/^KV_/, "")}`);
  return words.join(" · ");
}

function sayKv({ keys, watchers, hasMore }: Omit<KvView, "say">): string[] {
  const said = keys.map(({ key, revisions, value }) => {
    const last = revisions.at(-1);
    const now = last?.stone ? last.stone : value === "" ? "empty" : value;
    return `${key}: ${now}, revision ${last?.seq ?? 0}`;
  });
  if (hasMore) said.push("and more keys");
  for (const { client, keys: watched } of watchers) {
    said.push(`${nameOf(client)} watches ${watched === ">" ? "every key" : watched}`);
  }
  return said;
}
