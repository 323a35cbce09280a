import { expect, test } from "vitest";
import { createDrawPace, type DrawPace, drawsNow } from "./pace.ts";

/** How many of `count` frames are drawn, when every `n`-th comes twice as late. */
function drawn(pace: DrawPace, count: number, n = Number.POSITIVE_INFINITY): number {
  let turns = 0;
  for (let i = 1; i <= count; i++) {
    const gap = i % n === 0 ? 33 : 16.7;
    if (drawsNow(pace, pace.last + gap)) turns++;
  }
  return turns;
}

// Our model.
test("each frame is drawn while they come in time", () => {
  const pace = createDrawPace();
  expect(drawn(pace, 600)).toBe(600);
  // One in a thousand is no reason to draw less.
  expect(drawn(pace, 3000, 1000)).toBe(3000);
});

test("every second one is drawn on a machine that is late, until it is calm again", () => {
  const pace = createDrawPace();
  drawn(pace, 600, 20);
  expect(drawn(pace, 600, 20)).toBe(300);
  drawn(pace, 600);
  expect(drawn(pace, 600)).toBe(600);
});

test("a page that was hidden for a while is not late", () => {
  const pace = createDrawPace();
  drawn(pace, 100);
  for (let i = 0; i < 20; i++) drawsNow(pace, pace.last + 5000);
  expect(drawn(pace, 100)).toBe(100);
});
