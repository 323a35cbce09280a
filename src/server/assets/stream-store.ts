/** A message that was let in is stored, and sent on where the stream republishes. */
import {
  lastMatch,
  loadMessage,
  type PublishContext,
  type StoreEntry,
  type StreamEffect,
} from "../../jetstream/index.ts";
import { formatStoredTime, type StreamSeq } from "../../kernel/index.ts";
import {
  appendHeader,
  applyTransform,
  createMessage,
  emptyBytes,
  isValidPublishSubject,
} from "../../protocol/index.ts";
import { publishInternal } from "../interest/route.ts";
import { anyConsumerWants } from "./consumers/consumer-side.ts";
import { leadsStream } from "./replicas/stream-replica.ts";
import type { StreamPlace } from "./stream-answer.ts";
import { makeEntry } from "./stream-apply.ts";
import { checkPublishLimits } from "./stream-reservations.ts";
import { writeAhead } from "./write-ahead.ts";

export interface Stored {
  readonly seq: StreamSeq;
  /** What consumers are to be told, once the publisher knows. */
  readonly effects: readonly StreamEffect[];
}

/** What the checks of a publish look up on this server. */
export function publishContext({ server, io, asset }: StreamPlace, isOwn: boolean): PublishContext {
  return {
    now: io.wall,
    maxPayload: server.config.limits.maxPayload,
    isOwn,
    hasInterest: (subject) => anyConsumerWants(asset, subject),
    checkLimits: (bytes, isKept) => checkPublishLimits(server, asset, bytes, isKept),
  };
}

/** The subject under which the stream stores what comes in under another. */
export function storedSubject({ io, asset }: StreamPlace, subject: string): string {
  if (asset.transform === null) return subject;
  const drawn = (below: number): number => io.draw("transforms") % below;
  return applyTransform(asset.transform, subject, drawn) ?? subject;
}

/** Throws DiskError: then it is not stored. */
export function storeEntry(place: StreamPlace, entry: StoreEntry): Stored {
  if (place.asset.path !== null) writeAhead(place.io, place.asset, [entry]);
  return storeWritten(place, entry);
}

/** The second half of `storeEntry`: of a message that has been written ahead. */
export function storeWritten(place: StreamPlace, entry: StoreEntry): Stored {
  const { server, io, asset } = place;
  const isCopied = asset.republish !== null && leadsStream(asset);
  const previous = isCopied ? lastMatch(asset.state.store, entry.subject) : null;
  const effects = makeEntry(server, io, asset, entry);
  const [first] = effects;
  const isNumbered = first?.kind === "stored" || first?.kind === "skipped";
  const seq = isNumbered ? first.seq : (0 as StreamSeq);
  if (isCopied) republish(place, seq, previous ?? 0);
  return { seq, effects };
}

/**
 * Sends a stored message on under another subject, with what lets a light client notice gaps.
 * Source: nats-server `processJetStreamMsgWithBatch`, "Check for republish".
 */
function republish({ server, io, asset }: StreamPlace, seq: StreamSeq, previous: number): void {
  const { config, store } = asset.state;
  const stored = loadMessage(store, seq);
  if (stored === null || asset.republish === null) return;
  const drawn = (below: number): number => io.draw("transforms") % below;
  const to = applyTransform(asset.republish, stored.subject, drawn);
  if (to === null || !isValidPublishSubject(to)) return;
  const headersOnly = config.republish?.headers_only === true;
  let headers = appendHeader(stored.headers, "Nats-Stream", asset.name);
  headers = appendHeader(headers, "Nats-Subject", stored.subject);
  headers = appendHeader(headers, "Nats-Sequence", String(seq));
  headers = appendHeader(headers, "Nats-Time-Stamp", formatStoredTime(stored.time));
  headers = appendHeader(headers, "Nats-Last-Sequence", String(previous));
  if (headersOnly) headers = appendHeader(headers, "Nats-Msg-Size", String(stored.payload.length));
  const payload = headersOnly ? emptyBytes : stored.payload;
  const message = createMessage(to, null, headers, payload);
  publishInternal(server, io, { account: asset.account, message });
}
