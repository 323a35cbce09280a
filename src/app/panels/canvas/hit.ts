/** Which flight lies under a pointer. */
import type { FlightView } from "../../../worker/frames.ts";
import { useView } from "../../store/view.ts";
import { placeFlight } from "./draw/flight-place.ts";
import { useScene } from "./scene-store.ts";

/** Half a fingertip, in screen pixels. */
const reach = 24;

export interface CanvasPoint {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** A pointer in scene pixels, by the viewport that React Flow wears now. */
export function toScene(event: { clientX: number; clientY: number }): CanvasPoint | null {
  const viewport = document.querySelector<HTMLElement>(".canvas .react-flow__viewport");
  if (viewport === null) return null;
  const box = viewport.getBoundingClientRect();
  const zoom = new DOMMatrix(getComputedStyle(viewport).transform).a;
  return { x: (event.clientX - box.left) / zoom, y: (event.clientY - box.top) / zoom, zoom };
}

export function flightUnder(event: { clientX: number; clientY: number }): FlightView | null {
  const point = toScene(event);
  if (point === null) return null;
  const view = useView.getState();
  const { scene } = useScene.getState();
  let best: FlightView | null = null;
  let nearest = reach / point.zoom;
  for (const flight of view.flights.values()) {
    const place = placeFlight(scene, view.at, flight);
    if (place === null || (view.at > flight.arrives && !flight.lost)) continue;
    const distance = Math.hypot(place.x - point.x, place.y - point.y);
    if (distance >= nearest) continue;
    nearest = distance;
    best = flight;
  }
  return best;
}
