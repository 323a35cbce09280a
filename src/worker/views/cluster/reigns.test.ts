/** Who led when, and what the rail shows of it. What leads to it is nats-server's `raft.go`. */
import { expect, test } from "vitest";
import { BrokenRun } from "../broken-run.ts";
import { Pulse } from "./pulse.ts";
import { noteReigns, type Reign, type ReignNote } from "./reigns.ts";

const note = (
  at: number,
  kind: string,
  host: string,
  more: Partial<ReignNote> = {},
): ReignNote => ({
  ...{ at, step: at, kind, host, stream: "ORDERS", consumer: "" },
  ...{ subject: "S-R3F-x", detail: "" },
  ...more,
});

test("a kill of the leader opens a band that the next election closes", () => {
  const reigns: Reign[] = [];
  expect(noteReigns(reigns, note(1, "leader", "n1"))).toEqual([]);
  const fault = { stream: "", subject: "n1", detail: "fault kill leader:ORDERS" };
  const [open] = noteReigns(reigns, note(10, "fault", "", fault));
  expect([open?.kind, open?.at, open?.until]).toEqual(["leaderless", 10, null]);
  const [closed] = noteReigns(reigns, note(15, "leader", "n2"));
  expect([closed?.id, closed?.at, closed?.until]).toEqual([open?.id, 10, 15]);
});

test("what does not end a reign opens no band", () => {
  const reigns: Reign[] = [];
  noteReigns(reigns, note(1, "leader", "n1"));
  const other = { stream: "", subject: "n2", detail: "fault kill n2" };
  expect(noteReigns(reigns, note(2, "fault", "", other))).toEqual([]);
  // A frozen or cut leader may come back and lead on.
  const frozen = { stream: "", subject: "n1", detail: "fault freeze n1" };
  expect(noteReigns(reigns, note(3, "fault", "", frozen))).toEqual([]);
  expect(noteReigns(reigns, note(4, "leader", "n3", { consumer: "W" }))).toEqual([]);
});

test("a leader that steps down ends its own reign only", () => {
  const reigns: Reign[] = [];
  noteReigns(reigns, note(1, "leader", "n1"));
  noteReigns(reigns, note(5, "leader", "n2"));
  expect(noteReigns(reigns, note(12, "step-down", "n1"))).toEqual([]);
  expect(noteReigns(reigns, note(13, "step-down", "n2"))).toHaveLength(1);
});

test("heartbeats of many groups are one pulse a way and round", () => {
  const pulse = new Pulse();
  const asked = [0, 1e6, 2e6, 1e9, 1.001e9].map((at) => pulse.isDue("n1", "n2", at));
  expect(asked).toEqual([true, false, false, true, false]);
  expect(pulse.isDue("n2", "n1", 2e6)).toBe(true);
  // Time went back.
  expect(pulse.isDue("n1", "n2", 5e8)).toBe(true);
});

test("promises that break at one instant are one line", () => {
  const run = new BrokenRun();
  expect(run.add({ at: 7, step: 1 }, "R3 883: the power went")).toBe(true);
  expect(run.add({ at: 7, step: 1 }, "R3 884: the power went")).toBe(true);
  expect(run.add({ at: 8, step: 2 }, "R3 885: later")).toBe(false);
  const line = run.take();
  expect(line?.told.text).toBe("**2 promises are broken**, R3 883 to 884: the power went");
  expect(run.take()).toBeNull();
});
