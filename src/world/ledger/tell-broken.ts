/** A stored message that was acknowledged is gone: booked, and told to who watches. */
import { recordWorld } from "../record.ts";
import type { Doors, World } from "../world.ts";
import { breakPromise } from "./ledger.ts";

export interface BrokenPromise {
  /** Where it was found out; "" when nobody in particular did. */
  readonly host: string;
  readonly stream: string;
  readonly seq: number;
  readonly why: string;
}

export function tellBroken(world: World, doors: Doors, broken: BrokenPromise): void {
  const { host, stream, seq, why } = broken;
  breakPromise(world.ledger, { promise: "stored", at: world.kernel.now, stream, seq, why });
  const detail = `${stream} ${seq}: ${why}`;
  recordWorld(world, doors.trace, { host, kind: "broken", subject: stream, detail });
  world.notable++;
}
