/**
 * The rows of a store: one a message in columns, 36 bytes each beside the message itself. A deleted
 * message leaves a dead row behind (subject -1), until the front passes it or the rows are packed.
 *
 *     sequence  10 11 12 13 | 900 901          runs of consecutive sequences are segments;
 *     row        0  1  2  3 |   4   5          a stream without holes has a single one
 */
import {
  assert,
  type ByteLog,
  byteLogAppend,
  byteLogDropBefore,
  byteLogRead,
  createByteLog,
  createNumberLog,
  createTable,
  epochSeconds,
  type NumberLog,
  numberLogDropBefore,
  numberLogEnd,
  numberLogGet,
  numberLogPush,
  numberLogSet,
  type StoredTime,
  type Table,
  tableDelete,
  tableFirst,
  tableFloor,
  tableHigher,
  tableSet,
  tableSize,
} from "../../kernel/index.ts";

export const deadRow = -1;
/** No row: the end of a chain, or nothing found. */
export const noRow = -1;

/** Plain data; rows are numbered from 0 on and never renumbered but by packing. */
export interface MessageRows {
  readonly offset: NumberLog;
  readonly headerSize: NumberLog;
  readonly payloadSize: NumberLog;
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
  /** Bytes of live headers and payloads. */
  liveBytes: number;
}

const blockRows = 1024;
const blockShift = 10;
/** Holes up to this long become dead rows; longer ones begin a segment. */
const holeRowsMax = 4;

