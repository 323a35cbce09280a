/** Who still holds a message, how long it lives, what it is: marks beside the slots of a tape. */
import {
  type ConsumerState,
  int64ToNumber,
  loadMessage,
  matchesAny,
  messageTtl,
  needsAck,
  type StoredMessage,
} from "../../../jetstream/index.ts";
import { type StreamSeq, tableGet, tableHas, virtualAt } from "../../../kernel/index.ts";
import { getHeader } from "../../../protocol/index.ts";
import type { CellView } from "../../frames.ts";
import type { LeftView, LifeView, SlotMarkView, TapeMarksView } from "../../frames-features.ts";
import type { FoundStream } from "../assets.ts";
import { singleSeqs } from "../cells.ts";
import type { Left } from "../history.ts";
import { streamId } from "../names.ts";
import { isShown } from "./need.ts";
import { scheduleTimes } from "./schedule-times.ts";
import { counterValue, tapeNotes } from "./tape-notes.ts";
import { sayTape } from "./tape-words.ts";

export interface TapeScene {
  readonly stream: FoundStream;
  readonly cells: readonly CellView[];
  readonly left: readonly Left[];
  readonly inlet: TapeMarksView["inlet"];
}

/** Null when the tape says it all. */
export function viewTapeMarks({ stream, cells, left, inlet }: TapeScene): TapeMarksView | null {
  const holders = holdersOf(stream);
  const seqs = singleSeqs(cells);
  const dues = scheduleTimes(stream);
  const slots = seqs
    .map((seq) => viewSlot(stream, seq, { holders, due: dues.get(seq) ?? null }))
    .filter((slot) => slot !== null);
  const notes = tapeNotes(stream, seqs);
  const marks = {
    kind: "tape",
    id: `marks:${stream.name}`,
    stream: streamId(stream.name),
    holders: holders.map((one) => one.name),
    slots,
    left: left.map(viewLeft),
    edge: edgeOf(stream),
    notes,
    inlet,
  } as const;
  const isPlain = slots.length + left.length + notes.length === 0 && marks.edge === "";
  return isPlain ? null : { ...marks, say: sayTape(marks, stream.state.config.retention) };
}

/** In the order of their lanes. Of a work queue with one consumer dots would say nothing. */
export function holdersOf({ state, consumers }: FoundStream): readonly ConsumerState[] {
  const { retention } = state.config;
  const shown = [...consumers.values()].filter(isShown);
  if (retention === "interest") return shown;
  return retention === "workqueue" && shown.length > 1 ? shown : [];
}

interface SlotScene {
  readonly holders: readonly ConsumerState[];
  readonly due: number | null;
}

/** Null when there is nothing to say about it. */
export function viewSlot(
  stream: FoundStream,
  seq: StreamSeq,
  scene: SlotScene,
): SlotMarkView | null {
  const message = loadMessage(stream.state.store, seq);
  if (message === null) return null;
  const { config } = stream.state;
  const slot: SlotMarkView = {
    seq,
    held: scene.holders.map((one) => holdOf(one, stream, message)).join(""),
    life: lifeOf(stream, message),
    stone: stoneOf(message.headers),
    due: scene.due,
    batch: config.allow_atomic ? (getHeader(message.headers, "Nats-Batch-Id") ?? "") : "",
    value: config.allow_msg_counter ? counterValue(message.payload) : "",
    parked: parkedBy(stream, seq),
  };
  const { held, life, stone, due, batch, value, parked } = slot;
  const isBare = life === null && due === null && held + stone + batch + value + parked === "";
  return isBare ? null : slot;
}

function holdOf(
  consumer: ConsumerState,
  { state }: FoundStream,
  { seq, subject }: StoredMessage,
): "w" | "a" | "-" {
  if (needsAck(consumer, state.config, { seq, subject })) return "w";
  return matchesAny(consumer.filters, subject) ? "a" : "-";
}

/** Until a message leaves by itself, by its own TTL or the stream's max_age, whichever is first. */
export function lifeOf(
  { state, host }: Pick<FoundStream, "state" | "host">,
  { headers, time }: Pick<StoredMessage, "headers" | "time">,
): LifeView | null {
  const { config } = state;
  const age = int64ToNumber(config.max_age);
  const ttl = config.allow_msg_ttl ? (messageTtl(headers) ?? 0) : 0;
  if (ttl === -1) return null;
  const nanos = ttl > 0 && (age <= 0 || ttl * 1e9 < age) ? ttl * 1e9 : age;
  if (nanos <= 0) return null;
  const from = virtualAt(time) - host.clockOffset;
  return { from, until: from + nanos };
}

/** What stands where a value was: ADR-8 for deletes, ADR-43 for limit markers; "" for a message. */
export function stoneOf(headers: Uint8Array | null): string {
  if (headers === null) return "";
  const reason = getHeader(headers, "Nats-Marker-Reason");
  if (reason === "MaxAge") return "expired";
  if (reason !== null && reason !== "") return reason.toLowerCase();
  const operation = getHeader(headers, "KV-Operation");
  if (operation === "DEL") return "deleted";
  return operation === "PURGE" ? "purged" : "";
}

/** Given up after `max_deliver` deliveries. */
function parkedBy({ consumers }: FoundStream, seq: StreamSeq): string {
  for (const { name, config, redelivered, pending } of consumers.values()) {
    if (config.max_deliver <= 0 || tableHas(pending, seq)) continue;
    const again = tableGet(redelivered, seq);
    if (again !== undefined && again + 1 >= config.max_deliver) {
      return `${name} delivered it ${timesText(config.max_deliver)}`;
    }
  }
  return "";
}

function timesText(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}

const reasons: Readonly<Record<string, LeftView["why"]>> = {
  acked: "acked",
  limits: "limit",
  age: "age",
  purged: "purged",
  rollup: "rollup",
};

function viewLeft({ seq, at, why }: Left): LeftView {
  return { seq, at, why: reasons[why] ?? "deleted" };
}

/** The next message pushes the oldest out. */
function edgeOf({ state }: FoundStream): string {
  const { config, store } = state;
  if (config.discard === "new" || config.retention !== "limits") return "";
  const most = int64ToNumber(config.max_msgs);
  if (most > 0 && store.messages >= most) return `at most ${most}`;
  const bytes = int64ToNumber(config.max_bytes);
  const each = store.messages === 0 ? 0 : store.bytes / store.messages;
  return bytes > 0 && store.bytes + each > bytes ? `at most ${bytes} B` : "";
}
