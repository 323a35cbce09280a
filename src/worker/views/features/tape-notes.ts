/** What happens to messages on their way into a stream and out of it, as notes over its tape. */
import { loadMessage, type StreamConfig, type StreamSource } from "../../../jetstream/index.ts";
import type { StreamSeq } from "../../../kernel/index.ts";
import { decodeText } from "../../../protocol/index.ts";
import type { NoteView } from "../../frames-features.ts";
import type { FoundStream } from "../assets.ts";
import { assetOf } from "./asset-of.ts";

/** Counters that are told of: those that changed last. */
const countersMost = 3;

export function tapeNotes(stream: FoundStream, seqs: readonly StreamSeq[]): NoteView[] {
  const { config } = stream.state;
  return [
    ...originNotes(config),
    ...changeNotes(config),
    ...counterNotes(stream, seqs),
    ...batchNotes(stream),
  ];
}

function originNotes({ mirror, sources }: StreamConfig): NoteView[] {
  const notes: NoteView[] = [];
  if (mirror !== null) notes.push({ kind: "mirror", text: `mirrors ${sourceText(mirror)}` });
  for (const source of sources)
    notes.push({ kind: "source", text: `sources ${sourceText(source)}` });
  return notes;
}

function sourceText(source: StreamSource): string {
  const note = sourceNote(source);
  return note === "" ? source.name : `${source.name} (${note})`;
}

/** What of its origin is left out, renamed, or elsewhere. */
export function sourceNote(source: StreamSource): string {
  const words: string[] = [];
  if (source.filter_subject !== undefined && source.filter_subject !== "") {
    words.push(`only ${source.filter_subject}`);
  }
  for (const { src, dest } of source.subject_transforms ?? []) {
    words.push(dest === "" || dest === src ? `only ${src}` : `${src} → ${shortDest(dest)}`);
  }
  if (source.external !== undefined) words.push(`through ${source.external.api}`);
  return words.join(", ");
}

function changeNotes({ subject_transform: change, republish }: StreamConfig): NoteView[] {
  const notes: NoteView[] = [];
  if (change !== null) {
    notes.push({ kind: "transform", text: `stored as ${shortDest(change.dest)}` });
  }
  if (republish !== null) {
    const what = republish.headers_only === true ? "republishes headers to" : "republishes to";
    notes.push({ kind: "republish", text: `${what} ${shortDest(republish.dest)}` });
  }
  return notes;
}

/** `$1` for `{{wildcard(1)}}`, as both are written. */
function shortDest(dest: string): string {
  return dest.replace(/\{\{\s*wildcard\((\d+)\)\s*\}\}/gi, "$$$1");
}

function counterNotes({ state }: FoundStream, seqs: readonly StreamSeq[]): NoteView[] {
  if (!state.config.allow_msg_counter) return [];
  const values = new Map<string, string>();
  for (let i = seqs.length - 1; i >= 0 && values.size < countersMost; i -= 1) {
    const message = loadMessage(state.store, seqs[i] as StreamSeq);
    if (message === null || values.has(message.subject)) continue;
    const value = counterValue(message.payload);
    if (value !== "") values.set(message.subject, value);
  }
  return [...values].map(([subject, value]) => ({
    kind: "counter",
    text: `${subject} = ${value}`,
  }));
}

/** Of the payload that the server writes, ADR-49; "" when it is no counter's. */
export function counterValue(payload: Uint8Array): string {
  return /^\{"val":"(-?\d+)"\}$/.exec(decodeText(payload.subarray(0, 60)))?.[1] ?? "";
}

/** Batches that are begun and not committed: nothing of them is on the tape. */
function batchNotes(stream: FoundStream): NoteView[] {
  const asset = assetOf(stream);
  return [...(asset?.batches.atomic.values() ?? [])].map(({ last }) => ({
    kind: "batch",
    text: `batch of ${last} held back until it commits`,
  }));
}
