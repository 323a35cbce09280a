/** Links between hosts: how long bytes take, how many fit, and whether they get through. */
import {
  type DurationNanos,
  drawBetween,
  drawU32,
  micros,
  millis,
  nanos,
  seconds,
  type VirtualNanos,
} from "../kernel/index.ts";
import type { World } from "./world.ts";

/** As seen from the first host of the pair: `to`, what flows to it is lost; `from`, from it. */
export type Cut = "no" | "both" | "to" | "from";

export interface Link {
  readonly first: string;
  readonly second: string;
  cut: Cut;
  latency: DurationNanos;
  jitter: DurationNanos;
  /** Chance of a segment to be sent twice, out of 2^32. */
  lossChance: number;
  /** Bytes a second; null is unlimited. */
  bandwidth: number | null;
  /** What it was before `fault link`; null while nothing is wrong with it. */
  healthy: {
    readonly latency: DurationNanos;
    readonly jitter: DurationNanos;
    readonly bandwidth: number | null;
  } | null;
}

// Our model: two machines of one room, and the loopback of one machine.
const roomLatency = micros(250);
const roomJitter = micros(50);
const loopbackLatency = micros(25);

// Linux: TCP_RTO_MIN 200 ms, doubling to TCP_RTO_MAX 120 s; tcp_retries2 gives up after 924.6 s.
const firstRetransmit = millis(200);
const lastRetransmit = seconds(120);
export const retransmissionLimit = millis(924_600);

// Linux: a SYN is repeated after 1, 2, 4 ... s, tcp_syn_retries is 6: 127 s in all.
const dialAttempts = 6;
export const dialLimit = seconds(127);

/** The name of the link between two hosts, the same from both ends. */
export function linkName(one: string, other: string): string {
  return one < other ? `${one}-${other}` : `${other}-${one}`;
}

/** The link between two hosts for writing; made with the defaults when it had none. */
export function linkBetween(world: World, one: string, other: string): Link {
  const link = readLink(world, one, other);
  world.links.set(linkName(one, other), link);
  return link;
}

/** The link between two hosts as it is; not to be written to. */
export function readLink(world: World, one: string, other: string): Link {
  const known = world.links.get(linkName(one, other));
  if (known !== undefined) return known;
  const [first, second] = one < other ? [one, other] : [other, one];
  return {
    first,
    second,
    cut: "no",
    latency: one === other ? loopbackLatency : roomLatency,
    jitter: one === other ? nanos(0) : roomJitter,
    lossChance: 0,
    bandwidth: null,
    healthy: null,
  };
}

/** True when nothing that `from` sends reaches `to`. */
export function isCut(world: World, from: string, to: string): boolean {
  const link = world.links.get(linkName(from, to));
  if (link === undefined || link.cut === "no") return false;
  if (link.cut === "both") return true;
  return link.cut === "to" ? to === link.first : from === link.first;
}

/** How long the wire is busy with this many bytes. */
export function transmissionTime(
  world: World,
  from: string,
  to: string,
  bytes: number,
): DurationNanos {
  const bandwidth = world.links.get(linkName(from, to))?.bandwidth ?? null;
  return nanos(bandwidth === null ? 0 : Math.floor((bytes * 1_000_000_000) / bandwidth));
}

/** Draws how long one segment is under way, retransmissions of lost copies included. */
export function drawLatency(world: World, from: string, to: string): DurationNanos {
  const link = world.links.get(linkName(from, to));
  if (link === undefined) {
    if (from === to) return loopbackLatency;
    return nanos(roomLatency + drawJitter(world, roomJitter));
  }
  let latency = Math.max(0, link.latency + drawJitter(world, link.jitter));
  let wait: number = firstRetransmit;
  while (link.lossChance > 0 && drawU32(world.kernel.random, "network") < link.lossChance) {
    latency += wait;
    wait = Math.min(wait * 2, lastRetransmit);
  }
  return nanos(latency);
}

/** How long a dial that got no answer waits before its next attempt; null: it gives up. */
export function dialRetryAfter(attempt: number): DurationNanos | null {
  return attempt >= dialAttempts ? null : seconds(1 << attempt);
}

/** The later of two instants. */
export function laterOf(one: VirtualNanos, other: VirtualNanos): VirtualNanos {
  return one > other ? one : other;
}

function drawJitter(world: World, jitter: DurationNanos): number {
  return jitter === 0 ? 0 : drawBetween(world.kernel.random, "network", -jitter, jitter + 1);
}
