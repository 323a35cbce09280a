/** A world with nothing but a desk, and lines typed at its terminal: for tests of the shell. */
import { installRealm, ProcessHost, type Program, type Realm } from "../../clients/index.ts";
import {
  advanceTo,
  assert,
  millis,
  nextEventAt,
  plus,
  type VirtualNanos,
} from "../../kernel/index.ts";
import { provideAllParts } from "../../server/doors/all-parts.ts";
import {
  applyEffects,
  createWorld,
  type Doors,
  ensureTerminal,
  runNextEvent,
  submitLine,
  submitSignal,
  type World,
} from "../../world/index.ts";

provideAllParts();

export interface Desk {
  readonly world: World;
  /** Types a line at a terminal and runs the world until its prompt is back. */
  run(line: string, options?: RunOptions): Promise<DeskRun>;
}

export interface RunOptions {
  /** Ctrl-C so many virtual milliseconds after Enter. */
  readonly interruptAtMs?: number;
  /** True: programs find a terminal. Default: pipes. */
  readonly tty?: boolean;
}

export interface DeskRun {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

let realm: Realm | null = null;

export function createDesk(programs: Readonly<Record<string, Program>>, seed = 1): Desk {
  realm ??= installRealm({ strict: false });
  const host = new ProcessHost({ programs, realm });
  const world = createWorld(seed);
  const output = { 1: "", 2: "" };
  const decoder = new TextDecoder();
  let exit: number | null = null;
  const doors: Doors = {
    programs: new Set(Object.keys(programs)),
    trace: null,
    lesson: null,
    before: null,
    actor: () => assert(false, "no actors on this desk"),
    exited: (pid) => host.drop(pid),
    outside: () => assert(false, "no connections leave this desk"),
    output: (_tty, stream, bytes) => {
      output[stream] += decoder.decode(bytes);
    },
    ended: (_tty, _command, status) => {
      exit = status;
    },
  };

  async function runWhile(holds: () => boolean, until: VirtualNanos): Promise<void> {
    while (holds()) {
      const next = nextEventAt(world.kernel);
      if (next === null || next > until) break;
      runNextEvent(world, doors);
      const { turn } = world;
      const record = turn === null ? undefined : world.processes.get(turn.pid);
      if (turn === null || record === undefined) continue;
      applyEffects(world, doors, turn, await host.turn(record, turn));
    }
  }

  const run = async (line: string, options: RunOptions = {}): Promise<DeskRun> => {
    const tty = "t1";
    ensureTerminal(world, tty, { interactive: options.tty ?? false });
    output[1] = "";
    output[2] = "";
    exit = null;
    submitLine(world, doors, tty, line);
    if (options.interruptAtMs !== undefined) {
      const at = plus(world.kernel.now, millis(options.interruptAtMs));
      await runWhile(() => exit === null, at);
      if (exit === null) advanceTo(world.kernel, at);
      submitSignal(world, doors, tty, "INT");
    }
    await runWhile(() => exit === null, Number.POSITIVE_INFINITY as VirtualNanos);
    assert(exit !== null, `nothing is left to happen, but the line has not ended: ${line}`);
    return { exit, stdout: output[1], stderr: output[2] };
  };
  return { world, run };
}
