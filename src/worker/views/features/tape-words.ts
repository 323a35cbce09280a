/** The marks of a tape in sentences: its text for who does not see it. */
import type { SlotMarkView, TapeMarksView } from "../../frames-features.ts";

/** Slots that are told of one by one. */
const most = 8;

const leftWords = {
  acked: "is gone: it is acked",
  limit: "is gone: the stream is full and drops the oldest",
  age: "is gone: its time is over",
  deleted: "is gone: somebody deleted it",
  purged: "is gone: the stream was purged",
  rollup: "is gone: a rollup took its place",
} as const;

export function sayTape(marks: Omit<TapeMarksView, "say">, retention: string): string[] {
  const { slots, holders, left, edge, notes } = marks;
  const said = slots.slice(0, most).flatMap((slot) => saySlot(slot, holders));
  for (const { seq, why } of left.slice(0, most)) said.push(`${seq} ${leftWords[why]}`);
  if (edge !== "") said.push(`full, ${edge}: the next message pushes the oldest out`);
  if (retention === "workqueue") said.push("a message leaves as soon as it is acked");
  return [...said, ...notes.map((note) => note.text)];
}

export function saySlot(slot: SlotMarkView, holders: readonly string[]): string[] {
  const { seq, held, life, stone, due, batch, value, parked } = slot;
  const said: string[] = [];
  const waits = holders.filter((_, index) => held[index] === "w");
  const acked = holders.filter((_, index) => held[index] === "a");
  if (held !== "") {
    const done = acked.length === 0 ? "" : `, acked by ${acked.join(", ")}`;
    const holds = waits.length === 0 ? "held by nobody" : `held by ${waits.join(", ")}`;
    said.push(`${seq} ${holds}${done}`);
  }
  if (stone !== "") said.push(`${seq} is a marker: ${stone}`);
  if (life !== null) said.push(`${seq} leaves at ${secondsText(life.until)}`);
  if (due !== null) said.push(`${seq} is a schedule: it publishes at ${secondsText(due)}`);
  if (batch !== "") said.push(`${seq} came in batch ${batch}`);
  if (value !== "") said.push(`${seq} counts ${value}`);
  if (parked !== "") said.push(`${seq} is parked: ${parked}`);
  return said;
}

/** A moment of virtual time, to a tenth of a second. */
export function secondsText(nanos: number): string {
  return `${(Math.round(nanos / 1e8) / 10).toFixed(1)} s`;
}
