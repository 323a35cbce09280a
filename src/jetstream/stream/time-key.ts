/** Keys of tables that are ordered by time, then by sequence. */
import type { StoredTime, StreamSeq } from "../../kernel/index.ts";

/** Sorts as text as the time and the sequence sort as numbers. */
export function timeKey(time: StoredTime, seq: StreamSeq): string {
  return `${pad(time.s, 12)}.${pad(time.n, 9)}.${pad(seq, 16)}`;
}

export function timeOfKey(key: string): { readonly time: StoredTime; readonly seq: StreamSeq } {
  const time = { s: Number(key.slice(0, 12)), n: Number(key.slice(13, 22)) };
  return { time, seq: Number(key.slice(23)) as StreamSeq };
}

/** Times before 1970 sort as 1970: what is due then is overdue anyhow. */
function pad(value: number, width: number): string {
  return String(Math.max(value, 0)).padStart(width, "0");
}
