/** Cables as geometry: rounded polylines that can be drawn and walked along. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Track {
  /** As an SVG path. */
  readonly d: string;
  readonly length: number;
  /** Sample points every `stride` pixels, flattened x, y. */
  readonly samples: Float32Array;
}

const stride = 4;

/** A polyline through `points` whose corners are rounded by `radius`. */
export function trackThrough(points: readonly Point[], radius = 22): Track {
  const flat: number[] = [];
  let d = "";
  for (let i = 0; i < points.length; i += 1) {
    const here = points[i] as Point;
    const before = points[i - 1];
    const after = points[i + 1];
    if (before === undefined) {
      d = `M${here.x} ${here.y}`;
      flat.push(here.x, here.y);
      continue;
    }
    if (after === undefined) {
      d += `L${here.x} ${here.y}`;
      pushLine(flat, here);
      continue;
    }
    const r = Math.min(radius, distance(before, here) / 2, distance(here, after) / 2);
    const start = toward(here, before, r);
    const end = toward(here, after, r);
    d += `L${round(start.x)} ${round(start.y)}Q${here.x} ${here.y} ${round(end.x)} ${round(end.y)}`;
    pushLine(flat, start);
    pushCurve(flat, start, here, end);
  }
  const samples = resample(flat);
  return { d, length: (samples.length / 2 - 1) * stride, samples };
}

/** One curve from end to end, bent towards `via` as far as half of the way there. */
export function trackAround(from: Point, via: Point, to: Point): Track {
  const flat = [from.x, from.y];
  for (let step = 1; step <= 24; step += 1) {
    const t = step / 24;
    const u = 1 - t;
    flat.push(
      u * u * from.x + 2 * u * t * via.x + t * t * to.x,
      u * u * from.y + 2 * u * t * via.y + t * t * to.y,
    );
  }
  const samples = resample(flat);
  const d = `M${from.x} ${from.y}Q${via.x} ${via.y} ${to.x} ${to.y}`;
  return { d, length: (samples.length / 2 - 1) * stride, samples };
}

/** Where a walker stands after `share` (0 to 1) of the track. Writes into `out`: x, y, direction. */
export function walk(track: Track, share: number, out: Float32Array): void {
  const last = track.samples.length / 2 - 1;
  const place = Math.max(0, Math.min(1, share)) * last;
  const i = Math.min(last - 1, Math.floor(place));
  const t = place - i;
  const x0 = track.samples[i * 2] as number;
  const y0 = track.samples[i * 2 + 1] as number;
  const x1 = track.samples[i * 2 + 2] as number;
  const y1 = track.samples[i * 2 + 3] as number;
  out[0] = x0 + (x1 - x0) * t;
  out[1] = y0 + (y1 - y0) * t;
  out[2] = Math.atan2(y1 - y0, x1 - x0);
}

function pushLine(flat: number[], to: Point): void {
  flat.push(to.x, to.y);
}

function pushCurve(flat: number[], from: Point, via: Point, to: Point): void {
  for (let step = 1; step <= 8; step += 1) {
    const t = step / 8;
    const u = 1 - t;
    flat.push(
      u * u * from.x + 2 * u * t * via.x + t * t * to.x,
      u * u * from.y + 2 * u * t * via.y + t * t * to.y,
    );
  }
}

/** Even steps, so that a share of the track is a share of its length. */
function resample(flat: readonly number[]): Float32Array {
  const out: number[] = [flat[0] as number, flat[1] as number];
  let carry = 0;
  for (let i = 2; i < flat.length; i += 2) {
    const x0 = flat[i - 2] as number;
    const y0 = flat[i - 1] as number;
    const dx = (flat[i] as number) - x0;
    const dy = (flat[i + 1] as number) - y0;
    const length = Math.hypot(dx, dy);
    let along = stride - carry;
    while (along <= length) {
      out.push(x0 + (dx * along) / length, y0 + (dy * along) / length);
      along += stride;
    }
    carry = length - (along - stride);
  }
  const endX = flat[flat.length - 2] as number;
  const endY = flat[flat.length - 1] as number;
  if (out.length < 4 || carry > 0.5) out.push(endX, endY);
  return Float32Array.from(out);
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function toward(from: Point, to: Point, by: number): Point {
  const length = distance(from, to);
  if (length === 0) return from;
  return {
    x: from.x + ((to.x - from.x) * by) / length,
    y: from.y + ((to.y - from.y) * by) / length,
  };
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
