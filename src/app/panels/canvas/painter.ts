/**
 * Draws what moves: flights, the smoke behind them, and rings that drain. Reads the store, never
 * subscribes. Every mark stands for a record of the trace; nothing moves that did not happen.
 */
import type { ConsumerView, FlightView } from "../../../worker/frames.ts";
import { leftText, shortText } from "../../parts/figures.ts";
import { useView, type View } from "../../store/view.ts";
import {
  type Brush,
  drawAck,
  drawAgain,
  drawGrain,
  drawLaneRing,
  drawLost,
  drawMurmur,
  drawPebble,
  drawRefused,
  drawRing,
  drawStamp,
  labelScale,
  text,
} from "./marks.ts";
import type { Palette } from "./palette.ts";
import { type Cable, cableId, type Scene, takeSeats } from "./scene.ts";
import { useScene } from "./scene-store.ts";
import { unpackSwarm } from "./swarm.ts";
import { seqMiddle } from "./tape.ts";
import { type Track, walk } from "./track.ts";
import { addTrail, beginTrails, paintTrails, type Trails } from "./trails.ts";

export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface PaintOptions {
  readonly ink: Palette;
  readonly viewport: Viewport;
  /** Marks appear at their ends and do not travel. */
  readonly still: boolean;
  readonly held: HeldFlight | null;
}

/** A flight in the visitor's hand, in scene pixels. */
export interface HeldFlight {
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

/** Virtual time a lost mark takes to come to rest; from cause to ground in an eighth of a second. */
const fallNanos = 120_000_000;
const spot = new Float32Array(3);

export function paint(canvas: HTMLCanvasElement, options: PaintOptions): void {
  const ctx = canvas.getContext("2d");
  if (ctx === null) return;
  const ratio = window.devicePixelRatio;
  const { x, y, zoom } = options.viewport;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, canvas.width, canvas.height);
  ctx.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * x, ratio * y);
  const view = useView.getState();
  const { scene } = useScene.getState();
  const brush = { ctx, ink: options.ink, k: labelScale(zoom) };
  for (const consumer of view.consumers.values()) paintWaiting(brush, scene, view, consumer);
  paintFlows(brush, scene, view);
  const flights = [...view.flights.values(), ...unpackSwarm(view.swarm)];
  const trails = beginTrails();
  if (!options.still) for (const flight of flights) smoke(trails, scene, view.at, flight, options);
  paintTrails(ctx, trails, options.ink.flow);
  for (const flight of flights) paintFlight(brush, scene, view, flight, options);
}

/** Where a flight is now; null before it departs, after it lands, or without a cable. */
export function placeFlight(scene: Scene, at: number, flight: FlightView): TrackPlace | null {
  if (at < flight.departs) return null;
  const cable = findCable(scene, flight);
  if (cable === null) return null;
  const track = flight.inward === cable.solidInward ? cable.solid : cable.dotted;
  const whole = Math.max(1, flight.arrives - flight.departs);
  const share = Math.min((at - flight.departs) / whole, flight.lost ? 0.5 : 1);
  walk(track, share, spot);
  return { track, share, x: spot[0] as number, y: spot[1] as number, direction: spot[2] as number };
}

export interface TrackPlace {
  readonly track: Track;
  readonly share: number;
  readonly x: number;
  readonly y: number;
  readonly direction: number;
}

function findCable(scene: Scene, flight: FlightView): Cable | null {
  const exact = scene.cables.get(cableId(flight.client, flight.target));
  if (exact !== undefined) return exact;
  for (const cable of scene.cables.values()) if (cable.client === flight.client) return cable;
  return null;
}

const murmurs = new Set<FlightView["kind"]>(["pull", "status", "request", "reply"]);

function smoke(
  trails: Trails,
  scene: Scene,
  at: number,
  flight: FlightView,
  options: PaintOptions,
): void {
  if (flight.lost || flight.kind === "puback" || murmurs.has(flight.kind)) return;
  if (options.held?.id === flight.id || at > flight.arrives) return;
  const place = placeFlight(scene, at, flight);
  if (place === null) return;
  const second = (place.track.length * 1e9) / Math.max(1, flight.arrives - flight.departs);
  addTrail(trails, place.track, place.share, second);
}

function paintFlight(
  brush: Brush,
  scene: Scene,
  view: View,
  flight: FlightView,
  options: PaintOptions,
): void {
  const placed = placeFlight(scene, view.at, flight);
  if (placed === null) return;
  const fellAt = flight.departs + (flight.arrives - flight.departs) / 2;
  if (flight.lost && view.at >= fellAt) {
    if (answered(view, flight)) return;
    const words: [string, string] = [`${nameOf(flight)} lost`, shortText(fellAt)];
    const fall = options.still ? 1 : Math.min(1, (view.at - fellAt) / fallNanos);
    drawLost(brush, { x: placed.x, y: placed.y, fall }, seqLabel(flight), words);
    return;
  }
  if (view.at > flight.arrives) return;
  let place = placed;
  if (options.held?.id === flight.id) place = { ...placed, x: options.held.x, y: options.held.y };
  else if (options.still) {
    const ends = placed.share < 0.5 ? 0.04 : 0.96;
    walk(placed.track, ends, spot);
    place = { ...placed, x: spot[0] as number, y: spot[1] as number };
  }
  drawFlight(brush, flight, place);
}

