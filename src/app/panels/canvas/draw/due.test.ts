import { expect, test } from "vitest";
import type { ConsumerView, FlightView } from "../../../../worker/frames.ts";
import { createDrawn, type Drawn, takeDue } from "./due.ts";

type Shown = NonNullable<Drawn["view"]>;

const run = { playing: true, speed: 1, pace: 0 } as const;
const empty: Shown = {
  ...{ flights: new Map(), flows: [], elections: [], features: new Map(), consumers: new Map() },
  ...{ run, epoch: 1 },
};
const seat = { seq: 1, client: null, armed: 0, deadline: 30e9, tries: 1 };
const waiting: Shown = {
  ...empty,
  consumers: new Map([["consumer:S/C", { seats: [seat] } as unknown as ConsumerView]]),
};
const flying: Shown = { ...waiting, flights: new Map([[1, { id: 1 } as FlightView]]) };

/** How many of a second's sixty frames are drawn, time running, from a wall time on. */
function secondOf(drawn: Drawn, view: Shown, from: number): number {
  let count = 0;
  for (let i = 0; i < 60; i += 1) {
    const now = from + i * 16.7;
    if (takeDue(drawn, { frame: [1], view, at: now * 1e6 }, now)) count++;
  }
  return count;
}

// Our model.
test("a canvas with nothing on it is not drawn, and is cleared once", () => {
  const drawn = createDrawn();
  expect(secondOf(drawn, empty, 0)).toBe(0);
  expect(takeDue(drawn, { frame: [1], view: flying, at: 1 }, 1000)).toBe(true);
  expect(secondOf(drawn, empty, 1100)).toBe(1);
});

test("what flies is drawn with each frame, what drains twenty times a second", () => {
  const drawn = createDrawn();
  expect(secondOf(drawn, flying, 0)).toBe(60);
  const drained = secondOf(drawn, waiting, 2000);
  expect(drained).toBeGreaterThanOrEqual(14);
  expect(drained).toBeLessThanOrEqual(20);
  const fast = { ...waiting, run: { ...run, speed: 8 } };
  expect(secondOf(drawn, fast, 4000)).toBe(60);
});

test("another place, another world and stopped time are drawn at once", () => {
  const drawn = createDrawn();
  const draws = (view: Shown, frame: readonly unknown[], at: number) =>
    takeDue(drawn, { frame, view, at }, 1000);
  expect(draws(waiting, ["here"], 1)).toBe(true);
  expect(draws(waiting, ["here"], 2)).toBe(false);
  expect(draws(waiting, ["there"], 2)).toBe(true);
  expect(draws({ ...waiting, epoch: 2 }, ["there"], 2)).toBe(true);
  const stopped = { ...waiting, epoch: 2, run: { ...run, playing: false } };
  expect(draws(stopped, ["there"], 3)).toBe(true);
  expect(draws(stopped, ["there"], 3)).toBe(false);
});
