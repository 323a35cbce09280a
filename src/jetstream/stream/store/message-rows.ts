/** Writing rows: one more at the end, one dead. */

import {
  assert,
  byteLogAppend,
  byteLogDropBefore,
  epochSeconds,
  numberLogDropBefore,
  numberLogEnd,
  numberLogGet,
  numberLogPush,
  numberLogSet,
  type StoredTime,
  tableDelete,
  tableFirst,
  tableHigher,
  tableSet,
  tableSize,
} from "../../../kernel/index.ts";
import { nextLiveRow } from "./row-read.ts";
import {
  blockShift,
  deadRow,
  endRow,
  isLive,
  lengthSize,
  type MessageRows,
  noRow,
} from "./row-shape.ts";
import { recordSize } from "./row-size.ts";

/** Holes up to this long become dead rows; longer ones begin a segment. */
const holeRowsMax = 4;

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
  const hasHeaders = headers !== null && headers.length > 0;
  const content = payload.length + (hasHeaders ? headers.length : 0);
  const offset = hasHeaders
    ? byteLogAppend(rows.bytes, lengthBytes(headers.length), headers, payload)
    : byteLogAppend(rows.bytes, payload);
  const row = pushRow(rows, message.subject, message.time);
  numberLogPush(rows.offset, offset);
  numberLogPush(rows.content, hasHeaders ? ~content : content);
  numberLogPush(rows.previous, message.previous);
  numberLogPush(rows.next, noRow);
  if (message.previous !== noRow) numberLogSet(rows.next, message.previous, row);
  const block = row >> blockShift;
  numberLogSet(rows.liveInBlock, block, numberLogGet(rows.liveInBlock, block) + 1);
  rows.live += 1;
  rows.liveBytes += recordSize(rows, row);
  return row;
}

/** Marks a live row dead, takes it out of its subject's chain and moves the front past it. */
export function killRow(rows: MessageRows, row: number): void {
  assert(isLive(rows, row), "row killed twice");
  const previous = numberLogGet(rows.previous, row);
  const next = numberLogGet(rows.next, row);
  if (previous !== noRow) numberLogSet(rows.next, previous, next);
  if (next !== noRow) numberLogSet(rows.previous, next, previous);
  rows.liveBytes -= recordSize(rows, row);
  numberLogSet(rows.subject, row, deadRow);
  const block = row >> blockShift;
  numberLogSet(rows.liveInBlock, block, numberLogGet(rows.liveInBlock, block) - 1);
  rows.live -= 1;
  if (row === rows.first) dropDeadFront(rows);
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
  numberLogPush(rows.content, 0);
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

/** A length as the first bytes of a record, written over by the next call. */
function lengthBytes(length: number): Uint8Array {
  for (let i = 0; i < lengthSize; i++) lengthScratch[i] = (length >>> (8 * i)) & 0xff;
  return lengthScratch;
}

const lengthScratch = new Uint8Array(lengthSize);

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
  numberLogDropBefore(rows.content, first);
  numberLogDropBefore(rows.subject, first);
  numberLogDropBefore(rows.seconds, first);
  numberLogDropBefore(rows.nanos, first);
  numberLogDropBefore(rows.previous, first);
  numberLogDropBefore(rows.next, first);
  numberLogDropBefore(rows.liveInBlock, first >> blockShift);
}
