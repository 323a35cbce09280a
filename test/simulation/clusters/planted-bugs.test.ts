/**
 * Faults planted into the Raft core of whole clusters: the auditors that the fuzzer relies on find
 * each of them. What is planted replaces the core's doors in this file only.
 */
import { afterEach, expect, test, vi } from "vitest";
import { play } from "../../../tools/fuzz/play.ts";
import { makeWeather } from "../../../tools/fuzz/weather.ts";
import { type Bug, tamper, untampered } from "../../transcripts/raft/bugs.ts";
import { ground } from "../ground.ts";

const planted = vi.hoisted((): { bug: string | null } => ({ bug: null }));

vi.mock("../../../src/raft/index.ts", async (original) => {
  const real = await original<typeof import("../../../src/raft/index.ts")>();
  const step: typeof real.step = (core, input, out) => {
    const bug = planted.bug as Bug | null;
    if (bug === null) return real.step(core, input, out);
    const before = untampered(core, bug);
    real.step(core, input, out);
    tamper(core, bug, { before, out });
    // The upper layer passes over an entry that it has not taken.
    const committed = out.find((effect) => effect.kind === "apply");
    if (bug === "apply out of order" && committed !== undefined) {
      if (committed.index > core.applied + 1) core.applied = (core.applied + 1) as never;
    }
    // The leader's upper layer takes what was only proposed, and answers its publisher.
    if (bug === "ack before commit" && input.kind === "propose" && core.role === "leader") {
      out.push({ kind: "apply", index: core.lastIndex });
    }
  };
  const createCore: typeof real.createCore = (id, group, durable, options) => {
    if (planted.bug === "forget the log") real.forgetLog(durable);
    return real.createCore(id, group, durable, options);
  };
  return { ...real, step, createCore };
});

afterEach(() => {
  planted.bug = null;
});

const seedsMax = 200;

async function firstFound(bug: Bug | null): Promise<readonly string[]> {
  planted.bug = bug;
  for (let seed = 1; seed <= seedsMax; seed++) {
    const weather = makeWeather(seed, ["process", "network"]);
    // Two may be elected where candidates meet and others are left to vote for both.
    if (bug === "vote twice" && !/cluster east 5\nworld .*link/.test(weather.text)) continue;
    const { violations } = await play(weather, ground);
    if (violations.length > 0) return violations;
    // Without a bug two worlds are enough to see that the tampering itself does no harm.
    if (bug === null && seed === 2) break;
  }
  return [];
}

test("nothing is found where nothing is planted", async () => {
  expect(await firstFound(null)).toEqual([]);
});

test.each<[Bug, RegExp]>([
  ["vote twice", /election safety/],
  ["commit without quorum", /committed by a quorum/],
  ["forget the log", /leader completeness|committed by a quorum|log matching|lost/],
  ["skip the truncation", /committed by a quorum|log matching|state machine safety/],
  ["apply out of order", /state machine safety: n\d applies \d+ after/],
  ["ack before commit", /acknowledged when committed|which is not committed/],
])(
  "%s is found",
  async (bug, rule) => {
    const found = await firstFound(bug);
    expect(found.join("\n")).toMatch(rule);
  },
  300_000,
);
