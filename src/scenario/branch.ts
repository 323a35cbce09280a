/**
 * One line of history: the inputs, what every process answered in each of its turns, and the
 * checkpoints. With these any of its moments can be had again without a live process.
 */
import {
  type Checkpoints,
  createCheckpoints,
  dropCheckpointsBefore,
  forkCheckpoints,
  type JournalEntry,
  type VirtualNanos,
} from "../kernel/index.ts";
import type { World } from "../world/index.ts";
import type { BranchView } from "./ground.ts";
import {
  createTurnLog,
  forgetTurns,
  forkTurnLog,
  packedBytesMax,
  packedBytesOf,
  type TurnLog,
} from "./turns/turn-log.ts";

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
  readonly turns: TurnLog;
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
    turns: createTurnLog(),
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
    turns: forkTurnLog(from.turns, (pid) => turnsTaken(world, pid)),
    checkpoints: forkCheckpoints(checkpoints, (one) => {
      return one.inputs <= applied && one.eventsRun <= eventsRun;
    }),
    head: null,
  };
}

/** `head`: its newest moment, which the driver may have in hand. */
export function viewBranch(branch: Branch, head: Head): BranchView {
  const { id, name, parent, fork } = branch;
  return {
    ...{ id, name, parent },
    forkedAt: fork?.at ?? null,
    forkedStep: fork === null ? null : fork.eventsRun + fork.inputs,
    at: head.world.kernel.now,
    inputs: head.applied,
  };
}

/**
 * When the turns of a history have become too much: its oldest moments are let go, and with them
 * the processes that had ended by then. What still runs is a function of all its turns and stays.
 */
export function forgetOldest({ checkpoints, turns }: Branch): void {
  if (turns.packedBytes < turns.packedBytesMax) return;
  const oldest = checkpoints.kept[Math.floor(checkpoints.kept.length * forgottenShare)];
  const ended = [...turns.processes.keys()].filter((pid) => {
    return oldest !== undefined && hasEnded(oldest.state, pid);
  });
  const freed = ended.reduce((sum, pid) => sum + packedBytesOf(turns, pid), 0);
  // Where little would come of it, the past is worth more.
  if (oldest !== undefined && freed >= turns.packedBytesMax * forgottenShare) {
    dropCheckpointsBefore(checkpoints, oldest);
    for (const pid of ended) forgetTurns(turns, pid);
  }
  turns.packedBytesMax = Math.max(packedBytesMax, turns.packedBytes * (1 + forgottenShare));
}

const forgottenShare = 0.25;

function hasEnded(world: World, pid: number): boolean {
  return pid < world.pidNext && world.processes.get(pid)?.status !== "running";
}

/** How many turns a process has taken; null when it has ended, so all of them. */
function turnsTaken(world: World, pid: number): number | null {
  // A number not yet given out belongs to the future.
  if (pid >= world.pidNext) return 0;
  return world.processes.get(pid)?.turns ?? null;
}
