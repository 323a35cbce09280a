/** How long the page works for a frame: what the bench reads, what decides about detail. */

const kept = 2048;
const work = new Float32Array(kept);
const gaps = new Float32Array(kept);
let count = 0;
let last = 0;

export interface FrameWork {
  readonly frames: number;
  /** Milliseconds of work at the 95th percentile. */
  readonly p95: number;
  /** Share of intervals between frames above 25 ms. */
  readonly late: number;
}

export function noteFrameWork(ms: number): void {
  const now = performance.now();
  work[count % kept] = ms + takePending();
  gaps[count % kept] = last === 0 ? 0 : now - last;
  last = now;
  count += 1;
}

let pending = 0;

/** Work done outside the painter, such as applying a frame of the engine. */
export function addFrameWork(ms: number): void {
  pending += ms;
}

function takePending(): number {
  const ms = pending;
  pending = 0;
  return ms;
}

export function frameWork(): FrameWork {
  const n = Math.min(count, kept);
  if (n === 0) return { frames: 0, p95: 0, late: 0 };
  const sorted = work.slice(0, n).sort();
  let late = 0;
  for (let i = 0; i < n; i += 1) if ((gaps[i] as number) > 25) late += 1;
  return { frames: count, p95: sorted[Math.floor(n * 0.95)] ?? 0, late: late / n };
}

export function forgetFrameWork(): void {
  count = 0;
  last = 0;
}
