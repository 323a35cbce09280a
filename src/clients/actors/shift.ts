/** One input's worth of an actor's work: what it sends is collected and leaves as one write. */
import {
  type DurationNanos,
  drawU32,
  type Kernel,
  plus,
  type SimEvent,
} from "../../kernel/index.ts";
import {
  createMessage,
  createOutBuffer,
  encodePub,
  type OutBuffer,
  takeBytes,
} from "../../protocol/index.ts";
import {
  type ActorRecord,
  type Doors,
  sendBytes,
  setActorTimer,
  type World,
} from "../../world/index.ts";
import { type ActorMemory, memoryOf } from "./memory.ts";

export interface Shift {
  readonly world: World;
  readonly doors: Doors;
  readonly actor: ActorRecord;
  readonly memory: ActorMemory;
  readonly out: OutBuffer;
}

// Output of one turn at a time: no state, and empty between turns.
const scratch = createOutBuffer();

export function beginShift(world: World, doors: Doors, actor: ActorRecord): Shift {
  scratch.length = 0;
  return { world, doors, actor, memory: memoryOf(actor), out: scratch };
}

/** Writes what the shift collected; without a connection it is lost. */
export function endShift({ world, doors, actor, out }: Shift): void {
  const bytes = takeBytes(out);
  if (actor.conn !== null && bytes.length > 0) sendBytes(world, doors, actor.conn, "a", bytes);
}

/** A publish, when the connection is up; false when there is none to write to. */
export function publish(
  { memory, out }: Shift,
  message: {
    readonly subject: string;
    readonly reply: string | null;
    readonly headers: Uint8Array | null;
    readonly payload: Uint8Array;
  },
): boolean {
  if (memory.phase !== "ready") return false;
  const { subject, reply, headers, payload } = message;
  encodePub(out, createMessage(subject, reply, headers, payload));
  return true;
}

/** Arms a timer of this actor; the same name replaces it. */
export function armIn(
  { world, actor }: Shift,
  name: string,
  after: DurationNanos,
  detail = 0,
): void {
  setActorTimer(world, actor, { name, at: plus(world.kernel.now, after), detail });
}

/** The actor's own dice, so that one more draw here reshuffles nobody else. */
export function actorDraw(world: World, actor: ActorRecord): () => number {
  const kernel: Kernel<SimEvent> = world.kernel;
  return () => drawU32(kernel.random, `actor:${actor.name}`);
}

/** Counts an error by its code, as `state().actors` shows it. */
export function countError(actor: ActorRecord, code: string): void {
  actor.counters.errors.set(code, (actor.counters.errors.get(code) ?? 0) + 1);
}
