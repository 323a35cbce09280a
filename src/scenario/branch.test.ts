/** What a history lets go of when its turns have become too much. Our model. */
import { expect, test } from "vitest";
import { nanos, virtualNanos } from "../kernel/index.ts";
import { createWorld, type World } from "../world/index.ts";
import { type Branch, createBranch, forgetOldest } from "./branch.ts";
import { oldestOf } from "./time-machine.ts";
import { effectsOf, recordTurn } from "./turns/turn-log.ts";

const turnOf = (pid: number, number: number) => ({
  pid,
  number,
  at: virtualNanos(0),
  clockOffset: nanos(0),
  input: { kind: "start" } as const,
});

/** A world in which processes 100 to `pidNext - 1` were begun and only `running` go on. */
function worldOf(pidNext: number, running: readonly number[]): World {
  const world = createWorld(1);
  world.pidNext = pidNext;
  for (const pid of running) world.processes.set(pid, { pid, status: "running" } as never);
  return world;
}

/** Ten checkpoints a second apart; one process begins at each, and 100 alone runs for ever. */
function history(turns: number): Branch {
  const branch = createBranch(0, "main");
  for (let i = 0; i < 10; i++) {
    const state = worldOf(101 + i, i === 0 ? [100] : [100, 100 + i]);
    const at = virtualNanos(i * 1e9);
    const size = { bytes: 1, dropped: 0, fronts: 0 };
    branch.checkpoints.kept.push({ at, eventsRun: i, inputs: i, size, state });
    branch.checkpoints.bytes += 1;
    for (let number = 0; number < turns; number++) {
      recordTurn(branch.turns, { turn: turnOf(100 + i, number), effects: [] });
    }
  }
  return branch;
}

test("the oldest quarter goes, with the processes that had ended by then", () => {
  const branch = history(1_000);
  const before = branch.turns.packedBytes;
  branch.turns.packedBytesMax = before + 1;
  forgetOldest(branch);
  expect(oldestOf(branch)).toBe(0);
  // Of ten processes only the first checkpoint's quarter has ended: too little for a full history.
  branch.turns.packedBytesMax = before / 10;
  forgetOldest(branch);
  expect(oldestOf(branch)).toBe(2e9);
  expect([...branch.turns.processes.keys()]).toEqual([100, 102, 103, 104, 105, 106, 107, 108, 109]);
  expect(branch.turns.packedBytes).toBeLessThan(before);
  expect(branch.checkpoints.bytes).toBe(8);
  expect(effectsOf(branch.turns, turnOf(100, 3))).toEqual([]);
});

test("nothing goes where what is left of it would be as much", () => {
  const branch = history(1_000);
  branch.turns.packedBytesMax = branch.turns.packedBytes;
  forgetOldest(branch);
  expect(oldestOf(branch)).toBe(0);
  expect(branch.turns.processes.size).toBe(10);
});
