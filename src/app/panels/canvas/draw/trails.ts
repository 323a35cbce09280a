/**
 * Smoke: three threads that close on the pebble, as long as its last second of travel.
 * Threads of all pebbles are stroked together, one path a shade, so that hundreds cost little.
 */

import { type Track, walk } from "../layout/track.ts";
import { fade } from "./brush.ts";

const shades = 12;
const longest = 96;
const spot = new Float32Array(3);

export interface Trails {
  readonly core: Path2D[];
  readonly sides: Path2D[];
}

export function beginTrails(): Trails {
  const paths = () => Array.from({ length: shades }, () => new Path2D());
  return { core: paths(), sides: paths() };
}

/** One cross-section of the smoke: where, which way, how wide. */
interface Slice {
  x: number;
  y: number;
  sin: number;
  cos: number;
  half: number;
}

let before: Slice = { x: 0, y: 0, sin: 0, cos: 0, half: 0 };
let after: Slice = { x: 0, y: 0, sin: 0, cos: 0, half: 0 };

/** Adds the smoke behind a pebble at `share` of its track; `second` is a second of travel in px. */
export function addTrail(trails: Trails, track: Track, share: number, second: number): void {
  const length = Math.min(longest, second, share * track.length);
  if (length < 8) return;
  const from = share - length / track.length;
  for (let i = 0; i <= shades; i += 1) {
    const t = i / shades;
    walk(track, from + (share - from) * t, spot);
    cut(after, t);
    if (i > 0) addCore(trails.core[i - 1] as Path2D);
    if (i > 2) addSides(trails.sides[i - 1] as Path2D, 8.4 - 1.4 * t ** 3);
    [before, after] = [after, before];
  }
}

function cut(slice: Slice, t: number): void {
  slice.x = spot[0] as number;
  slice.y = spot[1] as number;
  slice.sin = Math.sin(spot[2] as number);
  slice.cos = Math.cos(spot[2] as number);
  slice.half = 5.2 * t ** 1.6;
}

function addCore(path: Path2D): void {
  path.moveTo(before.x - before.half * before.sin, before.y + before.half * before.cos);
  path.lineTo(after.x - after.half * after.sin, after.y + after.half * after.cos);
  path.lineTo(after.x + after.half * after.sin, after.y - after.half * after.cos);
  path.lineTo(before.x + before.half * before.sin, before.y - before.half * before.cos);
  path.closePath();
}

function addSides(path: Path2D, outer: number): void {
  for (const side of [-outer, outer]) {
    path.moveTo(before.x - side * before.sin, before.y + side * before.cos);
    path.lineTo(after.x - side * after.sin, after.y + side * after.cos);
  }
}

export function paintTrails(ctx: CanvasRenderingContext2D, trails: Trails, colour: string): void {
  ctx.lineCap = "butt";
  ctx.lineWidth = 1;
  for (let i = 0; i < shades; i += 1) {
    const t = (i + 1) / shades;
    ctx.fillStyle = fade(colour, 0.5 * t);
    ctx.fill(trails.core[i] as Path2D);
    ctx.strokeStyle = fade(colour, 0.38 * t * t);
    ctx.stroke(trails.sides[i] as Path2D);
  }
}
