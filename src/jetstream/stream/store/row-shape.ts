/**
 * The rows of a store: one a message in columns, 32 bytes each beside the message itself. A deleted
 * message leaves a dead row behind (subject -1), until the front passes it or the rows are packed.
 *
 *     sequence  10 11 12 13 | 900 901          runs of consecutive sequences are segments;
 *     row        0  1  2  3 |   4   5          a stream without holes has a single one
 */
import {
  type ByteLog,
  createByteLog,
  createNumberLog,
  createTable,
  type NumberLog,
  numberLogEnd,
  numberLogGet,
  type Table,
} from "../../../kernel/index.ts";

export const deadRow = -1;
/** No row: the end of a chain, or nothing found. */
export const noRow = -1;

/** Plain data; rows are numbered from 0 on and never renumbered but by packing. */
export interface MessageRows {
  readonly offset: NumberLog;
  /**
   * Bytes of headers and payload; `~bytes`, which is negative, when there are headers: then the
   * record begins with their length in four bytes. Most messages have none and pay for none.
   */
  readonly content: NumberLog;
  /** Subject id, or `deadRow`. */
  readonly subject: NumberLog;
  /** Seconds since `epochSeconds`; what is out of 32 bits is clamped. */
  readonly seconds: NumberLog;
  readonly nanos: NumberLog;
  /** Neighbours of the same subject: a chain of live rows. */
  readonly previous: NumberLog;
  readonly next: NumberLog;
  readonly bytes: ByteLog;
  /** Live rows of each block of `blockRows`. */
  readonly liveInBlock: NumberLog;
  /** First sequence of each segment to its row, and back. */
  readonly rowOfSegment: Table<number, number>;
  readonly segmentOfRow: Table<number, number>;
  /** The last segment again, which is where nearly all look-ups end. */
  tailSeq: number;
  tailRow: number;
  /** First row that may be live. */
  first: number;
  live: number;
  /** Bytes of live records. */
  liveBytes: number;
}

/** Bytes that say how long the headers are. */
export const lengthSize = 4;

export const blockRows = 1024;

export const blockShift = 10;

export function createMessageRows(): MessageRows {
  return {
    offset: createNumberLog("f64"),
    content: createNumberLog("i32"),
    subject: createNumberLog("i32"),
    seconds: createNumberLog("i32"),
    nanos: createNumberLog("i32"),
    previous: createNumberLog("i32"),
    next: createNumberLog("i32"),
    bytes: createByteLog(),
    liveInBlock: createNumberLog("i32"),
    rowOfSegment: createTable(),
    segmentOfRow: createTable(),
    tailSeq: 0,
    tailRow: 0,
    first: 0,
    live: 0,
    liveBytes: 0,
  };
}

export function isLive(rows: MessageRows, row: number): boolean {
  return row >= rows.first && row < endRow(rows) && numberLogGet(rows.subject, row) !== deadRow;
}

/** The row after the last one. */
export function endRow(rows: MessageRows): number {
  return numberLogEnd(rows.subject);
}
