/** Arrivals: dials, bytes and ends of streams reach the host that they were sent to. */
import {
  assert,
  logDropBefore,
  logEnd,
  logFirst,
  logGet,
  plus,
  schedule,
} from "../kernel/index.ts";
import {
  type Conn,
  type Endpoint,
  opposite,
  type Pipe,
  pipeOf,
  receiverOf,
  senderOf,
} from "./conns.ts";
import { answerDial, sendDial } from "./dial.ts";
import type { Direction, EventOf } from "./events.ts";
import { type Arrival, handBytes, handDialled, handEnd } from "./hand-over.ts";
import { noteArrived } from "./ledger/arrivals.ts";
import { dialRetryAfter, isCut, laterOf, retransmissionLimit } from "./links.ts";
import { acceptAt } from "./machine.ts";
import { noteTaken } from "./record.ts";
import { arm, isBlocked, latencyOf, resetConn } from "./send.ts";
import { joinBytes } from "./taps/tap.ts";
import type { Doors, World } from "./world.ts";

const timedOut = "connection timed out";

export function onDial(world: World, doors: Doors, event: EventOf<"dial">): void {
  const conn = world.conns.get(event.conn);
  if (conn === undefined || conn.status !== "dialling") return;
  const host = world.hosts.get(conn.b.host);
  const isLost =
    host === undefined ||
    !host.powered ||
    isCut(world, conn.a.host, conn.b.host) ||
    isCut(world, conn.b.host, conn.a.host);
  if (isLost) {
    const wait = dialRetryAfter(event.attempt);
    if (wait === null) answerDial(world, conn, "connect ETIMEDOUT", world.kernel.now);
    else sendDial(world, conn, event.attempt + 1, plus(world.kernel.now, wait));
    return;
  }
  const back = plus(world.kernel.now, latencyOf(world, conn, "b-to-a"));
  const listener = host.listeners.find((one) => one.port === conn.port);
  if (listener === undefined || !host.up) {
    answerDial(world, conn, "connect ECONNREFUSED", back);
    return;
  }
  conn.status = "open";
  conn.ba.arrivesAt = back;
  answerDial(world, conn, null, back);
  acceptAt(world, doors, host, conn);
}

export function onDialled(world: World, doors: Doors, event: EventOf<"dialled">): void {
  const conn = world.conns.get(event.conn);
  if (conn === undefined || conn.a.gone) return;
  if (event.refused !== null) world.conns.delete(conn.id);
  handDialled(world, doors, conn, event.refused);
}

export function onArrive(world: World, doors: Doors, event: EventOf<"arrive">): void {
  const conn = world.conns.get(event.conn);
  if (conn === undefined) return;
  const { direction } = event;
  const pipe = pipeOf(conn, direction);
  assert(pipe.armed, "bytes arrived that nobody waited for");
  if (isBlocked(world, conn, direction)) {
    pipe.armed = false;
    stall(world, conn, direction);
    return;
  }
  const receiver = receiverOf(conn, direction);
  if (isFrozen(world, receiver)) {
    world.hosts.get(receiver.host)?.backlog.push({ kind: "arrive", conn: conn.id, direction });
    return;
  }
  pipe.armed = false;
  deliver(world, doors, conn, direction);
}

export function onGiveUp(world: World, doors: Doors, event: EventOf<"give-up">): void {
  const conn = world.conns.get(event.conn);
  if (conn === undefined) return;
  const pipe = pipeOf(conn, event.direction);
  if (pipe.stalledAt === null || pipe.stalls !== event.stall) return;
  const sender = senderOf(conn, event.direction);
  world.conns.delete(conn.id);
  if (!sender.gone) handEnd(world, doors, conn, event.direction === "a-to-b" ? "a" : "b", timedOut);
}

/** Hands over what has arrived: all bytes of this instant at once, or the end of the stream. */
function deliver(world: World, doors: Doors, conn: Conn, direction: Direction): void {
  const pipe = pipeOf(conn, direction);
  const receiver = receiverOf(conn, direction);
  const first = logGet(pipe.flying, logFirst(pipe.flying));
  const end = direction === "a-to-b" ? "b" : "a";
  if (first.bytes === null) {
    logDropBefore(pipe.flying, logFirst(pipe.flying) + 1);
    // The other side is told once, and then nothing of the connection is left.
    world.conns.delete(conn.id);
    if (!receiver.gone) handEnd(world, doors, conn, end, first.reason);
    return;
  }
  const { bytes, marks, records } = takeDue(world, pipe);
  if (logFirst(pipe.flying) < logEnd(pipe.flying)) {
    const { arrives } = logGet(pipe.flying, logFirst(pipe.flying));
    arm(world, conn, direction, laterOf(arrives, world.kernel.now));
  }
  if (receiver.gone) {
    resetConn(world, conn, opposite(direction));
    return;
  }
  for (const mark of marks) noteArrived(world, mark, conn, receiver);
  handBytes(world, doors, { conn, end, bytes, marks, records });
  noteTaken(world, marks);
}

/** Takes every segment of bytes or records that is due, as one piece. */
function takeDue(world: World, pipe: Pipe): Pick<Arrival, "bytes" | "marks" | "records"> {
  let at = logFirst(pipe.flying);
  const head = logGet(pipe.flying, at);
  assert(head.bytes !== null, "an end of stream was taken as bytes");
  let bytes = head.bytes;
  let { marks, records } = head;
  for (at++; at < logEnd(pipe.flying); at++) {
    const next = logGet(pipe.flying, at);
    if (next.bytes === null || next.arrives > world.kernel.now) break;
    bytes = joinBytes(bytes, next.bytes);
    marks = marks.length === 0 ? next.marks : [...marks, ...next.marks];
    if (records !== undefined) records = [...records, ...(next.records ?? [])];
  }
  logDropBefore(pipe.flying, at);
  return { bytes, marks, records };
}

function isFrozen(world: World, end: Endpoint): boolean {
  return end.owner.kind === "server" && world.hosts.get(end.host)?.frozen === true && !end.gone;
}

function stall(world: World, conn: Conn, direction: Direction): void {
  const pipe = pipeOf(conn, direction);
  const sender = senderOf(conn, direction);
  const head = logGet(pipe.flying, logFirst(pipe.flying));
  pipe.stalledAt = head.departed;
  pipe.stalls++;
  const end = plus(head.departed, retransmissionLimit);
  const at = laterOf(end, world.kernel.now);
  schedule(world.kernel, at, {
    kind: "give-up",
    host: sender.host,
    conn: conn.id,
    direction,
    stall: pipe.stalls,
  });
}
