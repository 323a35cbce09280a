/** A flight in the visitor's hand: between press and release, a mark follows the pointer. */
import type { FlightView } from "../../../../worker/frames.ts";
import type { HeldFlight } from "./flight-paint.ts";

let held: HeldFlight | null = null;

export function holdFlight(next: HeldFlight | null): void {
  held = next;
}

export function heldFlight(flights: ReadonlyMap<number, FlightView>): HeldFlight | null {
  if (held !== null && !flights.has(held.id)) held = null;
  return held;
}