export function createMessageRows(): MessageRows {
  return {
    offset: createNumberLog("f64"),
    headerSize: createNumberLog("i32"),
    payloadSize: createNumberLog("i32"),
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

export interface NewRow {
  readonly seq: number;
  readonly subject: number;
  /** Last live row of the subject, or `noRow`. */
  readonly previous: number;
  readonly time: StoredTime;
  readonly headers: Uint8Array | null;
  readonly payload: Uint8Array;
}

/** Appends a message; its sequence must be above all others. Answers its row. */
export function appendRow(rows: MessageRows, message: NewRow): number {
  placeSequence(rows, message.seq, message.time);
  const { headers, payload } = message;
  const offset =
    headers === null
      ? byteLogAppend(rows.bytes, payload)
      : byteLogAppend(rows.bytes, headers, payload);
  const headerSize = headers === null ? 0 : headers.length;
  const row = pushRow(rows, message.subject, message.time);
  numberLogPush(rows.offset, offset);
  numberLogPush(rows.headerSize, headerSize);
  numberLogPush(rows.payloadSize, payload.length);
  numberLogPush(rows.previous, message.previous);
  numberLogPush(rows.next, noRow);
  if (message.previous !== noRow) numberLogSet(rows.next, message.previous, row);
  const block = row >> blockShift;
  numberLogSet(rows.liveInBlock, block, numberLogGet(rows.liveInBlock, block) + 1);
  rows.live += 1;
  rows.liveBytes += headerSize + payload.length;
  return row;
}

/** Marks a live row dead, takes it out of its subject's chain and moves the front past it. */
export function killRow(rows: MessageRows, row: number): void {
  assert(isLive(rows, row), "row killed twice");
  const previous = numberLogGet(rows.previous, row);
  const next = numberLogGet(rows.next, row);
  if (previous !== noRow) numberLogSet(rows.next, previous, next);
  if (next !== noRow) numberLogSet(rows.previous, next, previous);
  rows.liveBytes -= numberLogGet(rows.headerSize, row) + numberLogGet(rows.payloadSize, row);
  numberLogSet(rows.subject, row, deadRow);
  const block = row >> blockShift;
  numberLogSet(rows.liveInBlock, block, numberLogGet(rows.liveInBlock, block) - 1);
  rows.live -= 1;
  if (row === rows.first) dropDeadFront(rows);
}

export function isLive(rows: MessageRows, row: number): boolean {
  return row >= rows.first && row < endRow(rows) && numberLogGet(rows.subject, row) !== deadRow;
}

/** The row after the last one. */
export function endRow(rows: MessageRows): number {
  return numberLogEnd(rows.subject);
}

/** The live row of a sequence, or `noRow`. */
export function rowOfSeq(rows: MessageRows, seq: number): number {
  const row = rowAtOrAfter(rows, seq);
  return row !== noRow && seqOfRow(rows, row) === seq && isLive(rows, row) ? row : noRow;
}

/** First row, dead or live, whose sequence is at least `seq`, or `noRow`. */
export function rowAtOrAfter(rows: MessageRows, seq: number): number {
  const end = endRow(rows);
  if (rows.live === 0) return noRow;
  if (seq >= rows.tailSeq) {
    const row = rows.tailRow + (seq - rows.tailSeq);
    if (row >= end) return noRow;
    return Math.max(row, rows.first);
  }
  const segment = tableFloor(rows.rowOfSegment, seq);
  if (segment === null) return rows.first;
  const row = segment.value + (seq - segment.key);
  // Past the end of its segment: the next segment's first row is the first at or after.
  const following = tableHigher(rows.rowOfSegment, seq);
  const found = following !== null && row > following.value ? following.value : row;
  return Math.max(found, rows.first);
}

export function seqOfRow(rows: MessageRows, row: number): number {
  if (row >= rows.tailRow) return rows.tailSeq + (row - rows.tailRow);
  const segment = tableFloor(rows.segmentOfRow, row);
  assert(segment !== null, "row outside every segment");
  return segment.value + (row - segment.key);
}

/** First live row at or after `row`, or `noRow`. */
export function nextLiveRow(rows: MessageRows, row: number): number {
  const end = endRow(rows);
  let at = Math.max(row, rows.first);
  while (at < end) {
    if ((at & (blockRows - 1)) === 0 && numberLogGet(rows.liveInBlock, at >> blockShift) === 0) {
      at += blockRows;
    } else if (numberLogGet(rows.subject, at) !== deadRow) {
      return at;
    } else {
      at += 1;
    }
  }
  return noRow;
}

/** Last live row at or before `row`, or `noRow`. */
export function previousLiveRow(rows: MessageRows, row: number): number {
  let at = Math.min(row, endRow(rows) - 1);
  while (at >= rows.first) {
    const isBlockEnd = (at & (blockRows - 1)) === blockRows - 1;
    if (isBlockEnd && numberLogGet(rows.liveInBlock, at >> blockShift) === 0) {
      at -= blockRows;
    } else if (numberLogGet(rows.subject, at) !== deadRow) {
      return at;
    } else {
      at -= 1;
    }
  }
  return noRow;
}

/** How many rows at or after `row` are live. */
export function countLiveFrom(rows: MessageRows, row: number): number {
  const end = endRow(rows);
  if (row <= rows.first) return rows.live;
  if (row >= end) return 0;
  let count = 0;
  const blockEnd = Math.min(end, ((row >> blockShift) + 1) << blockShift);
  for (let at = row; at < blockEnd; at++) {
    if (numberLogGet(rows.subject, at) !== deadRow) count += 1;
  }
  const blocks = numberLogEnd(rows.liveInBlock);
  for (let block = (row >> blockShift) + 1; block < blocks; block++) {
    count += numberLogGet(rows.liveInBlock, block);
  }
  return count;
}

export function timeOfRow(rows: MessageRows, row: number): StoredTime {
  return {
    s: numberLogGet(rows.seconds, row) + epochSeconds,
    n: numberLogGet(rows.nanos, row),
  };
}

/** The header block of a row, null when it has none: a view. */
export function headersOfRow(rows: MessageRows, row: number): Uint8Array | null {
  const size = numberLogGet(rows.headerSize, row);
  return size === 0 ? null : byteLogRead(rows.bytes, numberLogGet(rows.offset, row), size);
}

/** The payload of a row: a view. */
export function payloadOfRow(rows: MessageRows, row: number): Uint8Array {
  const offset = numberLogGet(rows.offset, row) + numberLogGet(rows.headerSize, row);
  return byteLogRead(rows.bytes, offset, numberLogGet(rows.payloadSize, row));
}

/** First row at or after a time, dead ones included, or `noRow`. Times rise with rows. */
export function rowAtTime(rows: MessageRows, time: StoredTime): number {
  const end = endRow(rows);
  const s = time.s - epochSeconds;
  let low = rows.first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    const ms = numberLogGet(rows.seconds, middle);
    const isBefore = ms < s || (ms === s && numberLogGet(rows.nanos, middle) < time.n);
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return low < end ? low : noRow;
}

/** Makes the last segment reach up to the sequence before `seq`, or begins a new one at it. */
function placeSequence(rows: MessageRows, seq: number, time: StoredTime): void {
  const end = endRow(rows);
  const hole = seq - (rows.tailSeq + (end - rows.tailRow));
  if (rows.live > 0 && hole <= holeRowsMax) {
    assert(hole >= 0, "sequences must rise");
    for (let i = 0; i < hole; i++) pushDeadRow(rows, time);
    return;
  }
  if (rows.live === 0) forgetRows(rows);
  rows.tailSeq = seq;
  rows.tailRow = end;
  tableSet(rows.rowOfSegment, seq, end);
  tableSet(rows.segmentOfRow, end, seq);
}

function pushDeadRow(rows: MessageRows, time: StoredTime): void {
  pushRow(rows, deadRow, time);
  numberLogPush(rows.offset, rows.bytes.end);
  numberLogPush(rows.headerSize, 0);
  numberLogPush(rows.payloadSize, 0);
  numberLogPush(rows.previous, noRow);
  numberLogPush(rows.next, noRow);
}

function pushRow(rows: MessageRows, subject: number, time: StoredTime): number {
  const row = numberLogPush(rows.subject, subject);
  numberLogPush(rows.seconds, clampInt32(time.s - epochSeconds));
  numberLogPush(rows.nanos, time.n);
  if (row >> blockShift >= numberLogEnd(rows.liveInBlock)) numberLogPush(rows.liveInBlock, 0);
  return row;
}

function clampInt32(value: number): number {
  if (value > 0x7fff_ffff) return 0x7fff_ffff;
  return Math.max(value, -0x8000_0000);
}

function dropDeadFront(rows: MessageRows): void {
  const front = nextLiveRow(rows, rows.first);
  rows.first = front === noRow ? endRow(rows) : front;
  byteLogDropBefore(
    rows.bytes,
    front === noRow ? rows.bytes.end : numberLogGet(rows.offset, front),
  );
  dropColumns(rows);
  while (tableSize(rows.segmentOfRow) > 1) {
    const oldest = tableFirst(rows.segmentOfRow);
    if (oldest === null) return;
    const following = tableHigher(rows.segmentOfRow, oldest.key);
    if (following === null || following.key > rows.first) return;
    tableDelete(rows.segmentOfRow, oldest.key);
    tableDelete(rows.rowOfSegment, oldest.value);
  }
}

/** No row is live: segments of the past are of no use. */
function forgetRows(rows: MessageRows): void {
  rows.first = endRow(rows);
  dropColumns(rows);
  for (let oldest = tableFirst(rows.segmentOfRow); oldest !== null; ) {
    tableDelete(rows.segmentOfRow, oldest.key);
    tableDelete(rows.rowOfSegment, oldest.value);
    oldest = tableFirst(rows.segmentOfRow);
  }
}

function dropColumns(rows: MessageRows): void {
  const first = rows.first;
  numberLogDropBefore(rows.offset, first);
  numberLogDropBefore(rows.headerSize, first);
  numberLogDropBefore(rows.payloadSize, first);
  numberLogDropBefore(rows.subject, first);
  numberLogDropBefore(rows.seconds, first);
  numberLogDropBefore(rows.nanos, first);
  numberLogDropBefore(rows.previous, first);
  numberLogDropBefore(rows.next, first);
  numberLogDropBefore(rows.liveInBlock, first >> blockShift);
}
