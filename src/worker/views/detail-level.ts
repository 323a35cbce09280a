/**
 * Level of detail: how many of the flights on one way are drawn, by how many a wall second brings.
 * Exceptions are always drawn whole. Numbers of `product/ux.md` 10.
 */
import type { FlightView, FlowView } from "../frames.ts";

interface Way {
  readonly client: string;
  readonly target: string;
  readonly inward: boolean;
  /** Flights a virtual second, smoothed. */
  rate: number;
  /** Flights since the last frame. */
  fresh: number;
  /** Counts up, to take every tenth. */
  seen: number;
}

interface Pair {
  readonly in: Way;
  readonly out: Way;
}

const numbered = 30;
const sampled = 300;
const beaded = 3000;
/** A cable without numbers shows at most this many new flights a wall second. */
const sampledMost = 60;
/** Beads are wide: more than this many a wall second would hide each other. */
const beadsMost = 12;
const budget = 400;
const quietKinds: ReadonlySet<FlightView["kind"]> = new Set([
  "pull",
  "status",
  "request",
  "reply",
  "progress",
  "appended",
  "heartbeat",
]);

/** Rare, and what the story is about. */
const exceptions: ReadonlySet<FlightView["kind"]> = new Set([
  "refused",
  "nak",
  "term",
  "ask",
  "vote",
]);

export class DetailLevel {
  readonly #ways: Way[] = [];
  /** By client and target: thousands of flights a second look theirs up. */
  readonly #found = new Map<string, Map<string, Pair>>();

  forget(): void {
    this.#ways.length = 0;
    this.#found.clear();
  }

  /** Flights to draw; `virtualNanos` of the world went by in `wallNanos` outside. */
  thin(flights: readonly FlightView[], virtualNanos: number, wallNanos: number): FlightView[] {
    for (const flight of flights) this.#way(flight).fresh += 1;
    const seconds = Math.max(wallNanos, 1e6) / 1e9;
    const weight = virtualNanos <= 0 ? 0 : Math.min(1, seconds * 2);
    for (const way of this.#ways) {
      way.rate += (way.fresh / seconds - way.rate) * weight;
      way.fresh = 0;
    }
    const drawn: FlightView[] = [];
    for (const flight of flights) {
      const mark = this.#draw(flight);
      if (mark !== null) drawn.push(mark);
    }
    if (drawn.length <= budget) return drawn;
    return drawn.filter((flight, index) => isException(flight) || index % 4 === 0);
  }

  /** Ways so busy that they are one line each. */
  flows(): FlowView[] {
    const flows: FlowView[] = [];
    for (const { client, target, inward, rate } of this.#ways) {
      if (rate > beaded) flows.push({ client, target, inward, rate });
    }
    return flows;
  }

  #draw(flight: FlightView): FlightView | null {
    if (isException(flight)) return flight;
    const way = this.#way(flight);
    way.seen += 1;
    if (way.rate <= numbered) return flight;
    if (quietKinds.has(flight.kind)) return null;
    if (way.rate <= sampled) {
      const every = Math.max(1, Math.round(way.rate / sampledMost));
      return way.seen % every === 0 ? { ...flight, seq: -1 } : null;
    }
    if (way.rate > beaded) return null;
    const every = Math.max(10, Math.round(way.rate / beadsMost));
    return way.seen % every === 0 ? { ...flight, seq: -1, count: every } : null;
  }

  #way({ client, target, inward }: FlightView): Way {
    const targets = this.#found.get(client) ?? new Map<string, Pair>();
    if (targets.size === 0) this.#found.set(client, targets);
    let pair = targets.get(target);
    if (pair === undefined) {
      const way = { client, target, rate: 0, fresh: 0, seen: 0 };
      pair = { in: { ...way, inward: true }, out: { ...way, inward: false } };
      targets.set(target, pair);
      this.#ways.push(pair.in, pair.out);
    }
    return inward ? pair.in : pair.out;
  }
}

function isException(flight: FlightView): boolean {
  if (flight.lost || flight.tries > 1) return true;
  return exceptions.has(flight.kind);
}
