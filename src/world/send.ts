/**
 * Bytes between hosts, as TCP moves them: in order, without loss inside a connection. What a cut
 * holds back arrives when it is healed, or the connection is reset in the end.
 *
 *     sendBytes ─► tap (marks, drops) ─► flying ─► "arrive" (arrive.ts) ─► owner of the other end
 *                                          │ path cut, host without power
 *                                          └► stalled ─► heal: at once | give-up: reset
 */
import {
  assert,
  logEach,
  logEnd,
  logFirst,
  logGet,
  logPush,
  logSet,
  nanos,
  plus,
  schedule,
  type VirtualNanos,
} from "../kernel/index.ts";
import { emptyBytes } from "../protocol/index.ts";
import type { SentRecord } from "../server/index.ts";
import {
  type Conn,
  directionFrom,
  type Pipe,
  pipeOf,
  receiverOf,
  type Segment,
  senderOf,
} from "./conns.ts";
import type { Direction } from "./events.ts";
import { drawLatency, isCut, laterOf, transmissionTime } from "./links.ts";
import { noteNotable, recordFlights } from "./record.ts";
import type { Mark } from "./taps/marks.ts";
import { tapRecords } from "./taps/record-marks.ts";
import { joinBytes, tapBytes } from "./taps/tap.ts";
import type { Doors, World } from "./world.ts";

/** Why a stream ends when its owner closed it in good order. */
export const cleanClose = "closed by the peer";

const noMarks: readonly Mark[] = [];

/** Writes bytes to a connection from one of its ends. After an end, writes are lost. */
export function sendBytes(
  world: World,
  doors: Doors,
  ...[id, end, bytes]: [id: number, end: "a" | "b", bytes: Uint8Array]
): void {
  const conn = world.conns.get(id);
  if (conn === undefined || bytes.length === 0) return;
  const direction = directionFrom(end);
  const pipe = pipeOf(conn, direction);
  if (pipe.ended) return;
  if (pipe.tap === null) {
    fly(world, conn, direction, { bytes, marks: noMarks, reason: "" });
    return;
  }
  const tapped = tapBytes(world, pipe.tap, direction, bytes);
  let arrives: VirtualNanos | null = null;
  if (tapped.bytes.length > 0) {
    const { bytes: kept, marks } = tapped;
    arrives = fly(world, conn, direction, { bytes: kept, marks, reason: "" });
  }
  noteNotable(world, tapped.marks, tapped.lost);
  if (doors.trace !== null) recordFlights(world, doors.trace, { conn, direction, tapped, arrives });
}

/** Sends records over a link between servers. After an end, they are lost. */
export function sendRecords(
  world: World,
  doors: Doors,
  ...[id, end, records]: [id: number, end: "a" | "b", records: readonly SentRecord[]]
): void {
  const conn = world.conns.get(id);
  if (conn === undefined || records.length === 0) return;
  const direction = directionFrom(end);
  if (pipeOf(conn, direction).ended) return;
  const server = world.hosts.get(senderOf(conn, direction).host)?.server ?? null;
  if (!world.options.taps || server === null) {
    fly(world, conn, direction, { bytes: emptyBytes, marks: noMarks, reason: "", records });
    return;
  }
  const tapped = tapRecords(world, server, records);
  const { marks } = tapped;
  const write = { bytes: emptyBytes, marks, reason: "", records: tapped.records };
  const arrives = marks.length === 0 ? null : fly(world, conn, direction, write);
  world.notable += tapped.lost.length;
  if (doors.trace !== null) recordFlights(world, doors.trace, { conn, direction, tapped, arrives });
}

/** Bytes that a server wrote and that its client has not taken yet. */
export function unsentBytes(world: World, id: number): number {
  const conn = world.conns.get(id);
  if (conn === undefined) return 0;
  let bytes = 0;
  logEach(conn.ba.flying, (segment) => {
    bytes += segment.bytes?.length ?? 0;
  });
  return bytes;
}

/** Closes a connection from one of its ends: what was written before still arrives. */
export function closeConn(world: World, id: number, end: "a" | "b", reason: string): void {
  const conn = world.conns.get(id);
  if (conn === undefined) return;
  const near = end === "a" ? conn.a : conn.b;
  near.gone = true;
  if (conn.status === "dialling" || conn.a.gone === conn.b.gone) {
    // Not answered yet, or both ends have left: nobody waits for anything here.
    world.conns.delete(id);
    return;
  }
  const direction = directionFrom(end);
  const pipe = pipeOf(conn, direction);
  if (pipe.ended) return;
  pipe.ended = true;
  fly(world, conn, direction, { bytes: null, marks: noMarks, reason });
}

