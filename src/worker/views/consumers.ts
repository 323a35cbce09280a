/** Consumers as needle, floor, lane and seats. */
import {
  type ConsumerState,
  consumerFilters,
  int64ToNumber,
  isPush,
  matchesAny,
  messageSubject,
} from "../../jetstream/index.ts";
import {
  parseStoredTime,
  type StreamSeq,
  tableEach,
  tableFirst,
  tableGet,
  tableHas,
  tableHigher,
  virtualAt,
} from "../../kernel/index.ts";
import type { CellView, ConsumerView, SeatView } from "../frames.ts";
import type { FoundStream } from "./assets.ts";
import { singleSeqs } from "./cells.ts";
import { consumerId, serverId, streamId } from "./names.ts";

/** Rings beyond this many are a heat strip, not seats. */
const seatsMost = 64;

export interface SeatOwners {
  /** The client that a message was delivered to last; null when nobody saw it leave. */
  ownerOf(consumer: string, seq: number): string | null;
}

export interface ConsumerScene {
  readonly cells: readonly CellView[];
  readonly owners: SeatOwners;
  readonly now: number;
}

/** How far a consumer has come. */
export interface Progress {
  readonly needle: number;
  readonly floor: number;
  readonly taken: number;
}

/** As its leader has it; a follower knows what the group has agreed on. */
export function progressOf(consumer: ConsumerState): Progress {
  const { leader, store } = consumer;
  if (leader || store === null) {
    const { floorStream: floor, seqNext, pending } = consumer;
    return { needle: seqNext - 1, floor, taken: pending.size };
  }
  const { deliveredStream: needle, floorStream: floor, pending } = store;
  return { needle, floor, taken: pending.size };
}

export function viewConsumer(
  stream: FoundStream,
  consumer: ConsumerState,
  { cells, owners, now }: ConsumerScene,
): ConsumerView {
  const { config } = consumer;
  const id = consumerId(stream.name, consumer.name);
  const home = stream.homes.get(consumer.name);
  const { needle, floor, taken } = progressOf(consumer);
  const behind = Math.max(0, stream.state.store.seqLast - needle);
  return {
    id,
    name: consumer.name,
    stream: streamId(stream.name),
    server: serverId(home ?? stream.host.name),
    led: home !== undefined,
    note: noteOf(consumer),
    needle,
    floor,
    acked: ackedSeqs(stream, consumer, cells),
    seats: viewSeats(stream, consumer, id, owners),
    taken,
    limit: config.ack_policy === "none" ? 0 : config.max_ack_pending,
    waiting: consumer.leader ? Math.max(0, consumer.unseen) : behind,
    pulls: isPush(config) ? 0 : consumer.waiting.requests.size,
    redelivered: consumer.redelivered.size,
    paused: isPaused(consumer, now),
  };
}

function isPaused({ config }: ConsumerState, now: number): boolean {
  const until = parseStoredTime(config.pause_until ?? "");
  return until !== null && virtualAt(until) > now;
}

function noteOf(consumer: ConsumerState): string {
  const { config } = consumer;
  const words = [isPush(config) ? "push" : "pull", `${config.ack_policy} ack`];
  const wait = int64ToNumber(config.ack_wait);
  if (config.ack_policy !== "none" && wait > 0) words.push(`AckWait ${secondsText(wait)}`);
  const filters = consumerFilters(config);
  if (filters.length > 0) words.push(filters.join(" "));
  return words.join(" · ");
}

export function secondsText(nanos: number): string {
  return nanos < 1e9 ? `${nanos / 1e6} ms` : `${nanos / 1e9} s`;
}

/** Above the floor, delivered, and no longer waited for. */
function ackedSeqs(
  stream: FoundStream,
  consumer: ConsumerState,
  cells: readonly CellView[],
): number[] {
  if (consumer.config.ack_policy === "none") return [];
  const { needle, floor } = progressOf(consumer);
  return singleSeqs(cells).filter((seq) => {
    if (seq <= floor || seq > needle) return false;
    if (isPending(consumer, seq)) return false;
    const subject = messageSubject(stream.state.store, seq);
    const { filters } = consumer;
    return subject !== null && (filters.length === 0 || matchesAny(filters, subject));
  });
}

function isPending({ leader, store, pending }: ConsumerState, seq: StreamSeq): boolean {
  return leader || store === null ? tableHas(pending, seq) : tableHas(store.pending, seq);
}

/** Those whose ack wait ends first; what waits for its redelivery comes before them. */
function viewSeats(
  stream: FoundStream,
  consumer: ConsumerState,
  id: string,
  owners: SeatOwners,
): SeatView[] {
  const seats: SeatView[] = [];
  const offset = stream.host.clockOffset;
  const add = (seq: StreamSeq, deadline: number, armed: number): void => {
    const again = tableGet(consumer.redelivered, seq) ?? 0;
    const client = owners.ownerOf(id, seq);
    seats.push({ seq, client, armed, deadline, tries: again + 1 });
  };
  let row = tableFirst(consumer.deadlines);
  while (row !== null && seats.length < seatsMost) {
    const pending = tableGet(consumer.pending, row.value);
    if (pending !== undefined) add(row.value, row.key, pending.at - offset);
    row = tableHigher(consumer.deadlines, row.key);
  }
  if (seats.length === 0 && consumer.pending.size > 0) {
    // Without ack wait, or while every one of them is queued again: no deadline, but a seat.
    tableEach(consumer.pending, (pending, seq) => {
      add(seq, pending.at - offset, pending.at - offset);
      return seats.length < seatsMost;
    });
  }
  return seats.sort((a, b) => a.seq - b.seq);
}
