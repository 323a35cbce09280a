/** What a number of the ledger stands for: lines of the trace, slots of a tape, marks in flight. */
import type { CellView, FlightView, TraceView } from "../../worker/frames.ts";
import type { LedgerName } from "./page.ts";
import type { View } from "./view.ts";

const kindsOf: Record<LedgerName, readonly string[]> = {
  kept: ["puback", "stored"],
  broken: ["broken"],
  doubled: ["redeliver", "duplicate", "doubled"],
  refused: ["refused", "forbidden"],
};

export function isCountedLine(filter: LedgerName, line: TraceView): boolean {
  return kindsOf[filter].includes(line.kind);
}

const none: ReadonlySet<string> = new Set();
let lastTrace: readonly TraceView[] | null = null;
let lastNames = none;

/** Messages that were doubled, as far back as the trace goes: nothing else on the page knows. */
export function doubledMessages(trace: readonly TraceView[]): ReadonlySet<string> {
  if (trace === lastTrace) return lastNames;
  const names = new Set<string>();
  for (const line of trace) {
    if (!isCountedLine("doubled", line)) continue;
    for (const [, name] of line.text.matchAll(/\]\((message:[^)]+)\)/g)) names.add(name as string);
  }
  lastTrace = trace;
  lastNames = names;
  return names;
}

export function isCountedCell(
  filter: LedgerName,
  stream: string,
  { state, from, to }: CellView,
  doubled: ReadonlySet<string>,
): boolean {
  switch (filter) {
    case "kept":
      return state === "wet" || state === "dry" || state === "parked";
    case "broken":
      return state === "broken";
    case "doubled":
      for (let seq = from; seq <= to; seq += 1) {
        if (doubled.has(`message:${stream}/${seq}`)) return true;
      }
      return false;
    case "refused":
      return false;
  }
}

/** True without a filter. */
export function isCountedFlight({ filter, trace }: View, flight: FlightView): boolean {
  switch (filter) {
    case null:
      return true;
    case "kept":
      return flight.kind === "publish" || flight.kind === "puback";
    case "broken":
      return false;
    case "doubled":
      return flight.tries > 1 || doubledMessages(trace).has(messageOf(flight) ?? "");
    case "refused":
      return flight.kind === "refused";
  }
}

/** Id of the message that a mark carries; null before it has a sequence. */
export function messageOf({ target, seq }: FlightView): string | null {
  if (seq <= 0) return null;
  const stream = /^stream:(.+)|^consumer:(.+)\//.exec(target)?.slice(1).find(Boolean);
  return stream === undefined ? null : `message:${stream}/${seq}`;
}

/** The trace, while a filter has to read it; else nothing that could change. */
export const selectDoubledTrace = (view: View) =>
  view.filter === "doubled" ? view.trace : noLines;
const noLines: readonly TraceView[] = [];
