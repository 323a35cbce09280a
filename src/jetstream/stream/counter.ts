/** Counter streams: a message adds to the value that its subject holds. Source: ADR-49. */
import { sortedKeys } from "../../kernel/index.ts";
import {
  decodeText,
  encodeJson,
  encodeText,
  isJsonObject,
  type Json,
  JsonError,
  parseJson,
  setHeader,
} from "../../protocol/index.ts";
import type { ApiErrorName } from "../errors.ts";
import type { StreamConfig } from "./config/config-shape.ts";
import * as names from "./publish-headers.ts";
import { loadMessage } from "./store/message-read.ts";
import { lastMatch } from "./store/message-search.ts";
import type { InboundMessage, StreamState } from "./stream-shape.ts";

/** Headers that make no sense beside an increment. */
const forbiddenHeaders = [
  names.header.rollup,
  names.header.expectedStream,
  names.header.expectedId,
  names.header.expectedSubject,
  names.header.expectedSeq,
  names.header.expectedSubjectSeq,
] as const;

/** What is wrong with the `Nats-Incr` of a message, or null. */
export function checkIncrease(
  config: StreamConfig,
  headers: Uint8Array,
  payload: Uint8Array,
): ApiErrorName | null {
  const increase = names.headerOf(headers, names.header.increase);
  if (increase === "") return null;
  if (!isInteger(increase)) return "JSMessageIncrInvalidErr";
  if (!config.allow_msg_counter) return "JSMessageIncrDisabledErr";
  if (payload.length > 0) return "JSMessageIncrPayloadErr";
  const hasForbidden = forbiddenHeaders.some((name) => names.headerOf(headers, name) !== "");
  return hasForbidden ? "JSMessageIncrInvalidErr" : null;
}

/** What a subject's counter is before a message adds to it. */
export interface CounterBase {
  readonly value: bigint;
  /** What sources have added: the text of `Nats-Counter-Sources`, "" for nothing. */
  readonly sources: string;
}

/** A message that holds a counter's new value. */
export interface Counted {
  readonly message: InboundMessage;
  readonly base: CounterBase;
}

/**
 * The message that holds the new value; null when a source's is no counter, or when nobody can
 * read what sources have added. `increase` has passed `checkIncrease`.
 */
export function addToCounter(
  base: CounterBase,
  message: InboundMessage,
  increase: string,
): Counted | null {
  if (names.headerOf(message.headers, names.header.streamSource) !== "") {
    return addFromSource(base, message);
  }
  const kept = keepSources(base, message);
  if (kept === null) return null;
  const value = base.value + BigInt(increase.replace(/^\+/, ""));
  return { message: withCounter(kept, value), base: { ...base, value } };
}

/** The counter that a subject holds: 0 without a message, null when its last one is no counter. */
export function storedCounter(stream: StreamState, subject: string): CounterBase | null {
  const seq = lastMatch(stream.store, subject);
  const stored = seq === null ? null : loadMessage(stream.store, seq);
  if (stored === null) return { value: 0n, sources: "" };
  const value = counterValue(stored.payload);
  if (value === null) return null;
  return { value, sources: names.headerOf(stored.headers, names.header.counterSources) };
}

type Sources = { [stream: string]: { [subject: string]: string } | null };

/**
 * A counter of another stream is added by how much it grew since it was last seen here; the totals
 * of all sources stand in a header, and `Nats-Incr` becomes the difference.
 */
function addFromSource(base: CounterBase, message: InboundMessage): Counted | null {
  const total = counterValue(message.payload);
  if (total === null) return null;
  const [origin = "", , , , subject = message.subject] = names
    .headerOf(message.headers, names.header.streamSource)
    .split(" ");
  const sources = readSources(base);
  if (sources === null) return null;
  const known = sources[origin]?.[subject] ?? "";
  const growth = total - (isInteger(known) ? BigInt(known) : 0n);
  sources[origin] = { ...sources[origin], [subject]: total.toString() };
  const text = printSources(sources);
  let headers = setHeader(message.headers, names.header.increase, growth.toString());
  headers = setHeader(headers, names.header.counterSources, text);
  const value = base.value + growth;
  return { message: withCounter({ ...message, headers }, value), base: { value, sources: text } };
}

/** What sources had added to a subject goes from its last message to the next. */
function keepSources(base: CounterBase, message: InboundMessage): InboundMessage | null {
  const sources = readSources(base);
  if (sources === null) return null;
  if (Object.keys(sources).length === 0) return message;
  const text = printSources(sources);
  return { ...message, headers: setHeader(message.headers, names.header.counterSources, text) };
}

/**
 * What a header says that sources have added, in a copy that may be written to; null when it is
 * no map of maps of texts, which a publisher can bring about. Go reads a null as nothing.
 */
function readSources({ sources }: CounterBase): Sources | null {
  if (sources === "") return {};
  const json = readJson(sources);
  if (json === null) return {};
  if (!isJsonObject(json)) return null;
  const copy: Sources = {};
  for (const [stream, subjects] of Object.entries(json)) {
    copy[stream] = null;
    if (subjects === null) continue;
    if (!isJsonObject(subjects)) return null;
    const totals: { [subject: string]: string } = {};
    for (const [subject, total] of Object.entries(subjects)) {
      if (total !== null && typeof total !== "string") return null;
      totals[subject] = total ?? "";
    }
    copy[stream] = totals;
  }
  return copy;
}

function printSources(sources: Sources): string {
  const sorted: Sources = {};
  for (const stream of sortedKeys(sources)) {
    const subjects = sources[stream] ?? null;
    sorted[stream] =
      subjects === null
        ? null
        : Object.fromEntries(sortedKeys(subjects).map((s) => [s, subjects[s] ?? ""]));
  }
  return encodeJson(sorted);
}

function withCounter(message: InboundMessage, value: bigint): InboundMessage {
  return { ...message, payload: encodeText(`{"val":"${value}"}`) };
}

/** A text that is no number counts as 0, as Go's `big.Int.SetString` leaves it. */
function counterValue(payload: Uint8Array): bigint | null {
  const json = readJson(decodeText(payload));
  if (!isJsonObject(json)) return null;
  const value = json.val ?? "";
  if (typeof value !== "string") return null;
  return isInteger(value) ? BigInt(value.replace(/^\+/, "")) : 0n;
}

/** Undefined for a text that is no JSON. */
function readJson(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

function isInteger(text: string): boolean {
  return /^[+-]?\d+$/.test(text);
}
