/** Steps: where one leads forward, and which earlier moment one leads back to. */
import {
  assert,
  type Checkpoint,
  millis,
  nextEventAt,
  plus,
  unreachable,
  type VirtualNanos,
  virtualNanos,
} from "../kernel/index.ts";
import type { World } from "../world/index.ts";
import type { Driver, Stop } from "./driver.ts";

export type StepKind = "event" | "instant" | "tick" | "notable";

/** How far a step of kind `tick` goes. */
export const tick = millis(10);

const forever = virtualNanos(Number.POSITIVE_INFINITY);

/** Where one step forward from the driver's moment ends. */
export function stopOfStep(driver: Driver, kind: StepKind): Stop {
  const { kernel, notable } = driver.world;
  switch (kind) {
    case "event":
      return { at: forever, reached: () => true };
    case "instant": {
      const input = driver.nextInput()?.entry.at ?? forever;
      const at = Math.min(nextEventAt(kernel) ?? forever, input);
      return { at: at === forever ? kernel.now : virtualNanos(at) };
    }
    case "tick":
      return { at: plus(kernel.now, tick) };
    case "notable":
      return { at: forever, reached: (world) => world.notable !== notable };
    default:
      return unreachable(kind);
  }
}

/** A moment, and the checkpoint from which to reach it. */
export interface Position {
  readonly from: Checkpoint<World>;
  readonly events: number;
  readonly at: VirtualNanos;
}

/**
 * Finds the moment before the driver's by replaying from ever earlier checkpoints. The driver is
 * left somewhere in the past.
 */
export async function positionBefore(
  driver: Driver,
  kind: Exclude<StepKind, "tick">,
): Promise<Position> {
  const { now, eventsRun } = driver.world.kernel;
  const here = { now, events: eventsRun };
  let bound = eventsRun - 1;
  for (let inputs = driver.applied; ; ) {
    const from = lastCheckpoint(driver, inputs, bound);
    driver.restore(from);
    const found = await lastOfKind(driver, kind, here);
    if (found !== null) return { from, ...found };
    if (from === driver.branch.checkpoints.kept[0]) {
      return { from, events: from.eventsRun, at: from.at };
    }
    bound = from.eventsRun - 1;
    inputs = from.inputs;
  }
}

interface Here {
  readonly now: VirtualNanos;
  readonly events: number;
}

/** The last moment of the kind between the driver's (a checkpoint) and `here`. */
async function lastOfKind(
  driver: Driver,
  kind: Exclude<StepKind, "tick">,
  here: Here,
): Promise<{ events: number; at: VirtualNanos } | null> {
  let found: { events: number; at: VirtualNanos } | null = null;
  let notable = driver.world.notable;
  const reached = (world: World): boolean => {
    const { eventsRun: events, now: at } = world.kernel;
    if (events >= here.events) return true;
    const isOne = kind === "notable" ? world.notable !== notable : isBefore(kind, at, here.now);
    notable = world.notable;
    if (isOne) found = { events, at };
    return false;
  };
  if (driver.world.kernel.eventsRun < here.events) {
    await driver.advance({ at: forever, reached, pastOnly: true });
  }
  return found;
}

function isBefore(kind: "event" | "instant", at: VirtualNanos, now: VirtualNanos): boolean {
  return kind === "event" || at < now;
}

function lastCheckpoint(driver: Driver, inputs: number, events: number): Checkpoint<World> {
  const { checkpoints } = driver.branch;
  for (let i = checkpoints.kept.length - 1; i >= 0; i--) {
    const one = checkpoints.kept[i];
    if (one !== undefined && one.inputs <= inputs && one.eventsRun <= events) return one;
  }
  const [first] = checkpoints.kept;
  assert(first !== undefined, "the session keeps no past");
  return first;
}
