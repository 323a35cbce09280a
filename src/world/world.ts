/** The world: every host, connection, process and promise of one simulation, as plain data. */
import { createKernel, fork, type Kernel, type VirtualNanos } from "../kernel/index.ts";
import type { ActorInput, ActorRecord } from "./actors.ts";
import type { Conn } from "./conns.ts";
import type { WorldEvent } from "./events.ts";
import type { Expectation, ExpectationFailure } from "./expect/expectation.ts";
import { addHost, deskName, type Forward, type Host } from "./host.ts";
import type { AdvisoryCount } from "./ledger/advisories.ts";
import { createLedger, type Ledger } from "./ledger/ledger.ts";
import type { LessonNote, LessonReply } from "./lesson-notes.ts";
import type { Link } from "./links.ts";
import type { StreamPipe } from "./processes/pipes.ts";
import type { ProcessRecord } from "./processes/process.ts";
import { ensureTerminal, type TerminalState } from "./processes/terminal.ts";
import type { Turn } from "./processes/turn.ts";
import type { DropRule } from "./taps/drop.ts";
import type { Trace } from "./trace.ts";

/** Chosen once, when a world is made; part of its state. */
export interface WorldOptions {
  /** Decode what connections carry: marks on the canvas, `fault drop`, the ledger. Default true. */
  readonly taps: boolean;
  /** Audit promises. Needs the taps. Default true. */
  readonly ledger: boolean;
  /** Remember every random draw, so that two runs can be compared. Default false. */
  readonly checking: boolean;
}

export interface World {
  readonly kernel: Kernel<WorldEvent>;
  readonly options: WorldOptions;
  /** In the order in which they were added. */
  readonly hosts: Map<string, Host>;
  /** By the names of both ends in order, `n1-n2`; only links that differ from the default. */
  readonly links: Map<string, Link>;
  /** Ports of the desk that lead to a server. */
  readonly forwards: Map<number, Forward>;
  readonly conns: Map<number, Conn>;
  connNext: number;
  readonly processes: Map<number, ProcessRecord>;
  pidNext: number;
  readonly pipes: Map<number, StreamPipe>;
  pipeNext: number;
  readonly actors: Map<string, ActorRecord>;
  readonly terminals: Map<string, TerminalState>;
  /** What new terminals find in their environment. */
  environment: readonly (readonly [string, string])[];
  readonly drops: DropRule[];
  readonly ledger: Ledger;
  /** By kind, as servers told them. */
  readonly advisories: Map<string, AdvisoryCount>;
  readonly expectations: Expectation[];
  readonly failures: ExpectationFailure[];
  /** What a lesson was told; absent until then, so that other worlds hash as ever. */
  lesson?: LessonNote[];
  /** Lines of the command table that were run. */
  inputs: number;
  /** A process has been handed an input and its effects are awaited. */
  turn: Turn | null;
  /** Notable events so far: drivers and expectations look whether it has moved. */
  notable: number;
  /** Number of the next message on any wire. */
  flightNext: number;
}

/** What the world needs of whoever drives it. One object for the life of a driver. */
export interface Doors {
  /** Names that can be spawned. */
  readonly programs: ReadonlySet<string>;
  /** Null: nothing is recorded (serve, bench). */
  readonly trace: Trace | null;
  /** Lets an actor take one input; it acts through this room's functions. */
  actor(world: World, doors: Doors, name: string, input: ActorInput): void;
  /** Bytes (or, with null, the end) for a connection that leads out of the world. */
  outside(conn: number, bytes: Uint8Array | null, reason: string): void;
  /** What a program wrote to a terminal. */
  output(tty: string, stream: 1 | 2, bytes: Uint8Array): void;
  /** A command line of a terminal has ended. */
  ended(tty: string, command: number, exit: number): void;
  /** A process is gone; its inside can be forgotten. */
  exited(pid: number): void;
  /** What a `lesson` line answers; null where there are no lessons. */
  readonly lesson: ((world: World, words: readonly string[]) => LessonReply) | null;
  /** The world before the first line of an instant, for `was(EXPRESSION)`; kept by this room. */
  before: Before | null;
}

export interface Before {
  readonly of: World;
  readonly at: VirtualNanos;
  readonly world: World;
}

/** An empty world: the desk with its first terminal `t1`, and no server. */
export function createWorld(seed: number, options: Partial<WorldOptions> = {}): World {
  const { taps = true, ledger = taps, checking = false } = options;
  const world: World = {
    kernel: createKernel<WorldEvent>(seed, checking),
    options: Object.freeze({ taps, ledger, checking }),
    hosts: new Map(),
    links: new Map(),
    forwards: new Map(),
    conns: new Map(),
    connNext: 1,
    processes: new Map(),
    pidNext: 100,
    pipes: new Map(),
    pipeNext: 1,
    actors: new Map(),
    terminals: new Map(),
    environment: [],
    drops: [],
    ledger: createLedger(),
    advisories: new Map(),
    expectations: [],
    failures: [],
    inputs: 0,
    turn: null,
    notable: 0,
    flightNext: 1,
  };
  addHost(world, deskName, "desk");
  ensureTerminal(world, "t1");
  return world;
}

/** Doors that lead nowhere, for what a driver does not care about. */
export function createDoors(given: Partial<Doors> = {}): Doors {
  return {
    programs: new Set(),
    trace: null,
    actor: () => {},
    outside: () => {},
    output: () => {},
    ended: () => {},
    exited: () => {},
    lesson: null,
    before: null,
    ...given,
  };
}

/** Remembers the world before the first line of an instant. */
export function noteInstant(world: World, doors: Doors): void {
  const { before } = doors;
  const { now: at } = world.kernel;
  if (before?.of === world && before.at === at) return;
  doors.before = { of: world, at, world: fork(world) };
}

/** The world that `was(EXPRESSION)` asks. */
export function worldBefore(world: World, doors: Doors): World {
  const { before } = doors;
  return before?.of === world && before.at === world.kernel.now ? before.world : world;
}
