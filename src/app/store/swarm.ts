/** Flights that came as numbers, as objects again. */
import type { FlightKind, FlightView, SwarmView } from "../../worker/frames.ts";

const fields = 8;
const none: readonly FlightView[] = [];

export function unpackSwarm(swarm: SwarmView | undefined): readonly FlightView[] {
  if (swarm === undefined) return none;
  const routes = swarm.routes.map((route) => route.split("|"));
  const flights: FlightView[] = [];
  for (let i = 0; i < swarm.values.length; i += fields) {
    const at = (offset: number) => swarm.values[i + offset] as number;
    const route = routes[at(1)] ?? [];
    flights.push({
      id: at(0),
      kind: (route[0] ?? "message") as FlightKind,
      client: route[1] ?? "",
      target: route[2] ?? "",
      inward: route[3] === "in",
      seq: at(2),
      tries: at(3),
      code: at(4),
      departs: at(5),
      arrives: at(6),
      lost: false,
      count: at(7),
      headers: false,
    });
  }
  return flights;
}
