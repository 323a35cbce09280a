/**
 * What the processes of a history did, turn by turn: read when the past is replayed, and when a
 * process is built again. All but the newest turns of a process are packed, a chunk at a time.
 */
import { assert } from "../../kernel/index.ts";
import type { ProcessEffect, Turn } from "../../world/index.ts";
import { packValue, unpackValue } from "./pack.ts";
import { squeeze, unsqueeze } from "./squeeze.ts";

/** One turn of a process and what it did. */
export interface TurnRecord {
  readonly turn: Turn;
  readonly effects: readonly ProcessEffect[];
}

/** The turns of one process: `chunkTurns` in each chunk, then those not packed yet. */
export interface ProcessTurns {
  readonly packed: Uint8Array[];
  readonly recent: TurnRecord[];
  /** The chunk that was read last: a replay reads each from end to end. */
  opened: { readonly chunk: Uint8Array; readonly records: readonly TurnRecord[] } | null;
}

export interface TurnLog {
  readonly processes: Map<number, ProcessTurns>;
  /** Of everything packed. */
  packedBytes: number;
  /** Beyond this, old moments are worth less than the memory. */
  packedBytesMax: number;
}

/** A busy client of ten hours takes a fifth of this; see `npm run bench -- --only turns`. */
export const packedBytesMax = 128 * 1_048_576;
export const chunkTurns = 256;
// Short commands are never packed: most processes take a few dozen turns and end.
const recentMax = 2 * chunkTurns;

export function createTurnLog(): TurnLog {
  return { processes: new Map(), packedBytes: 0, packedBytesMax };
}

/** Notes a turn; turns of one process come in order. */
export function recordTurn(log: TurnLog, record: TurnRecord): void {
  const { pid, number } = record.turn;
  const turns = log.processes.get(pid) ?? createProcessTurns([], []);
  log.processes.set(pid, turns);
  assert(countTurns(turns) === number, `turn ${number} of process ${pid} came out of order`);
  turns.recent.push(record);
  if (turns.recent.length < recentMax) return;
  const chunk = squeeze(packValue(turns.recent.splice(0, chunkTurns)));
  turns.packed.push(chunk);
  log.packedBytes += chunk.length;
}

/** What a process did in one of its turns, or null when it is not known. */
export function effectsOf(log: TurnLog, turn: Turn): readonly ProcessEffect[] | null {
  const turns = log.processes.get(turn.pid);
  return turns === undefined ? null : (turnAt(turns, turn.number)?.effects ?? null);
}

/** The first so many turns of a process, oldest first. They must be known. */
export function* firstTurns(log: TurnLog, pid: number, count: number): Generator<Turn> {
  const turns = log.processes.get(pid);
  for (let number = 0; number < count; number++) {
    const record = turns === undefined ? null : turnAt(turns, number);
    assert(record !== null, `turn ${number} of process ${pid} was not recorded`);
    yield record.turn;
  }
}

/** The same history up to a moment: `taken` answers how many turns a process had taken by then. */
export function forkTurnLog(log: TurnLog, taken: (pid: number) => number | null): TurnLog {
  const fork = createTurnLog();
  fork.packedBytesMax = log.packedBytesMax;
  for (const [pid, turns] of log.processes) {
    const count = taken(pid);
    if (count === 0) continue;
    const kept = count === null ? shareTurns(turns) : cutTurns(turns, count);
    fork.processes.set(pid, kept);
    for (const chunk of kept.packed) fork.packedBytes += chunk.length;
  }
  return fork;
}

/** Forgets a process that nobody will ask for again. */
export function forgetTurns(log: TurnLog, pid: number): void {
  log.packedBytes -= packedBytesOf(log, pid);
  log.processes.delete(pid);
}

export function packedBytesOf(log: TurnLog, pid: number): number {
  return (log.processes.get(pid)?.packed ?? []).reduce((sum, chunk) => sum + chunk.length, 0);
}

function countTurns({ packed, recent }: ProcessTurns): number {
  return packed.length * chunkTurns + recent.length;
}

function turnAt(turns: ProcessTurns, number: number): TurnRecord | null {
  const chunk = turns.packed[Math.floor(number / chunkTurns)];
  if (chunk === undefined) return turns.recent[number - turns.packed.length * chunkTurns] ?? null;
  return openChunk(turns, chunk)[number % chunkTurns] ?? null;
}

function openChunk(turns: ProcessTurns, chunk: Uint8Array): readonly TurnRecord[] {
  if (turns.opened?.chunk !== chunk) {
    turns.opened = { chunk, records: unpackValue(unsqueeze(chunk)) as TurnRecord[] };
  }
  return turns.opened.records;
}

function createProcessTurns(packed: Uint8Array[], recent: TurnRecord[]): ProcessTurns {
  return { packed, recent, opened: null };
}

/** Chunks are values and shared. */
function shareTurns({ packed, recent }: ProcessTurns): ProcessTurns {
  return createProcessTurns(packed.slice(), recent.slice());
}

function cutTurns(turns: ProcessTurns, count: number): ProcessTurns {
  const whole = Math.min(Math.floor(count / chunkTurns), turns.packed.length);
  const packed = turns.packed.slice(0, whole);
  const cut = turns.packed[whole];
  const rest = cut === undefined ? turns.recent : openChunk(turns, cut);
  return createProcessTurns(packed, rest.slice(0, count - whole * chunkTurns));
}
