/** When named timers fire. */
import { expect, test, vi } from "vitest";
import { NamedTimers } from "./named-timers.ts";

test("what is due at once does not wait for Node's shortest timer", () => {
  vi.useFakeTimers();
  const timers = new NamedTimers();
  const fired: string[] = [];
  timers.set("soon", 0, () => fired.push("soon"));
  timers.set("later", 1, () => fired.push("later"));
  vi.advanceTimersByTime(0);
  expect(fired).toEqual(["soon"]);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual(["soon", "later"]);
  vi.useRealTimers();
});

test("a name has one timer, however long", () => {
  vi.useFakeTimers();
  const timers = new NamedTimers();
  const fired: string[] = [];
  const day = 24 * 3_600_000;
  timers.set("a", 5, () => fired.push("never"));
  timers.set("b", 0, () => fired.push("never"));
  timers.set("a", 60 * day, () => fired.push("a"));
  timers.clear("b");
  vi.advanceTimersByTime(60 * day - 1);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual(["a"]);
  timers.set("a", 0, () => fired.push("never"));
  timers.set("b", 1, () => fired.push("never"));
  timers.clearAll();
  vi.advanceTimersByTime(day);
  expect(fired).toEqual(["a"]);
  vi.useRealTimers();
});
