/** A group under faults: which, when and for how long is drawn from the seed. */
import { drawBelow, drawBetween, millis, plus, seconds } from "../../../src/kernel/index.ts";
import { heal, isolate, kill, powerOff, setCut } from "./faults.ts";
import {
  at,
  boot,
  createGroup,
  type Group,
  type GroupOptions,
  leaderOf,
  memberOf,
  propose,
  runFor,
  tell,
} from "./group.ts";

export interface Storm {
  readonly group: Group;
  readonly proposed: number;
}

/** Faults and proposals for a minute, then all is healed and half a minute is left to settle. */
export function storm(options: GroupOptions, powerLoss = false): Storm {
  const group = createGroup(options);
  const ids = [...group.members.keys()];
  for (const id of ids) boot(group, id, { campaign: true });
  let proposed = 0;
  const pick = (n: number): number => drawBelow(group.kernel.random, "storm", n);
  const someone = (): string => ids[pick(ids.length)] as string;
  const strike = (): void => {
    disturb(group, someone(), { pick, someone, powerLoss });
    if (group.kernel.now < seconds(54)) later(group, [50, 6_000], strike);
  };
  const publish = (): void => {
    const leader = leaderOf(group);
    // A client may also hold on to a leader that has been deposed without knowing.
    const to = pick(4) === 0 || leader === null ? someone() : leader.id;
    if (propose(group, to, proposed)) proposed += 1;
    if (group.kernel.now < seconds(80)) later(group, [1, 400], publish);
  };
  later(group, [0, 2_000], strike);
  later(group, [0, 2_000], publish);
  runFor(group, seconds(60));
  if (group.violation === null) recover(group);
  return { group, proposed };
}

/** Milliseconds from now, drawn from a range. */
function later(group: Group, [low, high]: readonly [number, number], what: () => void): void {
  const wait = millis(drawBetween(group.kernel.random, "storm", low, high));
  at(group, plus(group.kernel.now, wait), what);
}

interface Dice {
  readonly pick: (n: number) => number;
  readonly someone: () => string;
  readonly powerLoss: boolean;
}

function disturb(group: Group, id: string, { pick, someone, powerLoss }: Dice): void {
  const isUp = memberOf(group, id).core !== null;
  switch (pick(8)) {
    case 0:
      return isolate(group, id);
    case 1: {
      const other = someone();
      if (other !== id) setCut(group, id, other, true);
      return;
    }
    case 2:
    case 3:
      return heal(group);
    case 4:
      if (!isUp) return boot(group, id);
      return powerLoss ? powerOff(group, id) : kill(group, id);
    case 5:
      for (const { id: dead, core } of group.members.values()) if (core === null) boot(group, dead);
      return;
    case 6: {
      const leader = leaderOf(group);
      if (leader === null) return;
      return powerLoss ? powerOff(group, leader.id) : kill(group, leader.id);
    }
    default: {
      const leader = leaderOf(group);
      if (leader !== null) handOver(group, leader.id);
    }
  }
}

function recover(group: Group): void {
  heal(group);
  for (const { id, core } of group.members.values()) if (core === null) boot(group, id);
  runFor(group, seconds(45));
}

function handOver(group: Group, id: string): void {
  tell(group, id, { kind: "step-down", to: null });
}
