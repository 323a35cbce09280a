/** What the inspector says of features: in Why, and as rows of the configuration. */
import { int64ToNumber, type StreamConfig } from "../../../jetstream/index.ts";
import { streamSeq } from "../../../kernel/index.ts";
import type { RowView, WhyLineView } from "../../frames.ts";
import type { CopyView, FeatureView, SlotMarkView } from "../../frames-features.ts";
import type { FoundStream } from "../assets.ts";
import { splitId } from "../names.ts";
import { durationText, row } from "../rows.ts";
import { scheduleTimes } from "./schedule-times.ts";
import { holdersOf, viewSlot } from "./tape-marks.ts";
import { sourceNote } from "./tape-notes.ts";

/** Lines of a bucket or a tape that are told; the canvas has the rest. */
const linesMost = 10;

/** Of a stream or a consumer: what its marks say, in sentences. */
export function whyOf(features: readonly FeatureView[], id: string, now: number): WhyLineView[] {
  return features.flatMap((feature) => {
    const isAbout = feature.kind === "lane" ? feature.consumer === id : ownerOf(feature) === id;
    if (!isAbout) return [];
    const said = feature.kind === "copy" ? [sayCopy(feature)] : feature.say.slice(0, linesMost);
    // What is in a bucket begins with its own name, as it is written.
    const isName = feature.kind === "kv" || feature.kind === "objects";
    return said.map((text) => {
      return { at: now, text: isName ? `${text}.` : sentence(text), tense: "now" } as const;
    });
  });
}

function ownerOf(feature: Exclude<FeatureView, { kind: "lane" }>): string {
  return feature.kind === "copy" ? feature.to : feature.stream;
}

function sayCopy({ from, way, lag, state, note, error }: CopyView): string {
  const origin = from.startsWith("stream:") ? `[${splitId(from)[1]}](${from})` : from;
  if (way === "republish") return `it stores what ${origin} republishes`;
  const what = `${way === "mirror" ? "it mirrors" : "it sources"} ${origin}`;
  const some = note === "" ? "" : ` (${note})`;
  if (state === "failing")
    return `${what}${some}, which does not answer: ${error || "it asks again"}`;
  if (state === "asking") return `${what}${some} and asks it for a consumer`;
  return `${what}${some}, ${lag === 0 ? "nothing behind" : `${lag} behind`}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Why a message is still there, how long it stays, what it waits for. */
export function whyMessage(stream: FoundStream, seq: number, now: number): WhyLineView[] {
  const holders = holdersOf(stream);
  const due = scheduleTimes(stream).get(seq) ?? null;
  const slot = viewSlot(stream, streamSeq(seq), { holders, due });
  if (slot === null) return [];
  const lines: WhyLineView[] = [];
  const add = (at: number, text: string, tense: WhyLineView["tense"] = "now") =>
    lines.push({ at, text, tense });
  const names = holders.map((one) => one.name).filter((_, index) => slot.held[index] === "w");
  if (names.length > 0) {
    add(
      now,
      `It stays until **${names.join("** and **")}** ${names.length === 1 ? "has" : "have"} acked it.`,
    );
  } else if (stream.state.config.retention === "workqueue") {
    add(now, "It stays until it is acked: a work queue keeps nothing that is done.");
  }
  if (slot.stone !== "")
    add(now, `It is a marker: the last message of its subject is ${slot.stone}.`);
  if (slot.parked !== "")
    add(now, `${slot.parked}, which is max_deliver: it waits for nobody any more.`);
  if (slot.batch !== "")
    add(now, `It came in batch \`${slot.batch}\`, which was stored as a whole.`);
  return [...lines, ...nextOf(slot)];
}

function nextOf({ life, due }: SlotMarkView): WhyLineView[] {
  const lines: WhyLineView[] = [];
  if (due !== null) lines.push({ at: due, text: "Its schedule publishes.", tense: "next" });
  if (life !== null) {
    const text = `Its ${durationText(life.until - life.from)} are over and it leaves by itself.`;
    lines.push({ at: life.until, text, tense: "next" });
  }
  return lines;
}

/** What only some streams are set to. */
export function featureRows({ state }: FoundStream): RowView[] {
  return [...originRows(state.config), ...messageRows(state.config)];
}

function originRows({ mirror, sources, subject_transform, republish }: StreamConfig): RowView[] {
  const rows: RowView[] = [];
  const named = (name: string, note: string) => (note === "" ? name : `${name} (${note})`);
  if (mirror !== null)
    rows.push(row("copies all of", "mirror", named(mirror.name, sourceNote(mirror))));
  for (const source of sources) {
    rows.push(row("copies from", "sources", named(source.name, sourceNote(source))));
  }
  if (subject_transform !== null) {
    const { src, dest } = subject_transform;
    rows.push(row("renames", "subject_transform", `${src || ">"} → ${dest}`));
  }
  if (republish !== null) {
    const { src = ">", dest } = republish;
    rows.push(row("republishes", "republish", `${src} → ${dest}`));
  }
  return rows;
}

function messageRows(config: StreamConfig): RowView[] {
  const rows: RowView[] = [];
  const marker = int64ToNumber(config.subject_delete_marker_ttl);
  if (config.allow_msg_ttl) rows.push(row("own TTLs", "allow_msg_ttl", "yes", "no"));
  if (marker > 0) {
    rows.push(row("markers stay", "subject_delete_marker_ttl", durationText(marker), "none"));
  }
  if (config.allow_msg_schedules) rows.push(row("schedules", "allow_msg_schedules", "yes", "no"));
  if (config.allow_msg_counter) rows.push(row("counters", "allow_msg_counter", "yes", "no"));
  if (config.allow_atomic) rows.push(row("batches", "allow_atomic", "yes", "no"));
  return rows;
}
