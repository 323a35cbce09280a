/** A leader dies in the middle of a publish, over two hundred seeds. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "vite";
import { beforeAll, expect, test } from "vitest";
import { kolmogorovSmirnov } from "../../transcripts/raft/distribution.ts";
import type { FlagshipRun, IdleRun } from "./flagship.ts";

const root = resolve(import.meta.dirname, "../../..");
const outDir = join(root, ".cache/flagship");
const seeds = 200;

beforeAll(async () => {
  await build({
    configFile: false,
    root,
    logLevel: "error",
    publicDir: false,
    build: {
      ssr: join(import.meta.dirname, "flagship.ts"),
      target: "node20",
      outDir,
      rollupOptions: { output: { entryFileNames: "flagship.mjs", codeSplitting: false } },
    },
  });
}, 120_000);

/** The seeds from 1 on in two halves, side by side. */
async function runAll<Run>(count: number, ...flags: string[]): Promise<Run[]> {
  const half = Math.floor(count / 2);
  const halves = await Promise.all([
    runSeeds<Run>(1, half, flags),
    runSeeds<Run>(half + 1, count, flags),
  ]);
  return halves.flat();
}

function runSeeds<Run>(from: number, to: number, flags: string[]): Promise<Run[]> {
  const args = [join(outDir, "flagship.mjs"), String(from), String(to), ...flags];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
  });
  return new Promise((done, fail) => {
    child.once("exit", (code) => {
      if (code !== 0) return fail(new Error(`seeds ${from} to ${to} ended with ${code}: ${out}`));
      const lines = out.trim().split("\n");
      return done(lines.map((line) => JSON.parse(line) as Run));
    });
  });
}

/**
 * 84 elections after the leader was killed at a random moment, in milliseconds.
 *
 * The groups of the recording are idle: their followers heard the last append entry, a heartbeat,
 * 9 to 988 ms before the kill, so a leader counted from the kill on comes up to a second earlier
 * than one counted from that entry. The flagship story has a publisher, whose entries are at most
 * 20 ms old at the kill. Like is compared with like twice: the busy group's times from the kill
 * with the recorded times from the last entry, and the times of idle groups, made as the recording
 * was, with its times from the kill. Crosswise they differ, as they must: p = 0.0006, for half a
 * second lies between their means. The recordings of busy groups (kill-stream-leader, n=20, mean
 * 5.7 s from the kill) are too few to test against; the story's mean over 200 seeds is 5.6 s.
 */
const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../transcripts/raft/kill-leader-3.json"), "utf8"),
) as {
  /** From the kill on. */
  readonly new_leader_ms: number[];
  /** From the last append entry on, which a busy leader has sent just before it dies. */
  readonly since_last_append_ms: number[];
};

// Evidence: the recordings kill-leader-random-phase-3 (84 elections) and kill-stream-leader
// (lost_acked 0 / 0 / 0). A publisher keeps the followers' timers fresh, so that what is compared
// is the time since the last append entry of a group that is busy.
test(`a leader dies in the middle of a publish, seeds 1 to ${seeds}`, async () => {
  const runs = await runAll<FlagshipRun>(seeds, "--rate", "50/s");
  expect(runs).toHaveLength(seeds);
  for (const { seed, failures, broken, raftViolations, electedMs, stored, acked } of runs) {
    const where = `bin/windtunnel run … --seed ${seed}`;
    expect(failures, where).toEqual([]);
    expect([broken, raftViolations], where).toEqual([0, 0]);
    expect(electedMs, where).toBeGreaterThanOrEqual(3_000);
    expect(electedMs, where).toBeLessThanOrEqual(9_100);
    expect(stored, where).toBeGreaterThanOrEqual(acked);
    expect(acked, where).toBeGreaterThan(1_400);
  }
  const ours = runs.map(({ electedMs }) => electedMs);
  expect(kolmogorovSmirnov(ours, recorded.since_last_append_ms)).toBeGreaterThan(0.01);
}, 600_000);

// Evidence: kill-leader-random-phase-3: 3118 to 8037 ms after the kill. In theory the earlier of
// two draws of 4 to 9 s, less what has passed of the second since the last heartbeat.
test(`idle groups lead again as soon as in the recording, seeds 1 to ${seeds}`, async () => {
  const runs = await runAll<IdleRun>(seeds, "idle");
  const ours = runs.flatMap(({ electedMs }) => electedMs);
  expect(ours.length).toBeGreaterThan(seeds);
  expect(Math.min(...ours)).toBeGreaterThanOrEqual(3_000);
  expect(Math.max(...ours)).toBeLessThanOrEqual(9_100);
  expect(kolmogorovSmirnov(ours, recorded.new_leader_ms)).toBeGreaterThan(0.01);
}, 600_000);

// Evidence: the recording kill-stream-leader: publishers that retry with the same Nats-Msg-Id after
// 100 ms lost nothing and doubled nothing.
test(`retries with a message id double nothing, seeds 1 to ${seeds}`, async () => {
  const flags = ["--rate", "10/s", "--for", "20s", "--msg-id", "--retry"];
  const runs = await runAll<FlagshipRun>(seeds, ...flags);
  for (const { seed, failures, broken, twice, stored, acked } of runs) {
    const where = `bin/windtunnel run … --seed ${seed}`;
    expect(failures, where).toEqual([]);
    expect([broken, twice], where).toEqual([0, 0]);
    // Every message is acknowledged in the end, and stored once.
    expect([acked, stored], where).toEqual([200, 200]);
  }
}, 600_000);
