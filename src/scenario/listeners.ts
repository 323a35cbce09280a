/** The world's doors for a session: everything that leaves it goes to the session's listeners. */
import { createTrace, type Doors } from "../world/index.ts";
import { actorTurn } from "./first-use.ts";
import type { SessionGround, SessionListener } from "./ground.ts";

/** The doors, whose trace is replaced when another moment is shown. */
export type SessionDoors = { -readonly [K in keyof Doors]: Doors[K] };

export class Listeners {
  /** Nothing is printed while the past is replayed out of sight. */
  quiet = false;
  readonly all: SessionListener[] = [];

  /** An event has run or an input was applied. */
  moved(): void {
    for (const listener of this.all) listener.moved?.();
  }

  /** Adds a listener; the answer takes it away again. */
  add(listener: SessionListener): () => void {
    this.all.push(listener);
    return () => {
      const at = this.all.indexOf(listener);
      if (at >= 0) this.all.splice(at, 1);
    };
  }
}

/** `exited` is called with each process that is gone. */
export function createDoors(
  listeners: Listeners,
  ground: SessionGround,
  exited: (pid: number) => void,
): SessionDoors {
  const { all } = listeners;
  const { lessons } = ground;
  return {
    programs: new Set(Object.keys(ground.programs)),
    trace: (ground.tracing ?? true) ? createTrace() : null,
    lesson: lessons === undefined ? null : (world, words) => lessons.answer(world, words),
    before: null,
    actor: actorTurn,
    exited,
    outside(conn, bytes, reason) {
      for (const listener of all) listener.outside?.(conn, bytes, reason);
    },
    output(tty, stream, bytes) {
      if (listeners.quiet) return;
      for (const listener of all) listener.output?.(tty, stream, bytes);
    },
    ended(tty, command, exit) {
      if (listeners.quiet) return;
      for (const listener of all) listener.ended?.(tty, command, exit);
    },
  };
}
