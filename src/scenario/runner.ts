/** Plays a scenario file flat out to its end: what `bin/windtunnel run` and the tests do. */
import { sortedBy, type VirtualNanos } from "../kernel/index.ts";
import { parseScenarioLines } from "../link/index.ts";
import { isWorldLine, stateObject, type World } from "../world/index.ts";
import type { SessionGround } from "./ground.ts";
import { Session } from "./session.ts";
import { createTimeline, finishTimeline, gatherMarks, type TimelineMark } from "./timeline.ts";

export interface RunOptions extends SessionGround {
  /** Name of the file, for the report. */
  readonly file: string;
  /** Instead of the file's own. */
  readonly seed?: number;
  /** Default: the last line, or the last deadline of an expectation if that is later. */
  readonly until?: VirtualNanos;
}

export interface RunFailure {
  readonly at: number;
  /** Line of the file; 0 when it was not found there. */
  readonly line: number;
  /** The input as typed. */
  readonly text: string;
  /** What the predicate gave, or what the world said to a line that it refused. */
  readonly value: string;
}

/** One run, as `run --json` prints it. */
export interface RunReport {
  readonly file: string;
  readonly seed: number;
  readonly ok: boolean;
  readonly virtual_ns: number;
  readonly events: number;
  readonly wall_ms: number;
  readonly state_hash: string;
  readonly failures: readonly RunFailure[];
  readonly ledger: unknown;
  readonly timeline: readonly TimelineMark[];
}

// Between two looks at the trace: far less than its ring holds.
const eventsPerLook = 8_000;

/**
 * Runs the text of a scenario. Throws ScenarioError and SetupError for a file that cannot be run,
 * AssertionError for a bug of ours.
 */
export async function runScenario(text: string, options: RunOptions): Promise<RunReport> {
  const { original } = options.realm;
  const began = original.now();
  const { scenario, lines } = parseScenarioLines(text);
  const opening = options.seed === undefined ? {} : { seed: options.seed };
  const ground = { record: false, ...options, tracing: true };
  const session = await Session.open(scenario, ground, opening);
  try {
    const timeline = createTimeline();
    const refused = watchRefusals(session);
    await runToEnd(session, options.until ?? null, () => {
      if (session.trace !== null) gatherMarks(timeline, session.trace);
    });
    const { world } = session;
    const all = sortedBy([...world.failures, ...refused], (one) => one.at);
    const failures = all.map((one) => {
      const entry = scenario.entries.findIndex(({ text: typed }) => typed === one.line);
      const { at, line: typed, value } = one;
      return { at: Number(at), line: lines[entry] ?? 0, text: typed, value };
    });
    return {
      file: options.file,
      seed: session.seed,
      ok: failures.length === 0,
      virtual_ns: world.kernel.now,
      events: world.kernel.eventsRun,
      wall_ms: Math.round(original.now() - began),
      state_hash: session.hash(),
      failures,
      ledger: JSON.parse(JSON.stringify(stateObject(world).ledger)),
      timeline: finishTimeline(timeline),
    };
  } finally {
    await session.dispose();
  }
}

/** Runs to `until`, or past the last line to the last deadline. */
async function runToEnd(
  session: Session,
  until: VirtualNanos | null,
  look: () => void,
): Promise<void> {
  for (let end = endOf(session); ; end = endOf(session)) {
    const target = until ?? end;
    await runWatching(session, target, look);
    if (until !== null || endOf(session) <= target) return;
  }
}

async function runWatching(session: Session, at: VirtualNanos, look: () => void): Promise<void> {
  for (;;) {
    const last = session.world.kernel.eventsRun + eventsPerLook;
    const isFull = (world: World): boolean => world.kernel.eventsRun >= last;
    await session.runUntilTrue(isFull, at);
    look();
    if (session.now >= at && session.world.kernel.eventsRun < last) return;
  }
}

/** The instant of the last line or of the last pending deadline. */
function endOf(session: Session): VirtualNanos {
  const last = session.journal().at(-1)?.at ?? session.now;
  let end = Math.max(last, session.now);
  for (const one of session.world.expectations) {
    if (one.status === "pending") end = Math.max(end, one.until);
  }
  return end as VirtualNanos;
}

interface Refusal {
  readonly at: VirtualNanos;
  readonly line: string;
  readonly value: string;
}

/** A line of ours that the world refuses is a mistake in the file, not part of its story. */
function watchRefusals(session: Session): readonly Refusal[] {
  const refused: Refusal[] = [];
  session.listen({
    ended(tty, index, exit) {
      const command = session.world.terminals.get(tty)?.commands[index];
      // Ctrl-C is part of a story.
      if (exit === 0 || exit === 130 || command === undefined || !isWorldLine(command.line)) return;
      const isFailure = session.world.failures.some((one) => one.line === command.line);
      if (isFailure) return;
      refused.push({ at: session.now, line: command.line, value: command.stderr.trim() });
    },
  });
  return refused;
}
