/** Where a flight is: its cable, its track, how far it has come. */
import type { FlightView } from "../../../../worker/frames.ts";
import { type Cable, cableId, type Scene } from "../layout/scene.ts";
import { type Track, walk } from "../layout/track.ts";

export interface FlightPlace {
  readonly track: Track;
  readonly share: number;
  readonly x: number;
  readonly y: number;
  readonly direction: number;
}

/** Seen, but never louder than a message. */
export const murmurs: ReadonlySet<FlightView["kind"]> = new Set([
  "pull",
  "status",
  "request",
  "reply",
  "appended",
  "heartbeat",
]);

/** A lost flight breaks here. */
const breaksAt = 0.5;
const spot = new Float32Array(3);

/** Null before it departs or without a cable; after it has landed it stands at the end. */
export function placeFlight(scene: Scene, at: number, flight: FlightView): FlightPlace | null {
  if (at < flight.departs) return null;
  const track = trackOf(scene, flight);
  if (track === null) return null;
  const whole = Math.max(1, flight.arrives - flight.departs);
  const share = Math.min((at - flight.departs) / whole, flight.lost ? breaksAt : 1);
  return placeAt(track, share);
}

export function placeAt(track: Track, share: number): FlightPlace {
  walk(track, share, spot);
  const [x = 0, y = 0, direction = 0] = spot;
  return { track, share, x, y, direction };
}

/** When a lost flight broke. */
export function brokeAt(flight: FlightView): number {
  return flight.departs + (flight.arrives - flight.departs) * breaksAt;
}

export function trackOf(scene: Scene, flight: FlightView): Track | null {
  const cable = findCable(scene, flight);
  if (cable === null) return null;
  return flight.inward === cable.solidInward ? cable.solid : cable.dotted;
}

function findCable(scene: Scene, flight: FlightView): Cable | null {
  const exact = scene.cables.get(cableId(flight.client, flight.target));
  if (exact !== undefined) return exact;
  for (const cable of scene.cables.values()) if (cable.client === flight.client) return cable;
  return null;
}
