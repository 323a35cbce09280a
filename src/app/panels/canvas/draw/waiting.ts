/** What waits: rings on the lane and on the seats, draining with AckWait. */
import type { ConsumerView, SeatView } from "../../../../worker/frames.ts";
import { leftText } from "../../../parts/figures.ts";
import type { View } from "../../../store/view.ts";
import { type Scene, takeSeats } from "../layout/scene.ts";
import { cellOf, seqMiddle } from "../layout/tape.ts";
import type { Point } from "../layout/track.ts";
import { type Brush, fade, label } from "./brush.ts";

/** Below this much left, the seconds are printed bold. */
const soonNanos = 1e9;
const radii = { wide: 19, plain: 20, tall: 18, lanes: 19 };

export function paintWaiting(brush: Brush, scene: Scene, view: View): void {
  for (const consumer of view.consumers.values()) paintConsumer(brush, scene, view, consumer);
}

function paintConsumer(brush: Brush, scene: Scene, view: View, consumer: ConsumerView): void {
  const lane = scene.lanes.get(consumer.id);
  const stream = view.streams.get(consumer.stream);
  if (lane === undefined || stream === undefined) return;
  const places = takeSeats(consumer, lane);
  const tall = scene.look === "tall";
  let ringed = -1;
  for (const seat of consumer.seats) {
    const whole = seat.deadline - seat.armed;
    const left = whole > 0 ? (seat.deadline - view.at) / whole : 0;
    // Seats come in the order of the tape; on a merged slot one ring stands for all of them.
    const cell = cellOf(stream.cells, seat.seq);
    const along = cell === ringed ? null : seqMiddle(stream.cells, seat.seq, scene.ruler);
    ringed = cell;
    if (along !== null) {
      const at = tall ? { x: lane.x, y: lane.y + along } : { x: lane.x + along, y: lane.y };
      laneRing(brush, at, left);
    }
    const place = lane.seats[places.get(seat.seq) ?? -1];
    if (place === undefined) continue;
    const alone = scene.look === "plain" && lane.seats.length === 1;
    paintSeat(brush, place, { seat, left, now: view.at, radius: radii[scene.look], alone });
  }
}

interface Waiting {
  readonly seat: SeatView;
  /** Share of AckWait that is left. */
  readonly left: number;
  readonly now: number;
  readonly radius: number;
  /** One seat in a plain picture says what its seconds are. */
  readonly alone: boolean;
}

function paintSeat(brush: Brush, place: Point, waiting: Waiting): void {
  const { ink, k } = brush;
  const { seat, left, now, radius, alone } = waiting;
  ring(brush, place, { radius, width: 4 }, left);
  const rest = seat.deadline - now;
  const soon = rest < soonNanos;
  const y = place.y + radius + 4 + 15 * k;
  const colour = soon ? ink.text : ink.muted;
  const weight = soon ? 600 : 400;
  // AckWait is over and nobody has asked for the message again yet.
  const text = rest > 0 ? leftText(rest) : "due again";
  label(brush, { x: place.x, y }, { text, colour, weight, centred: true });
  if (!alone || rest <= 0) return;
  const note = { text: "of AckWait left", colour: ink.muted, family: ink.sans, centred: true };
  label(brush, { x: place.x, y: y + 16 * k }, note);
}

/** A small ring on the lane, with its ground. */
function laneRing(brush: Brush, at: Point, left: number): void {
  const { ctx, ink } = brush;
  ctx.beginPath();
  ctx.arc(at.x, at.y, 8, 0, Math.PI * 2);
  ctx.fillStyle = ink.canvas;
  ctx.fill();
  ctx.beginPath();
  ctx.arc(at.x, at.y, 6.5, 0, Math.PI * 2);
  ctx.strokeStyle = fade(ink.line, 0.4);
  ctx.lineWidth = 3;
  ctx.stroke();
  ring(brush, at, { radius: 6.5, width: 3 }, left);
}

function ring(
  { ctx, ink }: Brush,
  at: Point,
  size: { readonly radius: number; readonly width: number },
  left: number,
): void {
  if (left <= 0) return;
  const top = -Math.PI / 2;
  ctx.beginPath();
  ctx.arc(at.x, at.y, size.radius, top, top + Math.PI * 2 * Math.min(1, left));
  ctx.strokeStyle = ink.waiting;
  ctx.lineWidth = size.width;
  ctx.lineCap = "butt";
  ctx.stroke();
}
