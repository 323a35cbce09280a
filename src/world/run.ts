/** The loop's one step: takes the next event and calls its handler. */
import { assert, takeEvent } from "../kernel/index.ts";
import { onActorInput } from "./actors.ts";
import { onArrive, onDial, onDialled, onGiveUp } from "./arrive.ts";
import { onDiskSync } from "./disk.ts";
import type { WorldEvent } from "./events.ts";
import { checkExpectations, hasPending, onExpectCheck } from "./expect/expectation.ts";
import { onAccept, onHttp, onServerTimer } from "./machine.ts";
import { onServerExit } from "./power.ts";
import { onProcessInput } from "./processes/turns.ts";
import type { Doors, World } from "./world.ts";

/** Every kind has a handler; the compiler refuses a gap. */
const handlers = {
  dial: onDial,
  accept: onAccept,
  dialled: onDialled,
  arrive: onArrive,
  "give-up": onGiveUp,
  "server-timer": onServerTimer,
  "server-exit": onServerExit,
  "process-input": onProcessInput,
  "actor-input": onActorInput,
  "disk-sync": onDiskSync,
  http: onHttp,
  "expect-check": onExpectCheck,
} satisfies {
  [K in WorldEvent["kind"]]: (
    world: World,
    doors: Doors,
    event: Extract<WorldEvent, { kind: K }>,
  ) => void;
};

/**
 * Runs the next event. False when there is none. When `world.turn` is set afterwards, its effects
 * must be applied (`applyEffects`) before the next call.
 */
export function runNextEvent(world: World, doors: Doors): boolean {
  assert(world.turn === null, "a process still owes the effects of its turn");
  const event = takeEvent(world.kernel);
  if (event === null) return false;
  const { notable } = world;
  handlers[event.kind](world, doors, event as never);
  if (world.notable !== notable && hasPending(world)) checkExpectations(world, doors);
  return true;
}
