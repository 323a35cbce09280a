// The same program of API calls, publishes, pulls and acks against nats-server and against ours:
// every message, status, advisory and document must be the same, times and ids apart.

import { describe, expect, test } from "vitest";
import { findNatsServer } from "../nats/server.ts";
import { connectOurs, connectReal } from "./peer.ts";
import { runProgram, type Step, type Transcript } from "./program.ts";
import { programs as basic } from "./programs-basic.ts";
import { programs as config } from "./programs-config.ts";
import { programs as more } from "./programs-more.ts";
import { randomProgram } from "./programs-random.ts";
import { startReal } from "./real-server.ts";

const binary = findNatsServer();
const programs = { ...basic, ...more, ...config };
/** `RANDOM_SEEDS=100..400` runs those instead of the usual few. */
const [firstSeed = 1, lastSeed = 5] = (process.env.RANDOM_SEEDS ?? "1..5").split("..").map(Number);
const seeds = Array.from({ length: lastSeed - firstSeed + 1 }, (_, i) => firstSeed + i);

// Without nats-server every case shows as skipped.
describe.skipIf(binary === null)("a consumer answers as nats-server does", () => {
  for (const [name, program] of Object.entries(programs)) {
    test.concurrent(`${name}`, async () => {
      const theirs = await runReal(program);
      const ours = await runOurs(program);
      expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
    });
  }

  test.concurrent.each(seeds)("random program, seed %i", async (n) => {
    const program = randomProgram(n, 50);
    const theirs = await runReal(program);
    const ours = await runOurs(program);
    expect(withoutPending(ours)).toEqual(withoutPending(theirs));
  });
});

/**
 * The pending count of an ack subject depends on when nats-server's own signals reach the consumer,
 * where a program stores and pulls in one breath; the written programs do not, and keep it.
 */
function withoutPending(transcript: Transcript): Record<string, readonly string[]> {
  const mask = (line: string) => line.replace(/(\$JS\.ACK\.\S+\.<time>)\.\d+/g, "$1.<pending>");
  return Object.fromEntries([...transcript].map(([name, lines]) => [name, lines.map(mask)]));
}

async function runOurs(program: readonly Step[]): Promise<Transcript> {
  const { peer, clock } = connectOurs(1);
  return await runProgram(peer, clock, program);
}

async function runReal(program: readonly Step[]): Promise<Transcript> {
  const peer = await connectReal(await startReal(binary ?? ""));
  try {
    return await runProgram(peer, { now: () => Date.now() }, program);
  } finally {
    await peer.close();
  }
}
