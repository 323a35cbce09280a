/** The moving marks of the grammar, each drawn around a point. */
import type { Palette } from "./palette.ts";

export interface Brush {
  readonly ctx: CanvasRenderingContext2D;
  readonly ink: Palette;
  /** What a 12 px label is multiplied by in scene pixels. */
  readonly k: number;
}

/** Labels: never under 12 screen pixels, and at most 17 where the picture is enlarged. */
export function labelScale(zoom: number): number {
  return zoom < 1 ? 1 / zoom : Math.min(1, 1.4 / zoom);
}

/** Room for 1, 2, 3 and more digits of a 12 px monospace. */
export function pebbleWidth(digits: number): number {
  return digits <= 1 ? 20 : digits === 2 ? 26 : digits === 3 ? 34 : 12 + digits * 7.3;
}

export function drawPebble(brush: Brush, x: number, y: number, label: string): void {
  const { ctx, ink } = brush;
  lozenge(ctx, x, y, pebbleWidth(label.length), 18);
  ctx.fillStyle = ink.flow;
  ctx.fill();
  write(brush, label, x, y, ink.canvas, 600);
}

/** A pebble without a number, for a busy cable. */
export function drawGrain(brush: Brush, x: number, y: number, count: number): void {
  const { ctx, ink } = brush;
  if (count <= 1) {
    lozenge(ctx, x, y, 14, 10);
    ctx.fillStyle = ink.flow;
    ctx.fill();
    return;
  }
  lozenge(ctx, x, y, 40, 16);
  ctx.fillStyle = ink.flow;
  ctx.fill();
  ctx.strokeStyle = ink.canvas;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (const dx of [-10, 0, 10]) {
    ctx.moveTo(x + dx, y - 8);
    ctx.lineTo(x + dx, y + 8);
  }
  ctx.stroke();
}

export function drawAgain(brush: Brush, x: number, y: number, label: string): void {
  const { ctx, ink } = brush;
  const width = Math.max(38, 10 + label.length * 8);
  lozenge(ctx, x, y, width, 18);
  ctx.fillStyle = ink.again;
  ctx.fill();
  write(brush, label, x, y, ink.canvas, 600);
  hook(brush, x + width / 2 + 9, y - 10);
}

export function drawAck(brush: Brush, x: number, y: number, label: string): void {
  const { ctx, ink } = brush;
  lozenge(ctx, x, y, pebbleWidth(label.length), 18);
  ctx.fillStyle = ink.canvas;
  ctx.fill();
  ctx.strokeStyle = ink.flow;
  ctx.lineWidth = 1.5;
  ctx.stroke();
  write(brush, label, x, y, ink.text, 600);
}

export function drawStamp(brush: Brush, x: number, y: number, label: string): void {
  const { ctx, ink } = brush;
  const width = Math.max(28, 12 + label.length * 7.5);
  ctx.beginPath();
  ctx.roundRect(x - width / 2, y - 9, width, 18, 3);
  ctx.fillStyle = ink.canvas;
  ctx.fill();
  ctx.strokeStyle = ink.flow;
  ctx.lineWidth = 1.5;
  ctx.stroke();
  write(brush, label, x, y, ink.text, 600);
}

/** A refusal: its code, and the bar it met. */
export function drawRefused(
  brush: Brush,
  x: number,
  y: number,
  label: string,
  ahead: number,
): void {
  const { ctx, ink } = brush;
  lozenge(ctx, x, y, 38, 18);
  ctx.fillStyle = ink.canvas;
  ctx.fill();
  ctx.strokeStyle = ink.broken;
  ctx.lineWidth = 1.75;
  ctx.stroke();
  write(brush, label, x, y, ink.brokenText, 600);
  ctx.lineWidth = 2.5;
  ctx.lineCap = "round";
  ctx.beginPath();
  ctx.moveTo(x + ahead * 26, y - 11);
  ctx.lineTo(x + ahead * 26, y + 11);
  ctx.stroke();
}

/** A pull, a status, a request: seen, but never louder than a message. */
export function drawMurmur(brush: Brush, x: number, y: number): void {
  const { ctx, ink } = brush;
  ctx.beginPath();
  ctx.arc(x, y, 3, 0, Math.PI * 2);
  ctx.fillStyle = ink.muted;
  ctx.fill();
}

