import { expect, test } from "vitest";
import { createInterest } from "../interest/interest.ts";
import type { ServerIo } from "../io.ts";
import type { Account } from "../state.ts";
import { bareAccount } from "./accounts.ts";
import { compileMappings, mapSubject } from "./mappings.ts";

/** An account with one mapping; weights in percent. */
function account(
  source: string,
  ...destinations: [destination: string, weight: number][]
): Account {
  const config = {
    source,
    destinations: destinations.map(([destination, weight]) => ({
      destination,
      weight,
      cluster: "",
    })),
  };
  const shared = { services: [], streams: [], responses: new Map(), shadows: new Map() };
  const mappings = compileMappings([config]);
  const interest = createInterest();
  const past = { inMsgs: 0, inBytes: 0, outMsgs: 0, outBytes: 0, slowConsumers: 0 };
  return { name: "A", config: bareAccount("A"), interest, mappings, ...shared, clients: 0, past };
}

/** How often each subject comes out when every hundredth is drawn once. */
function outcomes(of: Account, subject: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let draw = 0; draw < 100; draw++) {
    const mapped = mapSubject(of, { draw: () => draw } as unknown as ServerIo, subject);
    const key = mapped ?? "lost";
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

// Evidence: nats-server accounts.go AddWeightedMappings, selectMappedSubject.
test("a mapping of full weight takes every message and draws nothing", () => {
  const of = account("map.*.in", ["mapped.{{wildcard(1)}}", 100]);
  const io = {
    draw: () => {
      throw new Error("drawn");
    },
  } as unknown as ServerIo;
  expect(mapSubject(of, io, "map.x.in")).toBe("mapped.x");
  expect(mapSubject(of, io, "other")).toBe("other");
});

test("what weights leave over stays on its subject", () => {
  const of = account("a", ["b", 30], ["c", 20]);
  expect(outcomes(of, "a")).toEqual({ b: 30, c: 20, a: 50 });
});

test("what is left over of a wildcard keeps its tokens", () => {
  const of = account("a.*.b.*", ["x.$2", 25]);
  expect(outcomes(of, "a.1.b.2")).toEqual({ "x.2": 25, "a.1.b.2": 75 });
});

test("a source that is listed itself lets the rest be lost", () => {
  const of = account("a", ["a", 50], ["b", 20]);
  expect(outcomes(of, "a")).toEqual({ a: 50, b: 20, lost: 30 });
});
