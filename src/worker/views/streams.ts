/** Streams as tapes. */
import { type ConsumerState, int64ToNumber } from "../../jetstream/index.ts";
import { seqSetEach, tableEach, tableHas } from "../../kernel/index.ts";
import type { World } from "../../world/index.ts";
import type { ReplicaView, StreamView } from "../frames.ts";
import { aheadOf, type Copy, type FoundStream, syncedUpTo } from "./assets.ts";
import { firstSeq, type Segment, segments, viewCells } from "./cells.ts";
import { progressOf } from "./consumers.ts";
import { groupId, replicaId, serverId, streamId } from "./names.ts";

/** Sequences that a tape shows whether it has them or not. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

export function viewStream(
  world: World,
  stream: FoundStream,
  slots: number,
  span?: Span,
): StreamView {
  const { state, name, host } = stream;
  const { store, config } = state;
  const consumers = [...stream.consumers.values()];
  const anchors = consumers.map(progressOf).flatMap(({ floor, needle }) => [floor + 1, needle]);
  const parked = new Set(consumers.flatMap(parkedSeqs));
  const broken = brokenSeqs(world, name);
  const copies = stream.group === null ? [stream] : stream.copies;
  const reaches = copies.map(reachOf);
  // Where a copy ends before the others do is worth a look.
  anchors.push(...reaches.map((reach) => reach.last));
  // What was promised and is gone stays on the tape as a ghost.
  const ends = spanOf(copies, broken);
  const first = Math.min(ends.first, span?.first ?? ends.first);
  const last = Math.max(ends.last, span?.last ?? ends.last);
  const stretches = segments({ slots, anchors, first, last });
  const viewed = (copy: Copy) => viewReplica(name, copy, stretches, { parked, broken });
  return {
    id: streamId(name),
    name,
    server: serverId(host.name),
    group: stream.group === null ? "" : groupId(stream.group.name),
    led: stream.led,
    replicas: stream.copies.map(viewed),
    committed: Math.max(...reaches.map((reach) => reach.committed)),
    subjects: config.subjects.join(" "),
    note: noteOf(stream),
    messages: store.messages,
    bytes: store.bytes,
    first: store.seqFirst,
    last: store.seqLast,
    cells: viewed(stream).cells,
    full: isFull(stream),
    broken: broken.size,
  };
}

/** The sequences that the copies of a stream hold, or held when they were promised. */
function spanOf(copies: readonly Copy[], broken: Iterable<number>): Span {
  return {
    first: Math.min(...copies.map(firstSeq), ...broken),
    last: Math.max(...copies.map((copy) => reachOf(copy).last), ...broken),
  };
}

/** What a tape has to show of a stream. */
export function streamSpan(world: World, stream: FoundStream): Span {
  const copies = stream.group === null ? [stream] : stream.copies;
  return spanOf(copies, brokenSeqs(world, stream.name));
}

/** Enough to draw: a tape merges what is more. */
const brokenMost = 20_000;

/** The ledger keeps the first breaks with their reasons; of the rest it knows the sequences. */
function brokenSeqs({ ledger }: World, stream: string): Set<number> {
  const breaks = ledger.breaks.filter((one) => one.stream === stream);
  const broken = new Set(breaks.map((one) => Number(one.seq)));
  const lost = ledger.streams.get(stream)?.lost;
  if (broken.size === 0 || lost === undefined || ledger.broken <= ledger.breaks.length) {
    return broken;
  }
  seqSetEach(lost, (first, last) => {
    for (let seq = first; seq <= last && broken.size < brokenMost; seq += 1) broken.add(seq);
  });
  return broken;
}

/** How far a copy goes: stored, known to be committed, in the log. */
interface Reach {
  readonly applied: number;
  readonly committed: number;
  readonly last: number;
}

function reachOf(copy: Copy): Reach {
  const applied = copy.state.store.seqLast;
  const ahead = aheadOf(copy);
  const committed = applied + ahead.committed;
  return { applied, committed, last: committed + ahead.open };
}

interface Marked {
  readonly parked: ReadonlySet<number>;
  readonly broken: ReadonlySet<number>;
}

function viewReplica(
  stream: string,
  copy: Copy,
  stretches: readonly Segment[],
  marked: Marked,
): ReplicaView {
  const synced = syncedUpTo(copy);
  const reach = reachOf(copy);
  return {
    id: replicaId(stream, copy.host.name),
    server: serverId(copy.host.name),
    up: copy.host.server !== null,
    cells: viewCells(copy, stretches, { ...marked, ...reach, synced }),
    ...reach,
    synced,
  };
}

function noteOf({ state, group }: FoundStream): string {
  const { config } = state;
  const words: string[] = group === null ? [] : [`R${group.peers.length}`];
  words.push(config.storage, config.retention);
  const most = int64ToNumber(config.max_msgs);
  if (most > 0) words.push(`at most ${most}`);
  if (config.discard === "new") words.push("discard new");
  if (config.sealed) words.push("sealed");
  return words.join(" · ");
}

function isFull({ state }: FoundStream): boolean {
  const { config, store } = state;
  if (config.discard !== "new") return false;
  const messages = int64ToNumber(config.max_msgs);
  const bytes = int64ToNumber(config.max_bytes);
  return (messages > 0 && store.messages >= messages) || (bytes > 0 && store.bytes >= bytes);
}

/** Delivered as often as max_deliver allows, and waited for in vain. */
function parkedSeqs(consumer: ConsumerState): number[] {
  const most = consumer.config.max_deliver;
  if (most <= 0) return [];
  const parked: number[] = [];
  tableEach(consumer.redelivered, (again, seq) => {
    if (again + 1 >= most && !tableHas(consumer.pending, seq)) parked.push(seq);
    return true;
  });
  return parked;
}
