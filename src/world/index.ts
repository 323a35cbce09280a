/** The world room: hosts, connections, disks, faults, taps, ledger, expectations and commands. */
import type { VirtualNanos } from "../kernel/index.ts";
import type { ActorPlan, ActorRecord } from "./actors.ts";
import type { Conn, Owner } from "./conns.ts";
import type { CommandResult, ProcessEffect, SignalName, Turn } from "./process.ts";
import type { Doors, World, WorldOptions } from "./world.ts";

export type {
  ActorCounters,
  ActorInput,
  ActorPlan,
  ActorRecord,
  PublisherPlan,
  WorkerPlan,
} from "./actors.ts";
export type { Conn, Endpoint, Owner, Pipe, Segment } from "./conns.ts";
export type { Disk, DiskFile } from "./disk.ts";
export type { Direction, WorldEvent } from "./events.ts";
export type { Expectation, ExpectationFailure } from "./expect/expectation.ts";
export type { FileRow, Forward, Host, Listener } from "./host.ts";
export type { Break, Ledger } from "./ledger/ledger.ts";
export type { Cut, Link } from "./links.ts";
export type { StreamPipe } from "./pipes.ts";
export type {
  CommandResult,
  Descriptor,
  FileEntry,
  HttpReply,
  ProcessEffect,
  ProcessInput,
  ProcessRecord,
  ProcessRequest,
  ReplyValue,
  RequestReply,
  SignalName,
  SpawnDescriptor,
  SpawnRequest,
  TerminalPatch,
  TerminalView,
  Turn,
} from "./process.ts";
export type { DropKind, DropRule } from "./taps/drop.ts";
export type { Mark } from "./taps/marks.ts";
export type { TerminalCommand, TerminalState } from "./terminal.ts";
export type { Flight, FlightKind, Trace, TraceEntry, WorldRecord } from "./trace.ts";
export { createTrace, readTrace } from "./trace.ts";
export type { Doors, World, WorldOptions } from "./world.ts";

/** An empty world: one desk host named `desk`, no server, one terminal `t1`. */
export declare function createWorld(seed: number, options?: Partial<WorldOptions>): World;

/**
 * Runs the next event. False when there is none. When `world.turn` is set afterwards, its effects
 * must be applied before the next call.
 */
export declare function runNextEvent(world: World, doors: Doors): boolean;

/** Performs what the turn in `world.turn` did, and clears it. */
export declare function applyEffects(
  world: World,
  doors: Doors,
  turn: Turn,
  effects: readonly ProcessEffect[],
): void;

/**
 * A line typed at a terminal. A plain `world|fault|load|sim|expect` line acts at once; anything
 * else starts the program `sh` with `["-sh", "-c", line]` (the dash says, as it does of a login
 * shell, that it keeps the terminal's state; or feeds the running program's stdin).
 * Returns the index of the command in `terminals.get(tty).commands`, null when it was input.
 */
export declare function submitLine(
  world: World,
  doors: Doors,
  tty: string,
  line: string,
): number | null;
/** Raw keys, for a program that holds the terminal raw. */
export declare function submitKeys(world: World, tty: string, bytes: Uint8Array): void;
/** Ctrl-C and its like: to every process of the terminal's foreground group. */
export declare function submitSignal(world: World, tty: string, signal: SignalName): void;
/** Ctrl-D: the end of the running program's input. */
export declare function submitEnd(world: World, tty: string): void;
export declare function submitResize(world: World, tty: string, cols: number, rows: number): void;
/** Makes a terminal (idempotent). `interactive: false`: programs find pipes, as in a script. */
export declare function ensureTerminal(
  world: World,
  name: string,
  options?: { interactive?: boolean; env?: readonly (readonly [string, string])[] },
): void;

/** True for a line whose first word is `world`, `fault`, `load`, `sim` or `expect`. */
export declare function isWorldLine(line: string): boolean;
/** Runs one line of the command table at this instant. Never throws for a person's mistake. */
export declare function worldCommand(world: World, doors: Doors, line: string): CommandResult;

/** Canonical 128-bit hash in hex over the state that design.md 3 names. */
export declare function worldHash(world: World): string;
/** The lazy state object of design.md 9; cached per event. JSON.stringify reads it whole. */
export declare function stateObject(world: World): Readonly<Record<string, unknown>>;

// For owners of connections outside the servers: actors and the headless server.
export declare function dial(
  world: World,
  doors: Doors,
  from: { host: string; owner: Owner },
  to: { host: string; port: number; transport: "tcp" | "ws" },
): Conn | null;
export declare function sendBytes(
  world: World,
  doors: Doors,
  conn: number,
  end: "a" | "b",
  bytes: Uint8Array,
): void;
export declare function closeConn(
  world: World,
  doors: Doors,
  conn: number,
  end: "a" | "b",
  reason: string,
): void;
export declare function setActorTimer(
  world: World,
  actor: ActorRecord,
  name: string,
  at: VirtualNanos,
): void;
export declare function startActor(world: World, name: string, plan: ActorPlan): ActorRecord;
