/** Copies plain state for a checkpoint: containers share their chunks, the rest is copied. */
import { assert } from "./assert.ts";
import { type ByteLog, forkByteLog } from "./byte-log.ts";
import { type ForkSize, sizeOfCopies } from "./fork-size.ts";
import { forkLog, type Log } from "./log-chunks.ts";
import { forkNumberLog, type NumberLog } from "./number-log.ts";
import { forkQueue, type Queue } from "./queue.ts";
import type { RandomStreams } from "./random.ts";
import { forkSeqSet, type SeqSet } from "./seq-set.ts";
import { forkTable, type Table } from "./table.ts";

/** Every container by its tag. */
export type Container =
  | Log<unknown>
  | Table<string, unknown>
  | ByteLog
  | NumberLog
  | SeqSet
  | Queue<unknown>
  | Cell<object>
  | RandomStreams;

/**
 * A deep copy of plain data. Kernel containers share their chunks (their epoch is raised);
 * `Uint8Array`s and frozen objects are values and shared by reference; an object that is reached
 * twice is copied once, so aliases stay aliases. Throws AssertionError for anything that is not
 * plain data.
 */
export function fork<T>(value: T): T {
  return forkValue(value, new Map()) as T;
}

/**
 * Plain data that changes seldom: forks share it until somebody wants to write to it, and then it
 * is copied as a whole. Nothing inside may be reached from outside of the cell.
 */
export interface Cell<T extends object> {
  readonly container: "cell";
  epoch: number;
  /** The root's epoch when it made the value: equal means that nobody shares it. */
  valueEpoch: number;
  /** To be read freely; what writes to it begins with `ownCell`. */
  value: T;
}

export function createCell<T extends object>(value: T): Cell<T> {
  return { container: "cell", epoch: 0, valueEpoch: 0, value };
}

/** The value of a cell, to be written to now: a copy when another fork shares it. */
export function ownCell<T extends object>(cell: Cell<T>): T {
  if (cell.valueEpoch === cell.epoch) return cell.value;
  cell.value = fork(cell.value);
  cell.valueEpoch = cell.epoch;
  return cell.value;
}

/** As `fork`, with the size of the copy. */
export function forkMeasured<T>(value: T): { readonly copy: T; readonly size: ForkSize } {
  const seen: Seen = new Map();
  const copy = forkValue(value, seen) as T;
  return { copy, size: sizeOfCopies(seen.values()) };
}

/** Originals to their copies. */
type Seen = Map<object, unknown>;

function forkValue(value: unknown, seen: Seen): unknown {
  if (typeof value !== "object" || value === null) {
    assert(typeof value !== "function", "a function in the state");
    return value;
  }
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (value instanceof Uint8Array || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return forkArray(value, seen);
  if (value instanceof Map) return forkMap(value, seen);
  if (value instanceof Set) return remember(seen, value, new Set(value));
  if (ArrayBuffer.isView(value)) return remember(seen, value, copyView(value));
  if ("container" in value && (value as Container).container !== "random") {
    return remember(seen, value, forkContainer(value as Exclude<Container, RandomStreams>));
  }
  return forkObject(value, seen);
}

function remember<T>(seen: Seen, value: object, copy: T): T {
  seen.set(value, copy);
  return copy;
}

function forkArray(value: readonly unknown[], seen: Seen): unknown[] {
  const copy: unknown[] = remember(seen, value, []);
  for (let i = 0; i < value.length; i++) copy.push(forkValue(value[i], seen));
  return copy;
}

function forkMap(value: Map<unknown, unknown>, seen: Seen): Map<unknown, unknown> {
  const copy = remember(seen, value, new Map<unknown, unknown>());
  for (const [key, entry] of value) copy.set(key, forkValue(entry, seen));
  return copy;
}

function forkObject(value: object, seen: Seen): object {
  const kind = Object.getPrototypeOf(value);
  assert(kind === Object.prototype || kind === null, "an instance of a class in the state");
  // The spread keeps the hidden class; only what is not a primitive is then replaced.
  const copy = remember(seen, value, { ...value }) as Record<string, unknown>;
  for (const key of Object.keys(copy)) {
    const entry = copy[key];
    if (typeof entry === "object" && entry !== null) copy[key] = forkValue(entry, seen);
    else assert(typeof entry !== "function", "a function in the state");
  }
  return copy;
}

function forkContainer(value: Exclude<Container, RandomStreams>): unknown {
  switch (value.container) {
    case "log":
      return forkLog(value);
    case "table":
      return forkTable(value);
    case "bytes":
      return forkByteLog(value);
    case "numbers":
      return forkNumberLog(value);
    case "seqset":
      return forkSeqSet(value);
    case "queue":
      return forkQueue(value);
    case "cell":
      return forkCell(value);
    default:
      assert(false, `not a container: ${(value as { container: unknown }).container}`);
  }
}

function copyView(view: ArrayBufferView): unknown {
  assert("slice" in view && typeof view.slice === "function", "a DataView in the state");
  return view.slice();
}

/** A copy that shares the value; raises the epoch of both, as in log-chunks.ts. */
function forkCell(cell: Cell<object>): Cell<object> {
  cell.epoch += 1;
  const { epoch, valueEpoch, value } = cell;
  return { container: "cell", epoch, valueEpoch, value };
}
