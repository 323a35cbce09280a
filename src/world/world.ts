/** The world: every host, connection, process and promise of one simulation, as plain data. */
import type { Kernel, Table, VirtualNanos } from "../kernel/index.ts";
import type { ActorInput, ActorRecord } from "./actors.ts";
import type { Conn } from "./conns.ts";
import type { WorldEvent } from "./events.ts";
import type { Expectation, ExpectationFailure } from "./expect/expectation.ts";
import type { Forward, Host } from "./host.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Link } from "./links.ts";
import type { StreamPipe } from "./pipes.ts";
import type { ProcessRecord, Turn } from "./process.ts";
import type { DropRule } from "./taps/drop.ts";
import type { TerminalState } from "./terminal.ts";
import type { Trace } from "./trace.ts";

/** Chosen once, when a world is made; part of its state. */
export interface WorldOptions {
  /** Decode what connections carry: marks on the canvas, `fault drop`, the ledger. Default true. */
  readonly taps: boolean;
  /** Audit promises. Needs the taps. Default true. */
  readonly ledger: boolean;
}

export interface World {
  readonly kernel: Kernel<WorldEvent>;
  readonly options: WorldOptions;
  readonly hosts: Map<string, Host>;
  /** By the names of both ends in order, `n1-n2`; only links that differ from the default. */
  readonly links: Map<string, Link>;
  readonly forwards: Map<number, Forward>;
  readonly conns: Table<number, Conn>;
  connNext: number;
  readonly processes: Map<number, ProcessRecord>;
  pidNext: number;
  readonly pipes: Map<number, StreamPipe>;
  pipeNext: number;
  readonly actors: Map<string, ActorRecord>;
  readonly terminals: Map<string, TerminalState>;
  readonly drops: DropRule[];
  readonly ledger: Ledger;
  readonly expectations: Expectation[];
  readonly failures: ExpectationFailure[];
  /** A process has been handed an input and its effects are awaited. */
  turn: Turn | null;
  /** Notable events so far: drivers and expectations look whether it has moved. */
  notable: number;
  /** Number of the next trace record; not hashed. */
  traceNext: number;
}

/** What the world needs of whoever drives it. One object for the life of a driver. */
export interface Doors {
  /** Lets an actor take one input; it acts through this room's functions. */
  actor(world: World, doors: Doors, name: string, input: ActorInput): void;
  /** Bytes (or, with null, the end) for a connection that leads out of the world. */
  outside(conn: number, bytes: Uint8Array | null, reason: string): void;
  /** What a program wrote to a terminal. */
  output(tty: string, stream: 1 | 2, bytes: Uint8Array): void;
  /** A command line of a terminal has ended. */
  ended(tty: string, command: number, exit: number): void;
  /** Null: nothing is recorded (serve, bench). */
  readonly trace: Trace | null;
}

/** Virtual time of the world. */
export function nowOf(world: World): VirtualNanos {
  return world.kernel.now;
}
