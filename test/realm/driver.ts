/** The smallest driver: runs a world with live processes, and keeps what their turns did. */
import * as cel from "@marcbachmann/cel-js";
import { actorTurn, installRealm, ProcessHost, type Program } from "../../src/clients/index.ts";
import { advanceTo, nextEventAt, type VirtualNanos, virtualNanos } from "../../src/kernel/index.ts";
import { provideAllParts } from "../../src/server/doors/all-parts.ts";
import {
  applyEffects,
  createDoors,
  createTrace,
  createWorld,
  type Doors,
  type ProcessEffect,
  providePredicates,
  runNextEvent,
  submitLine,
  type Trace,
  type Turn,
  type World,
  type WorldOptions,
  worldCommand,
} from "../../src/world/index.ts";

provideAllParts();

export interface TurnRecord {
  readonly turn: Turn;
  readonly effects: readonly ProcessEffect[];
}

export interface Bench {
  readonly world: World;
  readonly doors: Doors;
  readonly host: ProcessHost;
  readonly trace: Trace | null;
  readonly turns: TurnRecord[];
  /** What was written to terminals. */
  readonly written: string[];
}

export interface BenchOptions {
  readonly seed?: number;
  /** What follows `world`; default `server`. */
  readonly world?: string;
  readonly options?: Partial<WorldOptions>;
  readonly tracing?: boolean;
  /** Beside `sh`. */
  readonly programs?: Readonly<Record<string, Program>>;
}

const decoder = new TextDecoder();

/** `sh` runs the program given: a terminal's line starts it, whatever the line says. */
export function createBench(program: Program, given: BenchOptions = {}): Bench {
  const realm = installRealm({ strict: false });
  providePredicates(cel);
  const programs: Readonly<Record<string, Program>> = { ...given.programs, sh: program };
  const host = new ProcessHost({ programs, realm });
  const trace = given.tracing === true ? createTrace() : null;
  const written: string[] = [];
  const doors = createDoors({
    programs: new Set(Object.keys(programs)),
    trace,
    actor: actorTurn,
    output: (_tty, _stream, bytes) => void written.push(decoder.decode(bytes)),
    exited: (pid) => host.drop(pid),
  });
  const world = createWorld(given.seed ?? 1, given.options);
  const bench = { world, doors, host, trace, turns: [], written };
  command(bench, `world ${given.world ?? "server"}`);
  return bench;
}

/** Runs a line of the command table; a refusal fails the test. */
export function command(bench: Bench, line: string): string {
  const { exit, stdout, stderr } = worldCommand(bench.world, bench.doors, line);
  if (exit !== 0) throw new Error(`${line}: ${stderr}`);
  return stdout;
}

/** Starts the program at a terminal. */
export function start(bench: Bench, line = "run", tty = "t1"): void {
  submitLine(bench.world, bench.doors, tty, line);
}

/** Runs events up to an instant, or until nothing is left or `until` holds. */
export async function run(
  bench: Bench,
  at: number = Number.POSITIVE_INFINITY,
  until: (world: World) => boolean = () => false,
): Promise<void> {
  const { world, doors, host, turns } = bench;
  for (;;) {
    const next = nextEventAt(world.kernel);
    if (until(world)) return;
    if (next === null || next > (at as VirtualNanos)) {
      if (Number.isFinite(at)) advanceTo(world.kernel, virtualNanos(at));
      return;
    }
    runNextEvent(world, doors);
    const { turn } = world;
    if (turn === null) continue;
    const record = world.processes.get(turn.pid);
    if (record === undefined) throw new Error(`turn of unknown process ${turn.pid}`);
    const effects = await host.turn(record, turn);
    turns.push({ turn, effects });
    applyEffects(world, doors, turn, effects);
  }
}

/** Starts the program and runs until it has ended; answers its exit code. */
export async function runProgram(bench: Bench, line = "run"): Promise<number> {
  start(bench, line);
  const [command] = bench.world.terminals.get("t1")?.commands.slice(-1) ?? [];
  await run(bench, Number.POSITIVE_INFINITY, () => command?.exit !== null);
  return command?.exit ?? -1;
}
