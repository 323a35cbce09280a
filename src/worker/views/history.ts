/** What happened on a branch, in words and marks: what the rail and the trace list show. */
import type { FlightView, MarkView, TraceView } from "../frames.ts";
import type { Reign } from "./cluster/reigns.ts";

/** Lines and marks kept of one branch; older ones are had again by seeking there. */
const linesKept = 4000;
const marksKept = 6000;
const leftKept = 400;

/** A message that left its stream. */
export interface Left {
  readonly stream: string;
  readonly seq: number;
  readonly at: number;
  /** As the trace has it: `acked`, `limits`, `age`, `deleted`, `purged`, `rollup`. */
  readonly why: string;
}

export class History {
  lines: TraceView[] = [];
  marks = new Map<string, MarkView>();
  lost: FlightView[] = [];
  reigns: Reign[] = [];
  left: Left[] = [];
  /** By stream: the newest sequence that was told, and who stored it first. */
  readonly #stored = new Map<string, { readonly seq: number; readonly host: string }>();
  /** Everything up to here is written down. */
  until = -1;
  #lastLine = 0;

  nextLineId(): number {
    this.#lastLine += 1;
    return this.#lastLine;
  }

  /** Has another server stored it before? The leader is the first that knows of a quorum. */
  isCopy(stream: string, seq: number, host: string): boolean {
    const known = this.#stored.get(stream);
    if (known !== undefined && seq <= known.seq && host !== known.host) return true;
    this.#stored.set(stream, { seq, host });
    return false;
  }

  /** Was this said within the last second? */
  saidAt(text: string, at: number): boolean {
    for (let i = this.lines.length - 1; i >= 0; i -= 1) {
      const line = this.lines[i] as TraceView;
      if (line.at < at - 1e9) return false;
      if (line.text === text) return true;
    }
    return false;
  }

  /** Is something worth a look written down of a stretch of time, its beginning left out? */
  tellsOf(from: number, until: number): boolean {
    for (let i = this.lines.length - 1; i >= 0; i -= 1) {
      const line = this.lines[i] as TraceView;
      if (line.at <= from) return false;
      if (line.interesting && line.at <= until) return true;
    }
    return false;
  }

  addLine(line: TraceView): void {
    this.lines.push(line);
    if (this.lines.length > linesKept) this.lines.splice(0, linesKept / 4);
  }

  addMark(mark: MarkView): void {
    this.marks.set(mark.id, mark);
    if (this.marks.size <= marksKept) return;
    for (const id of this.marks.keys()) {
      this.marks.delete(id);
      if (this.marks.size <= marksKept * 0.75) break;
    }
  }

  addLeft(left: Left): void {
    this.left.push(left);
    if (this.left.length > leftKept) this.left.splice(0, leftKept / 4);
  }

  addLost(flight: FlightView): void {
    this.lost.push(flight);
    if (this.lost.length > 500) this.lost.splice(0, 100);
  }

  /** A branch that leaves here at an instant shares what came before. */
  forkAt(at: number): History {
    const fork = new History();
    fork.lines = this.lines.filter((line) => line.at <= at);
    for (const mark of this.marks.values()) {
      if (mark.at > at) continue;
      fork.marks.set(
        mark.id,
        mark.until === null || mark.kind === "leaderless"
          ? { ...mark, until: mark.until !== null && mark.until <= at ? mark.until : null }
          : { ...mark, until: Math.min(mark.until, at) },
      );
    }
    fork.reigns = this.reigns.filter((reign) => reign.at <= at);
    fork.left = this.left.filter((left) => left.at <= at);
    fork.lost = this.lost.filter((flight) => flight.departs <= at);
    // What is done here and now in the new branch is news.
    fork.until = Math.min(this.until, at - 1);
    fork.#lastLine = this.#lastLine;
    return fork;
  }
}
