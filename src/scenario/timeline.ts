/** What was worth noting in a run, as its timeline shows it: gathered from the trace as it goes. */
import { readTrace, type Trace, type TraceEntry } from "../world/index.ts";

/** One mark: `at` in nanoseconds and fields that depend on the kind. */
export interface TimelineMark {
  readonly at: number;
  readonly kind: string;
  readonly [field: string]: string | number;
}

export interface Timeline {
  readonly marks: TimelineMark[];
  /** Marks beyond the most that are kept. */
  dropped: number;
  /** Number of the trace entry to go on with. */
  next: number;
}

const marksMax = 5_000;

export function createTimeline(): Timeline {
  return { marks: [], dropped: 0, next: 0 };
}

/** Adds what was recorded since the last call; call it before the ring wraps. */
export function gatherMarks(timeline: Timeline, trace: Trace): void {
  const { entries, next } = readTrace(trace, timeline.next);
  timeline.next = next;
  for (const entry of entries) {
    const mark = markOf(entry);
    if (mark === null) continue;
    if (timeline.marks.length < marksMax) timeline.marks.push(mark);
    else timeline.dropped += 1;
  }
}

/** The marks, with a last one that says how many more there were. */
export function finishTimeline({ marks, dropped }: Timeline): readonly TimelineMark[] {
  const last = marks[marks.length - 1];
  return dropped === 0 || last === undefined
    ? marks
    : [...marks, { at: last.at, kind: "left-out", count: dropped }];
}

const worldKinds: ReadonlySet<string> = new Set(["fault", "input", "dropped", "broken", "expect"]);
const serverKinds: ReadonlySet<string> = new Set([
  "redeliver",
  "refused",
  "duplicate",
  "no-responders",
  "slow-consumer",
  "nak",
  "term",
  "max-deliver",
  "candidate",
  "leader",
  "step-down",
  "quorum-lost",
  "truncate",
  "catch-up",
]);

function markOf(entry: TraceEntry): TimelineMark | null {
  if (entry.from === "wire") return null;
  if (entry.from === "world") {
    const { at, kind, host, subject, detail } = entry.record;
    return worldKinds.has(kind) ? { at, kind, host, subject, detail } : null;
  }
  const { at, kind, host, stream, consumer, subject, seq, count, detail } = entry.record;
  if (!serverKinds.has(kind)) return null;
  return { at, kind, host, stream, consumer, subject, seq, count, detail };
}
