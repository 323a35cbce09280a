/** Packing: when more rows or bytes are dead than alive, the living are copied together. */
import { byteLogSize, createTable, numberLogGet, tableEach } from "../../../kernel/index.ts";
import { appendRow } from "./message-rows.ts";
import { headersOfRow, nextLiveRow, payloadOfRow, seqOfRow, timeOfRow } from "./row-read.ts";
import { createMessageRows, endRow, type MessageRows, noRow } from "./row-shape.ts";
import type { MessageStore } from "./store-shape.ts";
import { addToSubject, lastRowOfSubject, resetSubject } from "./subject-index.ts";

const deadRowsMin = 4096;
const deadBytesMin = 4 * 1024 * 1024;

/** Twice what is alive, so that the copying is paid for by the removals before it. */
export function needsPacking(rows: MessageRows): boolean {
  const dead = endRow(rows) - rows.first - rows.live;
  if (dead > deadRowsMin && dead > rows.live) return true;
  return byteLogSize(rows.bytes) > 2 * rows.liveBytes + deadBytesMin;
}

/** Copies the living rows into new columns; sequences, times and bytes stay what they are. */
export function packStore(store: MessageStore): void {
  const { rows, subjects } = store;
  tableEach(subjects.ids, (id) => resetSubject(subjects, id));
  store.subjects = { ...subjects, runs: createTable() };
  store.rows = createMessageRows();
  for (let row = nextLiveRow(rows, rows.first); row !== noRow; row = nextLiveRow(rows, row + 1)) {
    const id = numberLogGet(rows.subject, row);
    const previous = lastRowOfSubject(store.subjects, id);
    const packed = appendRow(store.rows, {
      seq: seqOfRow(rows, row),
      subject: id,
      previous,
      time: timeOfRow(rows, row),
      headers: headersOfRow(rows, row),
      payload: payloadOfRow(rows, row),
    });
    addToSubject(store.subjects, id, packed);
  }
}
