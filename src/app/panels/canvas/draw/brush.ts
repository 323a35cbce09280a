/** What marks are drawn with: a context, the tokens as colours, and the scale of labels. */

import type { Point } from "../layout/track.ts";
import type { Palette } from "./palette.ts";

export interface Brush {
  readonly ctx: CanvasRenderingContext2D;
  readonly ink: Palette;
  /** What a 12 px label is multiplied by in scene pixels. */
  readonly k: number;
}

export interface Words {
  readonly text: string;
  readonly colour: string;
  readonly weight?: number;
  readonly family?: string;
  readonly centred?: boolean;
}

/** Labels: never under 12 screen pixels, and at most 17 where the picture is enlarged. */
export function labelScale(zoom: number): number {
  return zoom < 1 ? 1 / zoom : Math.min(1, 1.4 / zoom);
}

/** Words on the canvas, with a halo that keeps cables away from them. */
export function label(brush: Brush, at: Point, words: Words): void {
  const { ctx, ink, k } = brush;
  ctx.font = `${words.weight ?? 400} ${12 * k}px ${words.family ?? ink.mono}`;
  ctx.textAlign = words.centred === true ? "center" : "left";
  ctx.strokeStyle = ink.canvas;
  ctx.lineWidth = 5 * Math.min(1, k);
  ctx.lineJoin = "round";
  ctx.strokeText(words.text, at.x, at.y);
  ctx.fillStyle = words.colour;
  ctx.fillText(words.text, at.x, at.y);
}

/** A number inside a mark. */
export function inscribe(brush: Brush, at: Point, text: string, colour: string): void {
  const { ctx, ink } = brush;
  const size = Math.min(12, 12 * brush.k);
  ctx.font = `600 ${size}px ${ink.mono}`;
  ctx.fillStyle = colour;
  ctx.textAlign = "center";
  ctx.fillText(text, at.x, at.y + size * 0.35);
}

/** Traces a round-ended box around a point; the caller fills and strokes. */
export function lozenge(brush: Brush, at: Point, width: number, height = 18): void {
  brush.ctx.beginPath();
  brush.ctx.roundRect(at.x - width / 2, at.y - height / 2, width, height, height / 2);
}

/** Room for 1, 2, 3 and more digits of a 12 px monospace. */
export function pebbleWidth(digits: number): number {
  if (digits <= 1) return 20;
  return digits === 2 ? 26 : digits === 3 ? 34 : 12 + digits * 7.3;
}

/** `rgb(a, b, c)` with an alpha. */
export function fade(colour: string, alpha: number): string {
  return colour.startsWith("rgb(")
    ? `rgba(${colour.slice(4, -1)}, ${alpha})`
    : `color-mix(in srgb, ${colour} ${alpha * 100}%, transparent)`;
}
