/** The moving marks of the grammar, each drawn around a point. One meaning a mark. */

import type { Point } from "../layout/track.ts";
import { type Brush, fade, inscribe, label, lozenge, pebbleWidth } from "./brush.ts";

/** A message on its way. */
export function drawPebble(brush: Brush, at: Point, text: string): void {
  lozenge(brush, at, pebbleWidth(text.length));
  brush.ctx.fillStyle = brush.ink.flow;
  brush.ctx.fill();
  inscribe(brush, at, text, brush.ink.canvas);
}

/** A pebble without a number, or a bead of several, for a busy cable. */
export function drawGrain(brush: Brush, at: Point, count: number): void {
  const { ctx, ink } = brush;
  lozenge(brush, at, count <= 1 ? 14 : 40, count <= 1 ? 10 : 16);
  ctx.fillStyle = ink.flow;
  ctx.fill();
  if (count <= 1) return;
  ctx.strokeStyle = ink.canvas;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (const dx of [-10, 0, 10]) {
    ctx.moveTo(at.x + dx, at.y - 8);
    ctx.lineTo(at.x + dx, at.y + 8);
  }
  ctx.stroke();
  const text = String(count);
  label(brush, { x: at.x + 25, y: at.y + 4.2 }, { text, colour: ink.muted });
}

/** An ack or a PubAck among many: its shape, without its number. */
export function drawHollowGrain(brush: Brush, at: Point, isStamp: boolean): void {
  if (isStamp) {
    brush.ctx.beginPath();
    brush.ctx.roundRect(at.x - 8, at.y - 5, 16, 10, 2);
  } else lozenge(brush, at, 14, 10);
  outline(brush, brush.ink.flow, 1.25);
}

/** A redelivery: orchid, with its count and a hook. */
export function drawAgain(brush: Brush, at: Point, text: string): void {
  const width = Math.max(38, 10 + text.length * 8);
  lozenge(brush, at, width);
  brush.ctx.fillStyle = brush.ink.again;
  brush.ctx.fill();
  inscribe(brush, at, text, brush.ink.canvas);
  hook(brush, { x: at.x + width / 2 + 9, y: at.y - 10 });
}

/** An ack: hollow, because it carries nothing. */
export function drawAck(brush: Brush, at: Point, text: string): void {
  lozenge(brush, at, pebbleWidth(text.length));
  outline(brush, brush.ink.flow, 1.5);
  inscribe(brush, at, text, brush.ink.text);
}

/** A PubAck: a stamp. */
export function drawStamp(brush: Brush, at: Point, text: string): void {
  const width = Math.max(28, 12 + text.length * 7.5);
  brush.ctx.beginPath();
  brush.ctx.roundRect(at.x - width / 2, at.y - 9, width, 18, 3);
  outline(brush, brush.ink.flow, 1.5);
  inscribe(brush, at, text, brush.ink.text);
}

/** A refusal: its code, and the bar it met. `ahead` is 1 to the right, -1 to the left. */
export function drawRefused(brush: Brush, at: Point, text: string, ahead: number): void {
  const { ctx, ink } = brush;
  const width = Math.max(38, 10 + text.length * 8);
  lozenge(brush, at, width);
  outline(brush, ink.broken, 1.75);
  inscribe(brush, at, text, ink.brokenText);
  const x = at.x + ahead * (width / 2 + 7);
  ctx.lineWidth = 2.5;
  ctx.lineCap = "round";
  ctx.beginPath();
  ctx.moveTo(x, at.y - 11);
  ctx.lineTo(x, at.y + 11);
  ctx.stroke();
}

/** An entry on its way to a follower: dashed like its slot until a quorum has it. */
export function drawAppend(brush: Brush, at: Point, text: string): void {
  const { ctx, ink } = brush;
  lozenge(brush, at, text === "" ? 16 : pebbleWidth(text.length), text === "" ? 12 : 18);
  ctx.fillStyle = ink.canvas;
  ctx.fill();
  ctx.setLineDash([3, 2.5]);
  outline(brush, ink.flow, 1.5);
  ctx.setLineDash([]);
  if (text !== "") inscribe(brush, at, text, ink.text);
}