/**
 * Some path is open again: what waited on it is on its way at once, as the recorded clusters' links
 * let it go when they healed. (TCP by itself would wait for its next retransmission.)
 */
export function resumeStalled(world: World): void {
  for (const conn of world.conns.values()) {
    for (const direction of ["a-to-b", "b-to-a"] as const) {
      const pipe = pipeOf(conn, direction);
      if (pipe.stalledAt === null || isBlocked(world, conn, direction)) continue;
      const at = plus(world.kernel.now, latencyOf(world, conn, direction));
      pipe.stalledAt = null;
      if (pipe.arrivesAt < at) pipe.arrivesAt = at;
      arm(world, conn, direction, at);
    }
  }
}

/** Bytes came for an end that nobody holds: TCP answers with a reset. */
export function resetConn(world: World, conn: Conn, direction: Direction): void {
  const pipe = pipeOf(conn, direction);
  if (pipe.ended) return;
  pipe.ended = true;
  fly(world, conn, direction, { bytes: null, marks: noMarks, reason: "connection reset by peer" });
}

interface Write {
  readonly bytes: Uint8Array | null;
  readonly marks: readonly Mark[];
  readonly reason: string;
  readonly records?: readonly SentRecord[];
}

/** Puts a write on its way; answers when it will arrive if nothing stops it. */
function fly(world: World, conn: Conn, direction: Direction, write: Write): VirtualNanos {
  const { kernel } = world;
  const pipe = pipeOf(conn, direction);
  const from = senderOf(conn, direction).host;
  const to = receiverOf(conn, direction).host;
  const size = sizeOf(write);
  pipe.bytes += size;
  if (joinsLast(pipe, kernel.now, write.bytes)) {
    const last = logEnd(pipe.flying) - 1;
    const before = logGet(pipe.flying, last);
    logSet(pipe.flying, last, joinSegments(before, write));
    return before.arrives;
  }
  const departs = laterOf(pipe.freeAt, kernel.now);
  pipe.freeAt = plus(departs, transmissionTime(world, from, to, size));
  const due = plus(pipe.freeAt, latencyOf(world, conn, direction));
  const arrives = laterOf(due, pipe.arrivesAt);
  pipe.arrivesAt = arrives;
  const { bytes, marks, reason, records } = write;
  logPush(pipe.flying, { departed: kernel.now, arrives, bytes, marks, reason, records });
  if (!pipe.armed && pipe.stalledAt === null) arm(world, conn, direction, arrives);
  return arrives;
}

/** One event at a time stands for a direction: that of its next arrival. */
export function arm(world: World, conn: Conn, direction: Direction, at: VirtualNanos): void {
  pipeOf(conn, direction).armed = true;
  const { host } = receiverOf(conn, direction);
  schedule(world.kernel, at, { kind: "arrive", host, conn: conn.id, direction });
}

/** Writes of one instant travel together: one event for all of them. */
function joinsLast(pipe: Pipe, now: VirtualNanos, bytes: Uint8Array | null): boolean {
  if (bytes === null || logFirst(pipe.flying) === logEnd(pipe.flying)) return false;
  const last = logGet(pipe.flying, logEnd(pipe.flying) - 1);
  return last.bytes !== null && last.departed === now && pipe.freeAt <= now;
}

function joinSegments(before: Segment, write: Write): Segment {
  assert(before.bytes !== null && write.bytes !== null, "an end of stream cannot be joined");
  const marks = before.marks.length === 0 ? write.marks : [...before.marks, ...write.marks];
  const { records } = before;
  if (records !== undefined) {
    return { ...before, records: [...records, ...(write.records ?? [])], marks };
  }
  return { ...before, bytes: joinBytes(before.bytes, write.bytes), marks };
}

function sizeOf({ bytes, records }: Write): number {
  if (records === undefined) return bytes?.length ?? 0;
  let size = 0;
  for (const record of records) size += record.bytes;
  return size;
}

export function latencyOf(
  world: World,
  conn: Conn,
  direction: Direction,
): ReturnType<typeof drawLatency> {
  const from = senderOf(conn, direction).host;
  const to = receiverOf(conn, direction).host;
  return nanos(drawLatency(world, from, to) + conn.extraLatency);
}

/** True when what is sent now does not reach the other machine. */
export function isBlocked(world: World, conn: Conn, direction: Direction): boolean {
  const from = senderOf(conn, direction).host;
  const to = receiverOf(conn, direction).host;
  return isCut(world, from, to) || world.hosts.get(to)?.powered !== true;
}
