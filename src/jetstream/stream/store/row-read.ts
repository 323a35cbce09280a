/** Reading rows: by sequence, by time, the next live one, what one holds. */

import {
  assert,
  byteLogRead,
  epochSeconds,
  numberLogEnd,
  numberLogGet,
  type StoredTime,
  tableFloor,
  tableHigher,
} from "../../../kernel/index.ts";
import {
  blockRows,
  blockShift,
  deadRow,
  endRow,
  isLive,
  lengthSize,
  type MessageRows,
  noRow,
} from "./row-shape.ts";
import { headerSize } from "./row-size.ts";

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
  const size = headerSize(rows, row);
  if (size === 0) return null;
  return byteLogRead(rows.bytes, numberLogGet(rows.offset, row) + lengthSize, size);
}

/** The payload of a row: a view. */
export function payloadOfRow(rows: MessageRows, row: number): Uint8Array {
  const offset = numberLogGet(rows.offset, row);
  const content = numberLogGet(rows.content, row);
  if (content >= 0) return byteLogRead(rows.bytes, offset, content);
  const headers = headerSize(rows, row);
  return byteLogRead(rows.bytes, offset + lengthSize + headers, ~content - headers);
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
