/** Pipes between processes of one host: bounded, so that a writer waits for its reader. */

import type { World } from "../world.ts";
import type { RequestReply } from "./request.ts";
import { sendInput } from "./turns.ts";

/** A process and the request of its that waits. */
export type Waiting = readonly [pid: number, request: number];

export type PipeEnd = "read" | "write";

export interface StreamPipe {
  readonly id: number;
  readonly chunks: Uint8Array[];
  bytes: number;
  /** Processes that hold the writing end; at 0 its readers see the end. */
  writers: number;
  /** Processes that hold the reading end; at 0 a write fails. */
  readers: number;
  /** Reads that wait for bytes, in order. */
  readonly reading: PipeRead[];
  /** Writers that wait for room. */
  readonly draining: Waiting[];
}

/** A read, and whether it takes no more than one line. */
export interface PipeRead {
  readonly who: Waiting;
  readonly line: boolean;
}

const newline = 10;
// Linux: the capacity of a pipe.
const pipeRoom = 65_536;

/** A pipe whose ends are not held yet. */
export function createPipe(world: World): StreamPipe {
  const pipe: StreamPipe = {
    id: world.pipeNext++,
    chunks: [],
    bytes: 0,
    writers: 0,
    readers: 0,
    reading: [],
    draining: [],
  };
  world.pipes.set(pipe.id, pipe);
  return pipe;
}

/** A pipe that holds these bytes and then ends: given input, shared by whoever inherits it. */
export function createFilledPipe(world: World, bytes: Uint8Array): StreamPipe {
  const pipe = createPipe(world);
  if (bytes.length > 0) pipe.chunks.push(bytes);
  pipe.bytes = bytes.length;
  return pipe;
}

/** False when nobody will ever read it: the writer gets SIGPIPE. */
export function writePipe(world: World, id: number, bytes: Uint8Array): boolean {
  const pipe = world.pipes.get(id);
  if (pipe === undefined || pipe.readers === 0) return false;
  if (bytes.length === 0) return true;
  pipe.chunks.push(bytes);
  pipe.bytes += bytes.length;
  serveReads(world, pipe);
  return true;
}

/** Answers with the next bytes as soon as there are some; with null at the end. */
export function readPipe(world: World, id: number, read: PipeRead): void {
  const pipe = world.pipes.get(id);
  if (pipe === undefined) {
    answer(world, read.who, null);
    return;
  }
  pipe.reading.push(read);
  serveReads(world, pipe);
}

/** Answers as soon as the pipe has room again, at once when it has. */
export function drainPipe(world: World, id: number, writer: Waiting): void {
  const pipe = world.pipes.get(id);
  if (pipe === undefined || pipe.readers === 0) refuse(world, writer, "EPIPE");
  else if (pipe.bytes < pipeRoom) answer(world, writer, null);
  else pipe.draining.push(writer);
}

export function holdPipe(world: World, id: number, end: PipeEnd): void {
  const pipe = world.pipes.get(id);
  if (pipe === undefined) return;
  if (end === "read") pipe.readers++;
  else pipe.writers++;
}

/** Somebody who held an end lets go of it: the other end is told when it was the last. */
export function releasePipe(world: World, id: number, end: PipeEnd): void {
  const pipe = world.pipes.get(id);
  if (pipe === undefined) return;
  if (end === "write") {
    pipe.writers--;
    serveReads(world, pipe);
  } else {
    pipe.readers--;
    if (pipe.readers === 0) {
      for (const writer of pipe.draining.splice(0)) refuse(world, writer, "EPIPE");
    }
  }
  if (pipe.readers <= 0 && pipe.writers <= 0) world.pipes.delete(id);
}

/** The first bytes of a chunk that a read takes; with `line`, up to a newline. */
export function takeBytes(chunks: Uint8Array[], line: boolean): Uint8Array | null {
  const head = chunks.shift();
  if (head === undefined) return null;
  const at = line ? head.indexOf(newline) : -1;
  if (at < 0 || at === head.length - 1) return head;
  chunks.unshift(head.subarray(at + 1));
  return head.subarray(0, at + 1);
}

function serveReads(world: World, pipe: StreamPipe): void {
  while (pipe.reading.length > 0 && (pipe.chunks.length > 0 || pipe.writers <= 0)) {
    const read = pipe.reading.shift();
    if (read === undefined) return;
    const bytes = takeBytes(pipe.chunks, read.line);
    pipe.bytes -= bytes?.length ?? 0;
    answer(world, read.who, bytes);
  }
  if (pipe.bytes >= pipeRoom) return;
  for (const writer of pipe.draining.splice(0)) answer(world, writer, null);
}

function answer(world: World, [pid, id]: Waiting, value: Uint8Array | null): void {
  const reply: RequestReply = { ok: true, value };
  sendInput(world, pid, { kind: "reply", id, reply });
}

function refuse(world: World, [pid, id]: Waiting, error: string): void {
  sendInput(world, pid, { kind: "reply", id, reply: { ok: false, error } });
}
