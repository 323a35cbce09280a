/** What happened on a branch, in words and marks: what the rail and the trace list show. */
import type { FlightView, MarkView, TraceView } from "../frames.ts";
import type { Reign } from "./cluster/reigns.ts";

/** Lines and marks kept of one branch; older ones are had again by seeking there. */
const linesKept = 4000;
const marksKept = 6000;
const leftKept = 400;
const lostKept = 500;
/** Kinds that say the same over and over; said again within this time, it is the same line. */
const repeated: ReadonlySet<string> = new Set(["no-responders", "forbidden"]);
const sameNanos = 5e9;

/**
 * Where it happened: how many events and inputs of the branch had begun by then. A time will not
 * do, because somebody may stop, act or branch between two events of one instant.
 */
export interface Placed {
  readonly step: number;
}

/** When and where something happened. */
export interface Moment extends Placed {
  readonly at: number;
}

/** `again`: the steps at which the same was said again; the line counts them. */
export type PastLine = TraceView & Placed & { readonly again?: number[] };
export type PastFlight = FlightView & Placed;

/** A message that left its stream. */
export interface Left extends Moment {
  readonly stream: string;
  readonly seq: number;
  /** As the trace has it: `acked`, `limits`, `age`, `deleted`, `purged`, `rollup`. */
  readonly why: string;
}

/** What a moment has behind it, oldest first. */
export interface Past {
  readonly lines: readonly PastLine[];
  readonly lost: readonly PastFlight[];
  readonly reigns: readonly Reign[];
  readonly left: readonly Left[];
}

/** A mark of the rail: where it begins, and where it last became another. */
interface PlacedMark extends Placed {
  readonly mark: MarkView;
  readonly changed: number;
}

export class History implements Past {
  lines: PastLine[] = [];
  lost: PastFlight[] = [];
  reigns: Reign[] = [];
  left: Left[] = [];
  /** Everything up to this step is written down: a replay of it adds nothing. */
  until = 0;
  #marks = new Map<string, PlacedMark>();
  /** By stream: the newest sequence that was told, and who stored it first. */
  readonly #stored = new Map<string, { readonly seq: number; readonly host: string }>();
  #lastLine = 0;
  /** By text, of what is often said again: its line, and when it was said last. */
  readonly #said = new Map<string, { readonly id: number; readonly at: number }>();

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

  /**
   * The same again, as by retries: the line that said it first, with its new count. Null when
   * nobody has said it for a while: then it is news.
   */
  sayAgain(text: string, { at, step }: Moment): PastLine | null {
    const known = this.#said.get(text);
    if (known === undefined || at < known.at || at - known.at > sameNanos) return null;
    const place = this.lines.findLastIndex((line) => line.id === known.id);
    const line = this.lines[place];
    if (line === undefined || line.step > step) return null;
    // One list for all its life: floods of the same would else copy it each time.
    const { again = [] } = line;
    again.push(step);
    if (line.again === undefined) this.lines[place] = { ...line, again };
    this.#said.set(text, { id: known.id, at });
    return asSaid({ ...line, again }, step);
  }

  /** Is something worth a look written down of what happened after one step, up to another? */
  tellsOf(from: number, until: number): boolean {
    for (let i = this.lines.length - 1; i >= 0; i -= 1) {
      const line = this.lines[i] as PastLine;
      if (line.step <= from) return false;
      if (line.interesting && line.step <= until) return true;
    }
    return false;
  }

  get marks(): MarkView[] {
    return [...this.#marks.values()].map(({ mark }) => mark);
  }

  mark(id: string): MarkView | null {
    return this.#marks.get(id)?.mark ?? null;
  }

  addLine(line: PastLine): void {
    this.lines.push(line);
    if (repeated.has(line.kind)) this.#said.set(line.text, line);
    if (this.lines.length > linesKept) this.lines.splice(0, linesKept / 4);
  }

  /** A mark with a known id takes its place, and is the last to be forgotten. */
  addMark(mark: MarkView, step: number): void {
    const from = this.#marks.get(mark.id)?.step ?? step;
    this.#marks.delete(mark.id);
    this.#marks.set(mark.id, { mark, step: from, changed: step });
    if (this.#marks.size <= marksKept) return;
    for (const id of this.#marks.keys()) {
      this.#marks.delete(id);
      if (this.#marks.size <= marksKept * 0.75) break;
    }
  }

  addLeft(left: Left): void {
    this.left.push(left);
    if (this.left.length > leftKept) this.left.splice(0, leftKept / 4);
  }

  addLost(flight: PastFlight): void {
    this.lost.push(flight);
    if (this.lost.length > lostKept) this.lost.splice(0, lostKept / 5);
  }

  /** What a moment has behind it; what is written down of its future is left out. */
  before(step: number): Past {
    if (step >= this.until) return this;
    return {
      lines: saidBy(this.lines, step),
      lost: upTo(this.lost, step),
      reigns: upTo(this.reigns, step),
      left: upTo(this.left, step),
    };
  }

  /** A branch that leaves after a step, at an instant, shares what came before. */
  forkAt(step: number, at: number): History {
    const fork = new History();
    fork.lines = saidBy(this.lines, step);
    fork.reigns = upTo(this.reigns, step);
    fork.left = upTo(this.left, step);
    fork.lost = upTo(this.lost, step);
    for (const [id, placed] of this.#marks) {
      if (placed.step > step) continue;
      const isSame = placed.changed <= step;
      fork.#marks.set(id, isSame ? placed : { ...placed, mark: asOf(placed.mark, at) });
    }
    // What is done here and now in the new branch is news.
    fork.until = Math.min(this.until, step);
    fork.#lastLine = this.#lastLine;
    return fork;
  }
}

/** All but the end: what is written down is in the order in which it happened. */
function upTo<T extends Placed>(all: readonly T[], step: number): T[] {
  return all.slice(0, all.findLastIndex((one) => one.step <= step) + 1);
}

/** Lines as they stood after a step: what was said again later is not counted yet. */
function saidBy(lines: readonly PastLine[], step: number): PastLine[] {
  return upTo(lines, step).map((line) => {
    const { again } = line;
    return again === undefined ? line : { ...line, again: again.filter((one) => one <= step) };
  });
}

/** With how often it was said. */
export function asSaid(line: PastLine, step: number): PastLine {
  const again = (line.again?.findLastIndex((one) => one <= step) ?? -1) + 1;
  return again === 0 ? line : { ...line, text: `${line.text} **×${again + 1}**` };
}

/** A band as it was before its last change: not yet ended, or not yet as long. */
function asOf(mark: MarkView, at: number): MarkView {
  if (mark.kind === "leaderless") return { ...mark, until: null };
  return mark.until === null ? mark : { ...mark, until: Math.min(mark.until, at) };
}
