/** When each counter of two branches was first not the same: sampled, then looked at closer. */
import { type VirtualNanos, virtualNanos } from "../../kernel/index.ts";
import type { World } from "../../world/index.ts";
import { oldestOf } from "../time-machine.ts";
import { momentOf } from "./aside.ts";
import { partingOf, type Stand } from "./compare.ts";
import { type StateDifference, stateDifferences } from "./state-differences.ts";

/** A counter and when it was first seen to differ; exact to a 1,200th of the span. */
export interface FirstApart extends Pick<StateDifference, "section" | "name" | "field"> {
  readonly at: VirtualNanos;
}

const samples = 60;
const samplesCloser = 20;
// Differences come in a few bursts: a fault, an election, a catch-up.
const burstsMax = 12;

/**
 * For every counter that was different at some time between the parting of two branches and `at`
 * (or the newest instant that both have reached): when it first was, earliest first. A difference
 * that came and went between two looks is missed. Null when one of the branches is not there.
 */
export async function firstApart(
  stand: Stand,
  [left, right]: readonly [number, number],
  at: VirtualNanos,
): Promise<readonly FirstApart[] | null> {
  const { branches, heads, ground } = stand;
  const [one, other] = [branches[left], branches[right]];
  if (one === undefined || other === undefined) return null;
  const reached = [one, other].map((branch) => heads(branch).world.kernel.now);
  const parted = partingOf(branches, one, other)?.at ?? 0;
  const from = Math.max(parted, oldestOf(one), oldestOf(other));
  const worldsAt = async (instant: number): Promise<readonly [World, World]> => {
    const moment = virtualNanos(instant);
    const a = await momentOf(one, heads(one), moment, ground);
    const b = await momentOf(other, heads(other), moment, ground);
    return [a.world, b.world];
  };
  return look(worldsAt, from, Math.max(from, Math.min(at, ...reached)));
}

type WorldsAt = (instant: number) => Promise<readonly [World, World]>;

async function look(worldsAt: WorldsAt, from: number, to: number): Promise<readonly FirstApart[]> {
  const found = new Map<string, FirstApart>();
  const step = (to - from) / samples;
  let bursts = 0;
  for (let i = 0; i <= samples; i++) {
    const at = Math.floor(from + i * step);
    const fresh = newOnes(found, stateDifferences(...(await worldsAt(at))));
    if (fresh.length === 0) continue;
    bursts += 1;
    const closer = bursts <= burstsMax && i > 0 ? samplesCloser : 0;
    for (let j = 1; j < closer; j++) {
      const earlier = Math.floor(at - step + (j * step) / closer);
      note(found, newOnes(found, stateDifferences(...(await worldsAt(earlier)))), earlier);
    }
    note(found, newOnes(found, fresh), at);
  }
  return [...found.values()].sort((a, b) => a.at - b.at);
}

/** Of a list of differences those that were not found before. */
function newOnes(
  found: ReadonlyMap<string, FirstApart>,
  differences: readonly StateDifference[],
): readonly StateDifference[] {
  return differences.filter((one) => !found.has(keyOf(one)));
}

function note(found: Map<string, FirstApart>, list: readonly StateDifference[], at: number): void {
  for (const one of list) {
    const { section, name, field } = one;
    found.set(keyOf(one), { section, name, field, at: virtualNanos(at) });
  }
}

function keyOf({ section, name, field }: StateDifference): string {
  return `${section} ${name} ${field}`;
}