/** What the lost mark would have prevented has happened: it has nothing left to explain. */
function answered(view: View, flight: FlightView): boolean {
  const consumer = view.consumers.get(flight.target);
  if (consumer === undefined || flight.seq === 0) return false;
  const seat = consumer.seats.find((s) => s.seq === flight.seq);
  return seat === undefined || seat.armed > flight.arrives;
}

function nameOf(flight: FlightView): string {
  const words: Partial<Record<FlightView["kind"], string>> = {
    puback: "PubAck",
    deliver: "message",
  };
  return `${words[flight.kind] ?? flight.kind}${flight.seq > 0 ? ` ${flight.seq}` : ""}`;
}

function seqLabel(flight: FlightView): string {
  return flight.seq > 0 ? String(flight.seq) : "";
}

function drawFlight(brush: Brush, flight: FlightView, place: TrackPlace): void {
  const { x, y } = place;
  const label = seqLabel(flight);
  switch (flight.kind) {
    case "publish":
    case "message":
      if (flight.count > 1) drawGrain(brush, x, y, flight.count);
      else drawPebble(brush, x, y, label);
      break;
    case "deliver":
      if (flight.tries > 1) drawAgain(brush, x, y, `${label}×${flight.tries}`);
      else if (flight.count > 1) drawGrain(brush, x, y, flight.count);
      else drawPebble(brush, x, y, label);
      break;
    case "puback":
      drawStamp(brush, x, y, label);
      break;
    case "refused":
      drawRefused(brush, x, y, String(flight.code || 503), Math.cos(place.direction) < 0 ? -1 : 1);
      break;
    case "ack":
    case "nak":
    case "term":
    case "progress":
      drawAck(brush, x, y, flight.kind === "ack" ? label : `${ackMarks[flight.kind]}${label}`);
      break;
    default:
      drawMurmur(brush, x, y);
  }
  if (flight.headers) {
    brush.ctx.fillStyle = brush.ink.flow;
    brush.ctx.fillRect(x + 9, y - 17, 9, 6);
    brush.ctx.fillRect(x + 9, y - 17, 1.5, 12);
  }
}

const ackMarks = { nak: "−", term: "×", progress: "+" };

/** Rings on the lane and on the seats, draining with AckWait. */
function paintWaiting(brush: Brush, scene: Scene, view: View, consumer: ConsumerView): void {
  const lane = scene.lanes.get(consumer.id);
  const stream = view.streams.get(consumer.stream);
  if (lane === undefined || stream === undefined) return;
  const tall = scene.look === "tall";
  const radius = tall ? 18 : scene.look === "plain" ? 20 : 19;
  const places = takeSeats(consumer, lane);
  for (const seat of consumer.seats) {
    const whole = seat.deadline - seat.armed;
    const left = whole > 0 ? (seat.deadline - view.at) / whole : 0;
    const along = seqMiddle(stream.cells, seat.seq, scene.ruler);
    if (along !== null) {
      const x = tall ? lane.x : lane.x + along;
      const y = tall ? lane.y + along : lane.y;
      drawLaneRing(brush, x, y, left);
    }
    const index = places.get(seat.seq);
    const place = index === undefined ? undefined : lane.seats[index];
    if (place === undefined) continue;
    drawRing(brush, { x: place.x, y: place.y, radius, width: 4 }, left);
    const soon = seat.deadline - view.at < 1e9;
    const font = `${soon ? 600 : 400} ${12 * brush.k}px ${brush.ink.mono}`;
    const words = leftText(seat.deadline - view.at);
    brush.ctx.textAlign = "center";
    text(
      brush,
      words,
      place.x,
      place.y + radius + 19,
      font,
      soon ? brush.ink.text : brush.ink.muted,
    );
    if (scene.look === "plain") {
      const note = `400 ${12 * brush.k}px ${brush.ink.sans}`;
      text(brush, "of AckWait left", place.x, place.y + radius + 31, note, brush.ink.muted);
    }
    brush.ctx.textAlign = "left";
  }
}

/** Above a few thousand a second a cable is one line: its width grows with the logarithm. */
function paintFlows(brush: Brush, scene: Scene, view: View): void {
  for (const flow of view.flows) {
    const cable = scene.cables.get(cableId(flow.client, flow.target));
    if (cable === undefined) continue;
    const track = flow.inward === cable.solidInward ? cable.solid : cable.dotted;
    brush.ctx.strokeStyle = brush.ink.flow;
    brush.ctx.globalAlpha = 0.55;
    brush.ctx.lineWidth = 2 * Math.log10(Math.max(10, flow.rate));
    brush.ctx.stroke(new Path2D(track.d));
    brush.ctx.globalAlpha = 1;
    walk(track, 0.3, spot);
    const words = `${Math.round(flow.rate).toLocaleString("en")}/s`;
    text(
      brush,
      words,
      (spot[0] as number) - 20,
      (spot[1] as number) - 12,
      `400 ${12 * brush.k}px ${brush.ink.mono}`,
      brush.ink.text,
    );
  }
}
