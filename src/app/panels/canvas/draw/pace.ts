/**
 * How often the picture is drawn: with each frame of the display, or with every second one on a
 * machine that cannot keep up. What moves is where it should be either way; half the pictures
 * leave the machine the time to show each of them when it is due.
 */

/** Milliseconds; two frames of a display with 60 a second are 33. */
const lateMs = 25;
/** Of the frames of about the last two seconds: so many late ones, and every second is drawn. */
const slowShare = 0.015;
/** So few, and each is drawn again: about five seconds without a late one. */
const swiftShare = 0.0015;
const memory = 0.993;
/** A pause of the display (a hidden page, a debugger) says nothing of the machine. */
const pauseMs = 500;

export interface DrawPace {
  last: number;
  /** The share of late frames, the latest counting most. */
  late: number;
  isHalf: boolean;
  skipped: boolean;
}

export function createDrawPace(): DrawPace {
  return { last: 0, late: 0, isHalf: false, skipped: false };
}

/** Whether the frame that begins at `now` (milliseconds) is one to draw. */
export function drawsNow(pace: DrawPace, now: number): boolean {
  const gap = now - pace.last;
  pace.last = now;
  if (gap < pauseMs) pace.late = pace.late * memory + (gap > lateMs ? 1 - memory : 0);
  if (pace.late > slowShare) pace.isHalf = true;
  else if (pace.late < swiftShare) pace.isHalf = false;
  pace.skipped = pace.isHalf && !pace.skipped;
  return !pace.skipped;
}
