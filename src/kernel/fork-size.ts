/** About how much memory a fork holds that nobody else does. */
import type { Container } from "./fork.ts";
import { type Log, logChunkRows } from "./log-chunks.ts";
import type { NumberLog } from "./number-log.ts";
import type { TableKey } from "./table.ts";
import type { TableNode } from "./table-nodes.ts";

/** What a copy holds that nobody else does, about. */
export interface ForkSize {
  /** Copied at once, and the chunks that the original will copy when it goes on as before. */
  readonly bytes: number;
  /** That went through its columns and byte logs and were dropped at the front, ever. */
  readonly dropped: number;
  /** Of the chunks at the fronts of those: what is dropped next is kept whole by this copy. */
  readonly fronts: number;
}

const wordBytes = 8;
const objectBytes = 24;
const mapEntryBytes = 40;
// Most records have about ten fields, and so has the root of a container.
const recordBytes = 10 * wordBytes;
// A row of a list: an entry of a Raft log, which its members share, or one of a queue.
const rowBytes = 100;

interface Sum {
  bytes: number;
  dropped: number;
  fronts: number;
}

/** Adds up everything that a fork has made. */
export function sizeOfCopies(copies: Iterable<unknown>): ForkSize {
  const sum: Sum = { bytes: 0, dropped: 0, fronts: 0 };
  for (const copy of copies) addCopy(sum, copy as object);
  return sum;
}

function addCopy(sum: Sum, copy: object): void {
  sum.bytes += objectBytes;
  if (Array.isArray(copy)) sum.bytes += copy.length * wordBytes;
  else if (copy instanceof Map || copy instanceof Set) sum.bytes += copy.size * mapEntryBytes;
  else if (ArrayBuffer.isView(copy)) sum.bytes += copy.byteLength;
  else {
    sum.bytes += recordBytes;
    if ("container" in copy) addContainer(sum, copy as Container);
  }
}

function addContainer(sum: Sum, copy: Container): void {
  switch (copy.container) {
    case "log":
      addLog(sum, copy);
      break;
    case "numbers":
      addNumbers(sum, copy);
      break;
    case "bytes":
      sum.dropped += copy.first;
      sum.fronts += copy.chunks[0]?.bytes.length ?? 0;
      break;
    case "table":
      sum.bytes += freshNodes(copy.root, copy.epoch - 1);
      break;
    case "seqset":
      sum.bytes += freshNodes(copy.intervals.root, copy.intervals.epoch - 1);
      break;
    case "queue":
      addLog(sum, copy.heap);
      sum.bytes += freshNodes(copy.timers.root, copy.timers.epoch - 1);
      break;
    default:
      break;
  }
}

/**
 * A last chunk that was written since the last fork will be written again: then this copy has the
 * old one for itself, and the rows in it, which the original drops some day. The list of chunks is
 * as new as its newest chunk; those before the last were filled, most of them, and stay.
 */
function addLog(sum: Sum, { epoch, first, end, base, chunks, chunksEpoch }: Log<unknown>): void {
  if (chunksEpoch >= epoch - 1) sum.bytes += chunks.length * wordBytes;
  const tail = chunks[chunks.length - 1];
  if (tail?.epoch !== epoch - 1) return;
  const start = (base + chunks.length - 1) * logChunkRows;
  sum.bytes += tail.rows.length * wordBytes + (end - Math.max(first, start)) * rowBytes;
}

function addNumbers(sum: Sum, { epoch, first, chunks, chunksEpoch }: NumberLog): void {
  const { values } = chunks[0] ?? { values: noNumbers };
  sum.dropped += first * values.BYTES_PER_ELEMENT;
  sum.fronts += values.byteLength;
  if (chunksEpoch < epoch - 1) return;
  sum.bytes += chunks.length * wordBytes;
  const tail = chunks[chunks.length - 1];
  if (tail?.epoch === epoch - 1) sum.bytes += tail.values.byteLength;
}

const noNumbers = new Uint8Array(0);

/** Bytes of the nodes that were made in an epoch; they hang together from the root. */
function freshNodes<K extends TableKey>(node: TableNode<K, unknown>, epoch: number): number {
  if (node.epoch !== epoch) return 0;
  const bytes = recordBytes + node.keys.length * 2 * wordBytes;
  if (node.leaf) return bytes;
  return node.children.reduce((sum, child) => sum + freshNodes(child, epoch), bytes);
}
