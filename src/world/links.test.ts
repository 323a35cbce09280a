import { expect, test } from "vitest";
import { millis, seconds } from "../kernel/index.ts";
import { dialRetryAfter, drawLatency, isCut, linkBetween } from "./links.ts";
import { createWorld } from "./world.ts";

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
  const lost = lossy.filter((latency) => latency >= millis(200));
  expect(lost.length).toBeGreaterThan(70);
  expect(lost.length).toBeLessThan(130);
});
