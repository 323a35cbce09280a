import { expect, test } from "vitest";
import { createTrace, readTrace, releaseTrace, type TraceEntry } from "./trace.ts";

const note = { cause: null, host: "", kind: "note", subject: "", detail: "" } as const;

/** Entries that come one after the other, their numbers counted from 1. */
function record(trace: ReturnType<typeof createTrace>, count: number): void {
  for (let i = 0; i < count; i++) {
    const id = trace.recorded + 1;
    trace.entries[trace.recorded % trace.capacity] = {
      ...{ from: "world", step: id },
      record: { ...note, id, at: 0 },
    } as unknown as TraceEntry;
    trace.recorded++;
  }
}

const stepsFrom = (trace: ReturnType<typeof createTrace>, from: number) =>
  readTrace(trace, from).entries.map((entry) => entry.step);

// Our model.
test("what is let go of is not held; what came since is", () => {
  const trace = createTrace(4);
  record(trace, 3);
  const { next } = readTrace(trace, 0);
  releaseTrace(trace, 0, next);
  expect(stepsFrom(trace, 0)).toEqual([]);
  record(trace, 2);
  expect(stepsFrom(trace, 0)).toEqual([4, 5]);
  expect(stepsFrom(trace, next)).toEqual([4, 5]);
});

test("a reader who comes late lets go of nothing that has taken the place of what he missed", () => {
  const trace = createTrace(4);
  record(trace, 6);
  releaseTrace(trace, 0, 3);
  expect(stepsFrom(trace, 0)).toEqual([4, 5, 6]);
});
