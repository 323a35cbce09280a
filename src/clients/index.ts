/** The clients room: JavaScript processes on virtual time, nats.js in the world, workload actors. */
import type {
  ActorInput,
  Doors,
  ProcessEffect,
  ProcessRecord,
  Turn,
  World,
} from "../world/index.ts";
import type { Program } from "./program.ts";

export type { Child, ProcessContext, Program, SpawnOptions, StandardInput } from "./program.ts";

/** The realm's own clock, timers and chance, kept for drivers. */
export interface OriginalRealm {
  readonly now: () => number;
  readonly setTimeout: (fn: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  /** One macrotask: postTask, a MessageChannel or setImmediate. */
  readonly yieldMacrotask: () => Promise<void>;
}

export interface Realm {
  readonly original: OriginalRealm;
  /** Something truly asynchronous is under way: the driver takes no event until it is done. */
  hold<T>(promise: Promise<T>): Promise<T>;
  readonly holds: number;
  /** Puts the originals back (tests). */
  uninstall(): void;
}

/**
 * Makes the realm's clocks, timers and chance those of the current process. With `strict`, use
 * of them without a current process throws; else the originals answer.
 */
export declare function installRealm(options: { strict: boolean }): Realm;

/** Runs JavaScript processes, one turn at a time. The only live objects of a session. */
export declare class ProcessHost {
  constructor(options: { programs: Readonly<Record<string, Program>>; realm: Realm });
  /** Gives a process one input; resolves with what it did, in order, when it waits again. */
  turn(record: ProcessRecord, turn: Turn): Promise<ProcessEffect[]>;
  has(pid: number): boolean;
  /** Forgets a process (it exited, or the world was replaced). */
  drop(pid: number): void;
  dropAll(): void;
  /** Builds the inside of a process again from every turn it has taken, `start` first. */
  rebuild(record: ProcessRecord, turns: readonly Turn[]): Promise<void>;
}

/** The behaviour of `load` actors: what `Doors.actor` is. */
export declare function actorTurn(
  world: World,
  doors: Doors,
  name: string,
  input: ActorInput,
): void;
