/**
 * Heartbeats: each group's leader sends one a second to each member. Drawn is one pulse a way and
 * round, however many groups there are.
 */

/** Two pulses on one way are at least so far apart, in virtual nanoseconds. */
const apart = 400e6;

export class Pulse {
  /** When the last one left, by way. */
  readonly #last = new Map<string, number>();

  isDue(from: string, to: string, at: number): boolean {
    const way = `${from} ${to}`;
    const last = this.#last.get(way);
    // Time may have gone back.
    if (last !== undefined && at >= last && at - last < apart) return false;
    this.#last.set(way, at);
    return true;
  }
}
