/** Two branches side by side: where they parted, what was done in each, what it came to. */
import {
  type JournalEntry,
  type Stamp,
  type VirtualNanos,
  virtualNanos,
} from "../../kernel/index.ts";
import { type World, worldHash } from "../../world/index.ts";
import type { Branch, Fork, Head, Recorded } from "../branch.ts";
import type { SessionGround } from "../ground.ts";
import { oldestOf } from "../time-machine.ts";
import { type Moment, momentOf } from "./aside.ts";
import { type StateDifference, stateDifferences } from "./state-differences.ts";

/** An input of one of the two, after they parted. */
export interface ComparedInput {
  readonly entry: JournalEntry;
  /** From the scenario's file. */
  readonly script: boolean;
  /** The other branch has it too, at the same instant. */
  readonly shared: boolean;
}

export interface ComparedBranch {
  readonly id: number;
  readonly name: string;
  /** Since they parted and up to the instant of the comparison. */
  readonly inputs: readonly ComparedInput[];
  /** State hash at the instant of the comparison. */
  readonly hash: string;
  /** The world at that instant, to be read only. */
  readonly world: World;
}

/** Two branches at one virtual instant. */
export interface BranchComparison {
  /** The last moment that both share, `T#k`; 0s for a branch and itself. */
  readonly parted: Stamp;
  readonly at: VirtualNanos;
  readonly left: ComparedBranch;
  readonly right: ComparedBranch;
  /** Empty when nothing that people count differs. */
  readonly differences: readonly StateDifference[];
}

/** The branches of a session, and what it takes to look at moments of theirs. */
export interface Stand {
  readonly branches: readonly Branch[];
  readonly heads: (branch: Branch) => Head;
  readonly ground: SessionGround;
}

/**
 * Compares two branches by their numbers at `at`, or at the newest instant that both have reached
 * when that is earlier. Null when one of them is not there.
 */
export async function compareAt(
  { branches, heads, ground }: Stand,
  [left, right]: readonly [number, number],
  at: VirtualNanos,
): Promise<BranchComparison | null> {
  const [one, other] = [branches[left], branches[right]];
  if (one === undefined || other === undefined) return null;
  const reached = [one, other].map((branch) => heads(branch).world.kernel.now);
  const earliest = Math.max(oldestOf(one), oldestOf(other));
  const both = virtualNanos(Math.max(earliest, Math.min(at, ...reached)));
  return compareBranches(
    branches,
    { branch: one, moment: await momentOf(one, heads(one), both, ground) },
    { branch: other, moment: await momentOf(other, heads(other), both, ground) },
  );
}

interface Side {
  readonly branch: Branch;
  readonly moment: Moment;
}

/** Compares two branches of a session, each at the same instant. Reads and changes nothing. */
function compareBranches(branches: readonly Branch[], left: Side, right: Side): BranchComparison {
  const fork = partingOf(branches, left.branch, right.branch);
  const from = fork?.inputs ?? 0;
  const one = inputsSince(left, from);
  const other = inputsSince(right, from);
  return {
    parted: { at: (fork?.at ?? 0) as VirtualNanos, k: fork?.k ?? null },
    at: left.moment.world.kernel.now,
    left: viewSide(left, one, other),
    right: viewSide(right, other, one),
    differences: stateDifferences(left.moment.world, right.moment.world),
  };
}

/** Where two branches part: the earlier of the forks that lead to them from what both come from. */
export function partingOf(branches: readonly Branch[], left: Branch, right: Branch): Fork | null {
  const ours = lineOf(branches, left);
  const theirs = lineOf(branches, right);
  let shared = 0;
  while (shared < ours.length && ours[shared] === theirs[shared]) shared += 1;
  const forks = [ours[shared]?.fork, theirs[shared]?.fork].filter((one) => one != null);
  return forks.reduce<Fork | null>(
    (first, one) => (first === null || isEarlier(one, first) ? one : first),
    null,
  );
}

/** A branch with those it comes from, the first one first. */
function lineOf(branches: readonly Branch[], branch: Branch): Branch[] {
  const line: Branch[] = [];
  for (let one: Branch | undefined = branch; one !== undefined; ) {
    line.unshift(one);
    one = one.parent === null ? undefined : branches[one.parent];
  }
  return line;
}

function isEarlier(a: Fork, b: Fork): boolean {
  return a.eventsRun === b.eventsRun ? a.inputs < b.inputs : a.eventsRun < b.eventsRun;
}

function inputsSince({ branch, moment }: Side, from: number): readonly Recorded[] {
  return branch.journal.slice(from, moment.applied);
}

function viewSide(
  { branch, moment }: Side,
  inputs: readonly Recorded[],
  others: readonly Recorded[],
): ComparedBranch {
  const known = new Set(others.map(({ entry }) => keyOf(entry)));
  return {
    id: branch.id,
    name: branch.name,
    inputs: inputs.map(({ entry, script }) => {
      return { entry, script, shared: known.has(keyOf(entry)) };
    }),
    hash: worldHash(moment.world),
    world: moment.world,
  };
}

function keyOf({ at, tty, kind, text }: JournalEntry): string {
  return JSON.stringify([at, tty, kind, text]);
}
