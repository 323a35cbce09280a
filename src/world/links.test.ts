import { expect, test } from "vitest";
import { millis, plus, seconds, type VirtualNanos, virtualNanos } from "../kernel/index.ts";
import { dialRetryAfter, drawLatency, isCut, linkBetween, nextRetransmission } from "./links.ts";
import { createWorld } from "./world.ts";

const at = (s: number): VirtualNanos => virtualNanos(s * 1_000_000_000);

// Linux: TCP_RTO_MIN 200 ms, doubled up to TCP_RTO_MAX 120 s (include/net/tcp.h).
test("lost bytes are sent again after 0.2, 0.6, 1.4, 3 ... s, and at least every two minutes", () => {
  const resent = [0, 0.3, 0.7, 2, 5, 30].map((healed) =>
    nextRetransmission(at(10), at(10 + healed)),
  );
  expect(resent).toEqual([10.2, 10.6, 11.4, 13, 16.2, 61].map(at));
  const late = nextRetransmission(at(0), at(3_600));
  expect(late - at(3_600)).toBeLessThanOrEqual(seconds(120));
});

// Linux: tcp_syn_retries 6, after 1, 2, 4 ... 32 s, then 64 s of waiting.
test("a dial is repeated six times", () => {
  expect([0, 1, 5, 6].map(dialRetryAfter)).toEqual([seconds(1), seconds(2), seconds(32), null]);
});

test("a cut is seen from the side that it is on", () => {
  const world = createWorld(1);
  expect(isCut(world, "desk", "n1")).toBe(false);
  linkBetween(world, "n1", "desk").cut = "to";
  // `to`: what flows to the first host of the pair, the desk, is lost.
  expect([isCut(world, "n1", "desk"), isCut(world, "desk", "n1")]).toEqual([true, false]);
  linkBetween(world, "desk", "n1").cut = "both";
  expect([isCut(world, "n1", "desk"), isCut(world, "desk", "n1")]).toEqual([true, true]);
});

test("latency varies by the jitter, and loss adds retransmissions", () => {
  const world = createWorld(1);
  const link = linkBetween(world, "desk", "n1");
  link.latency = millis(10);
  link.jitter = millis(2);
  const drawn = Array.from({ length: 200 }, () => drawLatency(world, "desk", "n1"));
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(millis(8));
  expect(Math.max(...drawn)).toBeLessThanOrEqual(millis(12));
  link.lossChance = 0x8000_0000;
  const lossy = Array.from({ length: 200 }, () => drawLatency(world, "desk", "n1"));
  const lost = lossy.filter((latency) => latency >= plus(at(0), millis(200)));
  expect(lost.length).toBeGreaterThan(70);
  expect(lost.length).toBeLessThan(130);
});
