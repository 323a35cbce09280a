/** Many flights as rows of numbers: exceptions stay objects, the ordinary ones travel packed. */
import type { FlightView, FramePatch } from "../frames.ts";

const fields = 8;

export function packFlights(
  flights: readonly FlightView[],
  objectsMost: number,
): Pick<FramePatch, "flights" | "swarm"> {
  if (flights.length === 0) return {};
  if (flights.length <= objectsMost) return { flights };
  const whole = flights.filter((flight) => flight.lost);
  const packed = flights.filter((flight) => !flight.lost);
  const routes: string[] = [];
  const places = new Map<string, number>();
  const values = new Float64Array(packed.length * fields);
  for (const [index, flight] of packed.entries()) {
    const way = flight.inward ? "in" : "out";
    const route = `${flight.kind}|${flight.client}|${flight.target}|${way}`;
    const place = places.get(route) ?? routes.push(route) - 1;
    places.set(route, place);
    const row = [
      flight.id,
      place,
      flight.seq,
      flight.tries,
      flight.code,
      flight.departs,
      flight.arrives,
      flight.count,
    ];
    values.set(row, index * fields);
  }
  return { flights: whole, swarm: { routes, values } };
}
