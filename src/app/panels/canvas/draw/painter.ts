/**
 * Draws what moves: flights, the smoke behind them, and rings that drain. Reads the store, never
 * subscribes. Every mark stands for a record of the trace; nothing moves that did not happen.
 */
import type { FlightView, StreamView } from "../../../../worker/frames.ts";
import { countText } from "../../../parts/figures.ts";
import { isCountedFlight } from "../../../store/counted.ts";
import type { View } from "../../../store/view.ts";
import { paintFeatures } from "../features/door.tsx";
import { cableId, type Scene } from "../layout/scene.ts";
import { label, labelScale } from "./brush.ts";
import { paintElections } from "./elections.ts";
import { type FlightScene, type HeldFlight, paintFlight, paintGlow } from "./flight-paint.ts";
import { murmurs, placeAt, placeFlight } from "./flight-place.ts";
import type { Palette } from "./palette.ts";
import { addTrail, beginTrails, paintTrails } from "./trails.ts";
import { paintWaiting } from "./waiting.ts";

export interface PaintOptions {
  readonly view: View;
  readonly scene: Scene;
  /** The moment to draw: that of the view, or just before it. */
  readonly at: number;
  readonly ink: Palette;
  readonly viewport: { readonly x: number; readonly y: number; readonly zoom: number };
  readonly still: boolean;
  readonly held: HeldFlight | null;
}

export function paint(canvas: HTMLCanvasElement, options: PaintOptions): void {
  const ctx = canvas.getContext("2d");
  if (ctx === null) return;
  const ratio = window.devicePixelRatio;
  const { x, y, zoom } = options.viewport;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, canvas.width, canvas.height);
  ctx.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * x, ratio * y);
  const { scene, ink, still, held } = options;
  const view = { ...options.view, at: options.at };
  const on = { brush: { ctx, ink, k: labelScale(zoom) }, scene, view, still, held };
  paintWaiting(on.brush, scene, view);
  paintElections(on.brush, scene, view);
  paintFeatures(on.brush, scene, view);
  paintFlows(on);
  const flights = inOrder(numbered(view, options.view.at));
  paintGlow(on, flights);
  if (!still) paintSmoke(on, flights);
  for (const flight of flights) {
    ctx.globalAlpha = isCountedFlight(view, flight) ? 1 : faint;
    paintFlight(on, flight);
  }
  ctx.globalAlpha = 1;
}

/** What the ledger's filter leaves out. */
const faint = 0.18;

/** Murmurs first, so that nothing they say covers a message. */
function inOrder(flights: readonly FlightView[]): readonly FlightView[] {
  const quiet = flights.filter((flight) => murmurs.has(flight.kind));
  if (quiet.length === 0) return flights;
  return [...quiet, ...flights.filter((flight) => !murmurs.has(flight.kind))];
}

/** A longer line than this is a stream of grains. */
const numberedMost = 12;

/**
 * A publish has no sequence before it is stored. On its way it wears the one that its place in the
 * line gives it: the newest of the stream, and one more for each that arrives before. The stream
 * is as it was at `told`, when some of those that still fly in the picture were stored already.
 */
function numbered(view: View, told: number): readonly FlightView[] {
  const flights = [...view.flights.values()];
  const waiting = new Map<string, FlightView[]>();
  for (const flight of flights) {
    const flies = flight.kind === "publish" && !flight.lost && view.at < flight.arrives;
    const stream = flight.about ?? flight.target;
    if (!flies || flight.seq !== 0 || view.streams.get(stream)?.full !== false) continue;
    waiting.set(stream, [...(waiting.get(stream) ?? []), flight]);
  }
  const numbers = new Map<number, number>();
  for (const [target, line] of waiting) {
    if (line.length > numberedMost) continue;
    const last = newestOf(view.streams.get(target));
    line.sort((a, b) => stretch(a) - stretch(b) || a.arrives - b.arrives);
    const first = last + 1 - line.filter((flight) => flight.arrives <= told).length;
    for (const [place, flight] of line.entries()) numbers.set(flight.id, first + place);
  }
  if (numbers.size === 0) return flights;
  return flights.map((flight) => {
    const seq = numbers.get(flight.id);
    return seq === undefined ? flight : { ...flight, seq };
  });
}

/** What the leader has in its log is behind nobody, committed or not. */
function newestOf(stream: StreamView | undefined): number {
  if (stream === undefined) return 0;
  return Math.max(stream.last, ...stream.replicas.map((replica) => replica.last));
}

/** On a route it is ahead of whatever has not reached a server yet. */
function stretch({ client }: FlightView): number {
  return client.startsWith("server:") ? 0 : 1;
}

function paintSmoke(
  { brush, scene, view, held }: FlightScene,
  flights: readonly FlightView[],
): void {
  const trails = beginTrails();
  for (const flight of flights) {
    if (flight.lost || flight.kind === "puback" || murmurs.has(flight.kind)) continue;
    if (!isCountedFlight(view, flight)) continue;
    if (held?.id === flight.id || view.at > flight.arrives) continue;
    const place = placeFlight(scene, view.at, flight);
    if (place === null) continue;
    const second = (place.track.length * 1e9) / Math.max(1, flight.arrives - flight.departs);
    addTrail(trails, place.track, place.share, second);
  }
  paintTrails(brush.ctx, trails, brush.ink.flow);
}

/** Above a few thousand a second a cable is one line: its width grows with the logarithm. */
function paintFlows({ brush, scene, view }: FlightScene): void {
  const { ctx, ink } = brush;
  for (const flow of view.flows) {
    const cable = scene.cables.get(cableId(flow.client, flow.target));
    if (cable === undefined) continue;
    const track = flow.inward === cable.solidInward ? cable.solid : cable.dotted;
    ctx.strokeStyle = ink.flow;
    ctx.globalAlpha = 0.55;
    ctx.lineWidth = 2 * Math.log10(Math.max(10, flow.rate));
    ctx.stroke(new Path2D(track.d));
    ctx.globalAlpha = 1;
    const { x, y } = placeAt(track, 0.3);
    const text = `${countText(Math.round(flow.rate))}/s`;
    label(brush, { x: x - 20, y: y - 12 }, { text, colour: ink.text });
  }
}