/** Where it broke, how it fell, where it rests. `fall` runs from 0 to 1. */
export function drawLost(
  brush: Brush,
  at: { readonly x: number; readonly y: number; readonly fall: number },
  label: string,
  words: readonly [string, string],
): void {
  const { ctx, ink } = brush;
  const { x, y, fall } = at;
  const restX = x - 5 * fall;
  const restY = y + 50 * fall;
  if (fall > 0.2) {
    const smoke = ctx.createLinearGradient(0, y, 0, restY - 6);
    smoke.addColorStop(0, fade(ink.broken, 0));
    smoke.addColorStop(1, fade(ink.broken, 0.55));
    ctx.fillStyle = smoke;
    ctx.beginPath();
    ctx.moveTo(x - 2, y);
    ctx.bezierCurveTo(x - 2, y + 14 * fall, x - 8, y + 30 * fall, restX - 6, restY - 6);
    ctx.lineTo(restX + 6, restY - 6);
    ctx.bezierCurveTo(x + 5, y + 30 * fall, x + 4, y + 14 * fall, x + 4, y);
    ctx.fill();
  }
  ctx.save();
  ctx.translate(restX, restY);
  ctx.rotate((-14 * Math.PI * fall) / 180);
  lozenge(ctx, 0, 0, pebbleWidth(label.length), 18);
  ctx.fillStyle = ink.canvas;
  ctx.fill();
  ctx.strokeStyle = ink.broken;
  ctx.lineWidth = 1.75;
  ctx.stroke();
  write(brush, label, 0, 0, ink.text, 600);
  ctx.restore();
  cross(brush, x, y);
  if (fall < 1) return;
  const textX = restX + pebbleWidth(label.length) / 2 + 9;
  text(brush, words[0], textX, restY, `600 ${12 * brush.k}px ${ink.sans}`, ink.text);
  text(
    brush,
    words[1],
    textX,
    restY + 16 * brush.k,
    `400 ${12 * brush.k}px ${ink.mono}`,
    ink.muted,
  );
}

export function drawRing(
  brush: Brush,
  ring: { readonly x: number; readonly y: number; readonly radius: number; readonly width: number },
  left: number,
): void {
  const { ctx, ink } = brush;
  if (left <= 0) return;
  ctx.beginPath();
  ctx.arc(
    ring.x,
    ring.y,
    ring.radius,
    -Math.PI / 2,
    -Math.PI / 2 + Math.PI * 2 * Math.min(1, left),
  );
  ctx.strokeStyle = ink.waiting;
  ctx.lineWidth = ring.width;
  ctx.lineCap = "butt";
  ctx.stroke();
}

/** A small ring on the lane, with its ground. */
export function drawLaneRing(brush: Brush, x: number, y: number, left: number): void {
  const { ctx, ink } = brush;
  ctx.beginPath();
  ctx.arc(x, y, 8, 0, Math.PI * 2);
  ctx.fillStyle = ink.canvas;
  ctx.fill();
  ctx.beginPath();
  ctx.arc(x, y, 6.5, 0, Math.PI * 2);
  ctx.strokeStyle = fade(ink.line, 0.4);
  ctx.lineWidth = 3;
  ctx.stroke();
  drawRing(brush, { x, y, radius: 6.5, width: 3 }, left);
}

export function text(
  brush: Brush,
  words: string,
  x: number,
  y: number,
  font: string,
  colour: string,
): void {
  const { ctx, ink } = brush;
  ctx.font = font;
  ctx.strokeStyle = ink.canvas;
  ctx.lineWidth = 5 * Math.min(1, brush.k);
  ctx.lineJoin = "round";
  ctx.strokeText(words, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(words, x, y);
}

/** `rgb(a, b, c)` with an alpha. */
export function fade(colour: string, alpha: number): string {
  return colour.startsWith("rgb(")
    ? `rgba(${colour.slice(4, -1)}, ${alpha})`
    : `color-mix(in srgb, ${colour} ${alpha * 100}%, transparent)`;
}

function write(
  brush: Brush,
  label: string,
  x: number,
  y: number,
  colour: string,
  weight: number,
): void {
  const { ctx, ink } = brush;
  const size = Math.min(12, 12 * brush.k);
  ctx.font = `${weight} ${size}px ${ink.mono}`;
  ctx.fillStyle = colour;
  ctx.textAlign = "center";
  ctx.fillText(label, x, y + size * 0.35);
  ctx.textAlign = "left";
}

function lozenge(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  ctx.beginPath();
  ctx.roundRect(x - width / 2, y - height / 2, width, height, height / 2);
}

function cross(brush: Brush, x: number, y: number): void {
  const { ctx, ink } = brush;
  ctx.strokeStyle = ink.broken;
  ctx.lineWidth = 2;
  ctx.lineCap = "round";
  ctx.beginPath();
  ctx.moveTo(x - 5, y - 5);
  ctx.lineTo(x + 5, y + 5);
  ctx.moveTo(x + 5, y - 5);
  ctx.lineTo(x - 5, y + 5);
  ctx.stroke();
}

function hook(brush: Brush, x: number, y: number): void {
  const { ctx, ink } = brush;
  ctx.strokeStyle = ink.again;
  ctx.lineWidth = 1.7;
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  ctx.beginPath();
  ctx.moveTo(x + 5, y + 4.5);
  ctx.lineTo(x - 1.5, y + 4.5);
  ctx.arc(x - 1.5, y, 4.5, Math.PI / 2, -Math.PI / 2);
  ctx.lineTo(x + 3.5, y - 4.5);
  ctx.moveTo(x + 1, y - 7.4);
  ctx.lineTo(x + 4, y - 4.5);
  ctx.lineTo(x + 1, y - 1.6);
  ctx.stroke();
}
