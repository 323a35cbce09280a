/** Flights as marks: on their way, lost, and the glow of what was too quick to be seen. */
import type { FlightView } from "../../../../worker/frames.ts";
import { shortText } from "../../../parts/figures.ts";
import type { View } from "../../../store/view.ts";
import { glowNanos, quickNanos } from "../../../store/world.ts";
import type { Scene } from "../layout/scene.ts";
import type { Track } from "../layout/track.ts";
import type { Brush } from "./brush.ts";
import {
  brokeAt,
  type FlightPlace,
  murmurs,
  placeAt,
  placeFlight,
  trackOf,
} from "./flight-place.ts";
import {
  drawAck,
  drawAgain,
  drawAppend,
  drawBallot,
  drawFlag,
  drawGrain,
  drawHollowGrain,
  drawLost,
  drawMurmur,
  drawPebble,
  drawRefused,
  drawStamp,
} from "./marks.ts";

/** A flight in the visitor's hand, in scene pixels. */
export interface HeldFlight {
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

export interface FlightScene {
  readonly brush: Brush;
  readonly scene: Scene;
  readonly view: View;
  /** Marks appear at their ends and do not travel. */
  readonly still: boolean;
  readonly held: HeldFlight | null;
}

/** Virtual time a lost mark takes to come to rest: an eighth of a second. */
const fallNanos = 120_000_000;

export function paintFlight(on: FlightScene, flight: FlightView): void {
  const { brush, scene, view, still, held } = on;
  const place = placeFlight(scene, view.at, flight);
  if (place === null) return;
  if (flight.lost && view.at >= brokeAt(flight)) paintLost(on, flight, place);
  else if (view.at > flight.arrives) return;
  else if (held?.id === flight.id) drawFlight(brush, flight, { ...place, x: held.x, y: held.y });
  else if (still) drawFlight(brush, flight, placeAt(place.track, place.share < 0.5 ? 0.04 : 0.96));
  else drawFlight(brush, flight, place);
}

function paintLost({ brush, view, still }: FlightScene, flight: FlightView, at: FlightPlace): void {
  if (isAnswered(view, flight)) return;
  const fall = still ? 1 : Math.min(1, (view.at - brokeAt(flight)) / fallNanos);
  const when = shortText(brokeAt(flight));
  drawLost(brush, { at, fall, text: seqText(flight), words: `${nameOf(flight)} lost`, when });
}

/** What the lost mark would have prevented has happened: it has nothing left to explain. */
function isAnswered(view: View, flight: FlightView): boolean {
  const consumer = view.consumers.get(flight.about ?? flight.target);
  if (consumer === undefined || flight.seq <= 0) return false;
  const seat = consumer.seats.find((s) => s.seq === flight.seq);
  return seat === undefined || seat.armed > flight.arrives;
}

function nameOf(flight: FlightView): string {
  const names: Partial<Record<FlightView["kind"], string>> = {
    puback: "PubAck",
    deliver: "message",
  };
  return `${names[flight.kind] ?? flight.kind} ${seqText(flight)}`.trimEnd();
}

function seqText(flight: FlightView): string {
  return flight.seq > 0 ? String(flight.seq) : "";
}

const ackMarks = { ack: "", nak: "−", term: "×", progress: "+" };

export function drawFlight(brush: Brush, flight: FlightView, place: FlightPlace): void {
  const text = seqText(flight);
  switch (flight.kind) {
    case "publish":
    case "message":
    case "deliver":
      if (flight.tries > 1) drawAgain(brush, place, `${text}×${flight.tries}`);
      else if (flight.seq < 0) drawGrain(brush, place, flight.count);
      else drawPebble(brush, place, text);
      break;
    case "puback":
      if (flight.seq < 0) drawHollowGrain(brush, place, true);
      else drawStamp(brush, place, text);
      break;
    case "refused":
      drawRefused(brush, place, refusalText(flight), Math.cos(place.direction) < 0 ? -1 : 1);
      break;
    case "ack":
    case "nak":
    case "term":
    case "progress":
      if (flight.seq < 0) drawHollowGrain(brush, place, false);
      else drawAck(brush, place, `${ackMarks[flight.kind]}${text}`);
      break;
    case "append":
      drawAppend(brush, place, text);
      break;
    case "ask":
      drawBallot(brush, place, { text: "vote?", isFilled: true });
      break;
    case "vote":
      drawBallot(brush, place, { text: flight.code > 0 ? "no" : "yes", isFilled: false });
      break;
    case "route":
      drawGrain(brush, place, 1);
      break;
    default:
      drawMurmur(brush, place);
  }
  if (flight.headers) drawFlag(brush, place);
}

/** What permissions forbid has no code. */
function refusalText({ code }: FlightView): string {
  return code > 0 ? String(code) : "forbidden";
}

/** Smoke of what has just passed, one line a way; the last of each rests where it landed. */
export function paintGlow(on: FlightScene, flights: readonly FlightView[]): void {
  const { scene, view } = on;
  const last = new Map<Track, FlightView>();
  for (const flight of flights) {
    const age = view.at - flight.arrives;
    if (flight.lost || age <= 0 || age > glowNanos) continue;
    if (flight.arrives - flight.departs > quickNanos) continue;
    const track = trackOf(scene, flight);
    if (track === null) continue;
    const before = last.get(track);
    const louder = before === undefined || !murmurs.has(flight.kind) || murmurs.has(before.kind);
    if (louder) last.set(track, flight);
  }
  for (const [track, flight] of last) glow(on, track, flight);
}

function glow({ brush, view }: FlightScene, track: Track, flight: FlightView): void {
  const { ctx, ink } = brush;
  const left = 1 - (view.at - flight.arrives) / glowNanos;
  const quiet = murmurs.has(flight.kind);
  ctx.globalAlpha = left * left * (quiet ? 0.3 : 0.6);
  ctx.strokeStyle = flight.tries > 1 ? ink.again : ink.flow;
  ctx.lineWidth = quiet ? 1.5 : 3;
  ctx.stroke(new Path2D(track.d));
  if (!quiet && left > 0.4) {
    ctx.globalAlpha = Math.min(1, (left - 0.4) * 3);
    drawFlight(brush, flight, placeAt(track, 1));
  }
  ctx.globalAlpha = 1;
}
