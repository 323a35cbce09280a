/** Which stretch of time the rail shows, and what has room on it. */
import type { MarkView } from "../../../worker/frames.ts";

export interface RailWindow {
  readonly from: number;
  readonly span: number;
  /** Pixels a nanosecond. */
  readonly scale: number;
  /** Marks are placed relative to this moment; it moves in strides. */
  readonly base: number;
}

interface Wish {
  readonly at: number;
  readonly span: number;
  readonly width: number;
}

/** The playhead rests at three quarters; going back does not move what is already in sight. */
export function windowAround(held: RailWindow | null, wish: Wish): RailWindow {
  const { at, span, width } = wish;
  const scale = width / span;
  const kept = held !== null && held.span === span ? held.from : at - span * 0.75;
  const late = at - span * 0.75;
  let from = kept;
  if (at < kept) from = at - span * 0.1;
  else if (late > kept) from = late;
  from = Math.max(0, from);
  const base = Math.floor(from / span) * span;
  return { from, span, scale, base };
}

const steps = [
  0.1e9, 0.2e9, 0.5e9, 1e9, 2e9, 5e9, 10e9, 30e9, 60e9, 300e9, 600e9, 1800e9, 3600e9, 7200e9,
];

/** Round moments at least 60 pixels apart; below a second the axis stays in seconds. */
export function axisTicks(rail: Pick<RailWindow, "from" | "span" | "scale">): number[] {
  const step = steps.find((s) => s * rail.scale >= 60 && s >= 1e9) ?? 21_600e9;
  const ticks: number[] = [];
  for (let t = Math.ceil(rail.from / step) * step; t <= rail.from + rail.span; t += step) {
    ticks.push(t);
  }
  return ticks;
}

export interface PlacedMark {
  readonly mark: MarkView;
  readonly x: number;
  /** Pixels to the next mark of its lane, and from what is printed before it. */
  readonly room: number;
  readonly before: number;
}

/** What stands for others when there is no room for all: the rarer kind. */
const rarity: Partial<Record<MarkView["kind"], number>> = {
  stored: 0,
  again: 2,
  lost: 2,
  candidate: 3,
  leader: 4,
  branch: 4,
  broken: 5,
};
const bands: ReadonlySet<MarkView["kind"]> = new Set(["kept", "leaderless"]);

const rarityOf = ({ kind }: MarkView): number => rarity[kind] ?? 1;

/** Marks of a lane nearer than 8 pixels become one, the rarer kind in front. */
export function clusterMarks(
  marks: ReadonlyMap<string, MarkView>,
  base: number,
  scale: number,
): PlacedMark[] {
  const placed: { mark: MarkView; x: number; room: number; before: number }[] = [];
  const last = new Map<string, (typeof placed)[number]>();
  for (const mark of marks.values()) {
    const x = (mark.at - base) * scale;
    if (bands.has(mark.kind)) {
      placed.push({ mark, x, room: 200, before: 0 });
      continue;
    }
    const before = last.get(mark.lane);
    if (before !== undefined) {
      const gap = x - before.x;
      const least = mark.kind === "stored" ? 3 : 8;
      if (gap >= 0 && gap < least) {
        if (rarityOf(mark) > rarityOf(before.mark)) before.mark = mark;
        continue;
      }
      before.room = gap < 0 ? before.room : gap;
    }
    const printed = before?.mark.loud ? before.mark.label.length * 6.2 + 28 : 12;
    const free = before === undefined ? x : x - before.x - printed;
    const next = { mark, x, room: 200, before: free };
    placed.push(next);
    last.set(mark.lane, next);
  }
  return placed;
}

/** As much of a label as fits, at about 6.2 pixels a letter. */
export function spread(label: string, room: number): string {
  const fits = Math.floor(room / 6.2);
  return label.length <= fits ? label : `${label.slice(0, Math.max(3, fits - 1))}…`;
}
