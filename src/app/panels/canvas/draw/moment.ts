/**
 * The moment that is drawn. The engine tells the page some thirty moments a second and the display
 * shows sixty: what flies is drawn between the last two of them, never ahead of what happened.
 */
import type { View } from "../../../store/view.ts";

/** Frames come this far apart at least and at most, in wall milliseconds. */
const least = 16;
const most = 100;

export interface Glide {
  epoch: number;
  from: number;
  to: number;
  /** Wall milliseconds when `to` was heard of, and how long the way there takes. */
  since: number;
  lasts: number;
}

export function createGlide(): Glide {
  return { epoch: -1, from: 0, to: 0, since: 0, lasts: least };
}

/** Virtual nanoseconds to draw at wall time `now`; stopped time is drawn as it stands. */
export function glideTo(
  glide: Glide,
  { at, epoch, run }: Pick<View, "at" | "epoch" | "run">,
  now: number,
): number {
  const shown = shownBy(glide, now);
  if (!run.playing || epoch !== glide.epoch || at < shown) {
    Object.assign(glide, { epoch, from: at, to: at, since: now });
    return at;
  }
  if (at === glide.to) return shown;
  const took = Math.min(most, Math.max(least, now - glide.since));
  glide.lasts += (took - glide.lasts) * 0.2;
  Object.assign(glide, { from: shown, to: at, since: now });
  return shown;
}

function shownBy({ from, to, since, lasts }: Glide, now: number): number {
  return from + (to - from) * Math.min(1, (now - since) / lasts);
}
