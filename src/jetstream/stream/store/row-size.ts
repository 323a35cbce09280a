/** How long what a row holds is. */
import { byteLogRead, numberLogGet } from "../../../kernel/index.ts";
import { lengthSize, type MessageRows } from "./row-shape.ts";

/** Bytes of headers and payload. */
export function contentSize(rows: MessageRows, row: number): number {
  const content = numberLogGet(rows.content, row);
  return content < 0 ? ~content : content;
}

export function hasHeaders(rows: MessageRows, row: number): boolean {
  return numberLogGet(rows.content, row) < 0;
}

/** Bytes that a row takes up in the log of bytes. */
export function recordSize(rows: MessageRows, row: number): number {
  return contentSize(rows, row) + (hasHeaders(rows, row) ? lengthSize : 0);
}

/** Bytes of the header block; 0 when there is none. */
export function headerSize(rows: MessageRows, row: number): number {
  if (!hasHeaders(rows, row)) return 0;
  const bytes = byteLogRead(rows.bytes, numberLogGet(rows.offset, row), lengthSize);
  let size = 0;
  for (let i = lengthSize - 1; i >= 0; i--) size = (size << 8) | (bytes[i] ?? 0);
  return size;
}
