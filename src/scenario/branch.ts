/**
 * One line of history: the inputs, what every process answered in each of its turns, and the
 * checkpoints. With these any of its moments can be had again without a live process.
 */
import {
  type Checkpoints,
  createCheckpoints,
  forkCheckpoints,
  type JournalEntry,
  type VirtualNanos,
} from "../kernel/index.ts";
import type { ProcessEffect, Turn, World } from "../world/index.ts";

/** One turn of a process and what it did. */
export interface TurnRecord {
  readonly turn: Turn;
  readonly effects: readonly ProcessEffect[];
}

/** An input in a branch's journal. */
export interface Recorded {
  readonly entry: JournalEntry;
  /** From the scenario's file: it stays when somebody acts before it. */
  readonly script: boolean;
  /** Events of its instant that had run when it was applied; -1 before that. */
  readonly ran: number;
}

/** The newest moment of a branch. */
export interface Head {
  readonly world: World;
  /** Journal entries applied. */
  readonly applied: number;
}

/** The moment at which a branch left another. */
export interface Fork {
  readonly at: VirtualNanos;
  /** Events of its instant that had run. */
  readonly k: number;
  readonly eventsRun: number;
  /** Journal entries that both have before it. */
  readonly inputs: number;
}

export interface Branch {
  readonly id: number;
  /** What people call it: `main`, `branch 2`, or what they named it. */
  name: string;
  readonly parent: number | null;
  /** Where it left its parent; null for the first. */
  readonly fork: Fork | null;
  journal: Recorded[];
  readonly turns: Map<number, TurnRecord[]>;
  readonly checkpoints: Checkpoints<World>;
  /** Null while the session's own world is the newest moment. */
  head: Head | null;
}

export function createBranch(id: number, name: string): Branch {
  return {
    id,
    name,
    parent: null,
    fork: null,
    journal: [],
    turns: new Map(),
    checkpoints: createCheckpoints(),
    head: null,
  };
}

/**
 * A branch that shares the past of `from` up to a world in which `applied` inputs went. Of what
 * comes after, only the scenario's own lines are kept.
 */
export function forkBranch(from: Branch, id: number, world: World, applied: number): Branch {
  const later = from.journal.slice(applied).filter((one) => one.script);
  const { checkpoints } = from;
  const { now: at, ranNow: k, eventsRun } = world.kernel;
  return {
    id,
    name: `branch ${id + 1}`,
    parent: from.id,
    fork: { at, k, eventsRun, inputs: applied },
    journal: [...from.journal.slice(0, applied), ...later],
    turns: turnsUntil(from.turns, world),
    checkpoints: forkCheckpoints(checkpoints, (one) => {
      return one.inputs <= applied && one.eventsRun <= eventsRun;
    }),
    head: null,
  };
}

/** What a process did in its turn number `turn.number`, or null when it is not known. */
export function recordedEffects(branch: Branch, turn: Turn): readonly ProcessEffect[] | null {
  return branch.turns.get(turn.pid)?.[turn.number]?.effects ?? null;
}

export function recordTurn(branch: Branch, turn: Turn, effects: readonly ProcessEffect[]): void {
  const turns = branch.turns.get(turn.pid);
  if (turns === undefined) branch.turns.set(turn.pid, [{ turn, effects }]);
  else turns.push({ turn, effects });
}

function turnsUntil(turns: Branch["turns"], world: World): Map<number, TurnRecord[]> {
  const kept = new Map<number, TurnRecord[]>();
  for (const [pid, list] of turns) {
    // A number not yet given out belongs to the future; one that is gone has lived its life.
    if (pid >= world.pidNext) continue;
    const taken = world.processes.get(pid)?.turns ?? list.length;
    kept.set(pid, list.slice(0, taken));
  }
  return kept;
}
