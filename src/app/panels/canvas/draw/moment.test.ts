import { expect, test } from "vitest";
import { createGlide, glideTo } from "./moment.ts";

const run = { playing: true, speed: 1, pace: 0 } as const;

// Our model of the picture: nothing moves that did not happen.
test("draws between the last two moments and never ahead of them", () => {
  const glide = createGlide();
  expect(glideTo(glide, { at: 0, epoch: 1, run }, 0)).toBe(0);
  let drawn = 0;
  for (let now = 16; now < 2000; now += 16) {
    const at = Math.floor(now / 33) * 33e6;
    const next = glideTo(glide, { at, epoch: 1, run }, now);
    expect(next).toBeLessThanOrEqual(at);
    expect(next).toBeGreaterThanOrEqual(drawn);
    expect(at - next).toBeLessThanOrEqual(70e6);
    drawn = next;
  }
  expect(drawn).toBeGreaterThan(1900e6);
});

test("draws stopped time, an earlier moment and another world as they stand", () => {
  const glide = createGlide();
  glideTo(glide, { at: 5e9, epoch: 1, run }, 0);
  expect(glideTo(glide, { at: 6e9, epoch: 1, run }, 5)).toBeLessThan(6e9);
  expect(glideTo(glide, { at: 6e9, epoch: 1, run: { ...run, playing: false } }, 6)).toBe(6e9);
  expect(glideTo(glide, { at: 2e9, epoch: 1, run }, 7)).toBe(2e9);
  expect(glideTo(glide, { at: 9e9, epoch: 2, run }, 8)).toBe(9e9);
});