/** A candidate's request for a vote, filled, and the answer to it. */
export function drawBallot(
  brush: Brush,
  at: Point,
  { text, isFilled }: { readonly text: string; readonly isFilled: boolean },
): void {
  const { ctx, ink } = brush;
  const width = 14 + text.length * 7.3;
  // An arc may lead along the very edge of the canvas.
  const on = { x: Math.max(at.x, width / 2 + 4), y: at.y };
  lozenge(brush, on, width);
  ctx.fillStyle = isFilled ? ink.raft : ink.canvas;
  ctx.fill();
  if (!isFilled) outline(brush, ink.raft, 1.5);
  inscribe(brush, on, text, isFilled ? ink.canvas : ink.text);
}

/** A pull, a status, a request: seen, but never louder than a message. */
export function drawMurmur(brush: Brush, at: Point): void {
  brush.ctx.beginPath();
  brush.ctx.arc(at.x, at.y, 3, 0, Math.PI * 2);
  brush.ctx.fillStyle = brush.ink.muted;
  brush.ctx.fill();
}

/** A message with headers carries a flag. */
export function drawFlag(brush: Brush, at: Point): void {
  brush.ctx.fillStyle = brush.ink.flow;
  brush.ctx.fillRect(at.x + 9, at.y - 17, 9, 6);
  brush.ctx.fillRect(at.x + 9, at.y - 17, 1.5, 12);
}

export interface LostMark {
  readonly at: Point;
  /** 0 where it broke, 1 where it rests. */
  readonly fall: number;
  readonly text: string;
  readonly words: string;
  readonly when: string;
}

/** Where it broke, how it fell, where it rests. */
export function drawLost(brush: Brush, lost: LostMark): void {
  const { ctx, ink, k } = brush;
  const { at, fall, text } = lost;
  const rest = { x: at.x - 5 * fall, y: at.y + 50 * fall };
  if (fall > 0.2) fallingSmoke(brush, at, rest, fall);
  ctx.save();
  ctx.translate(rest.x, rest.y);
  ctx.rotate((-14 * Math.PI * fall) / 180);
  lozenge(brush, { x: 0, y: 0 }, pebbleWidth(text.length));
  outline(brush, ink.broken, 1.75);
  inscribe(brush, { x: 0, y: 0 }, text, ink.text);
  ctx.restore();
  cross(brush, at);
  if (fall < 1) return;
  const x = rest.x + pebbleWidth(text.length) / 2 + 9;
  const { sans } = ink;
  label(brush, { x, y: rest.y }, { text: lost.words, colour: ink.text, weight: 600, family: sans });
  label(brush, { x, y: rest.y + 16 * k }, { text: lost.when, colour: ink.muted });
}

function fallingSmoke(brush: Brush, at: Point, rest: Point, fall: number): void {
  const { ctx, ink } = brush;
  const smoke = ctx.createLinearGradient(0, at.y, 0, rest.y - 6);
  smoke.addColorStop(0, fade(ink.broken, 0));
  smoke.addColorStop(1, fade(ink.broken, 0.55));
  const { x, y } = at;
  ctx.fillStyle = smoke;
  ctx.beginPath();
  ctx.moveTo(x - 2, y);
  ctx.bezierCurveTo(x - 2, y + 14 * fall, x - 8, y + 30 * fall, rest.x - 6, rest.y - 6);
  ctx.lineTo(rest.x + 6, rest.y - 6);
  ctx.bezierCurveTo(x + 5, y + 30 * fall, x + 4, y + 14 * fall, x + 4, y);
  ctx.fill();
}

/** Paper inside, ink around. */
function outline(brush: Brush, colour: string, width: number): void {
  brush.ctx.fillStyle = brush.ink.canvas;
  brush.ctx.fill();
  brush.ctx.strokeStyle = colour;
  brush.ctx.lineWidth = width;
  brush.ctx.stroke();
}

function cross({ ctx, ink }: Brush, { x, y }: Point): void {
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

function hook({ ctx, ink }: Brush, { x, y }: Point): void {
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
