/** Faults of the network: cuts in one or both directions, bad links, and their repair. */
import type { DurationNanos } from "../../kernel/index.ts";
import { type Cut, type Link, linkBetween } from "../links.ts";
import { resumeStalled } from "../send.ts";
import type { World } from "../world.ts";

/** Cuts every link between two sets of hosts. One way: what `from` sends does not reach `targets`. */
export function cutLinks(
  world: World,
  targets: readonly string[],
  from: readonly string[],
  isOneWay: boolean,
): number {
  let cuts = 0;
  for (const target of targets) {
    for (const other of from) {
      if (other === target) continue;
      const link = linkBetween(world, target, other);
      link.cut = joinCuts(link.cut, isOneWay ? cutInto(link, target) : "both");
      cuts++;
    }
  }
  return cuts;
}

/** What `fault link` changes; null leaves it. */
export interface LinkChange {
  readonly latency: DurationNanos | null;
  readonly jitter: DurationNanos | null;
  readonly lossChance: number | null;
  readonly bandwidth: number | null;
}

/** Makes a link bad for as long as it is not healed. */
export function spoilLink(world: World, one: string, other: string, change: LinkChange): void {
  const link = linkBetween(world, one, other);
  link.healthy ??= { latency: link.latency, jitter: link.jitter, bandwidth: link.bandwidth };
  applyChange(link, change);
}

/** Changes what a link is when it is well. */
export function setLink(world: World, one: string, other: string, change: LinkChange): void {
  const link = linkBetween(world, one, other);
  applyChange(link, change);
  if (link.healthy === null) return;
  link.healthy = {
    latency: change.latency ?? link.healthy.latency,
    jitter: change.jitter ?? link.healthy.jitter,
    bandwidth: change.bandwidth ?? link.healthy.bandwidth,
  };
}

/** Repairs the links of these hosts, or all of them; answers how many were broken. */
export function healLinks(world: World, targets: readonly string[] | null): number {
  let healed = 0;
  for (const link of world.links.values()) {
    const isMeant = targets?.some((name) => name === link.first || name === link.second) ?? true;
    const isBroken = link.cut !== "no" || link.healthy !== null || link.lossChance > 0;
    if (!isMeant || !isBroken) continue;
    healLink(link);
    healed++;
  }
  resumeStalled(world);
  return healed;
}

function healLink(link: Link): void {
  link.cut = "no";
  link.lossChance = 0;
  if (link.healthy === null) return;
  link.latency = link.healthy.latency;
  link.jitter = link.healthy.jitter;
  link.bandwidth = link.healthy.bandwidth;
  link.healthy = null;
}

function applyChange(link: Link, change: LinkChange): void {
  link.latency = change.latency ?? link.latency;
  link.jitter = change.jitter ?? link.jitter;
  link.lossChance = change.lossChance ?? link.lossChance;
  link.bandwidth = change.bandwidth ?? link.bandwidth;
}

/** The cut of a link through which nothing reaches `target`. */
function cutInto(link: Link, target: string): Cut {
  return target === link.first ? "to" : "from";
}

function joinCuts(known: Cut, added: Cut): Cut {
  return known === "no" || known === added ? added : "both";
}
