/** Copies plain state for a checkpoint: containers share their chunks, the rest is copied. */
import { assert } from "./assert.ts";
import { type ByteLog, forkByteLog } from "./byte-log.ts";
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

/** What a copy holds that nobody else does, about. */
export interface ForkSize {
  /** Copied at once; containers count as roots. */
  readonly bytes: number;
  /** That went through its columns and byte logs and were dropped at the front, ever. */
  readonly dropped: number;
  /** Of the chunks at the fronts of those: what is dropped next is kept whole by this copy. */
  readonly fronts: number;
}

/** As `fork`, with the size of the copy. */
export function forkMeasured<T>(value: T): { readonly copy: T; readonly size: ForkSize } {
  const seen: Seen = new Map();
  const copy = forkValue(value, seen) as T;
  return { copy, size: sizeOf(seen) };
}

/** Originals to their copies. */
type Seen = Map<object, unknown>;

const wordBytes = 8;
const objectBytes = 24;
const mapEntryBytes = 40;
// A container's root, and a chunk that the next write will copy.
const containerBytes = 512;
// Most records have about ten fields.
const recordBytes = 10 * wordBytes;

function sizeOf(seen: Seen): ForkSize {
  let bytes = 0;
  let dropped = 0;
  let fronts = 0;
  for (const copy of seen.values()) {
    bytes += objectBytes;
    if (Array.isArray(copy)) bytes += copy.length * wordBytes;
    else if (copy instanceof Map || copy instanceof Set) bytes += copy.size * mapEntryBytes;
    else if (ArrayBuffer.isView(copy)) bytes += copy.byteLength;
    else if (!("container" in (copy as object))) bytes += recordBytes;
    else {
      const container = copy as Container;
      bytes += containerBytes;
      if (container.container === "bytes") {
        dropped += container.first;
        fronts += container.chunks[0]?.bytes.length ?? 0;
      } else if (container.container === "numbers") {
        const { values } = container.chunks[0] ?? { values: noNumbers };
        dropped += container.first * values.BYTES_PER_ELEMENT;
        fronts += values.byteLength;
      }
    }
  }
  return { bytes, dropped, fronts };
}

const noNumbers = new Uint8Array(0);

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
    default:
      assert(false, `not a container: ${(value as { container: unknown }).container}`);
  }
}

function copyView(view: ArrayBufferView): unknown {
  assert("slice" in view && typeof view.slice === "function", "a DataView in the state");
  return view.slice();
}
