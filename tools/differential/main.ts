/**
 * `npm run differential -- [--seconds N] [--seed S] [--only PATTERN] [--program FILE] [--serve]`:
 * plays programs on nats-server and on our server and prints where they differ. Without
 * `--seconds` it plays the cases of the suite; with it, programs drawn from S on for so long, those
 * whose titles match. A program that differs is made small first. Exit 1 when any differs, 2 for a
 * wrong argument or no nats-server.
 */
import { readFileSync } from "node:fs";
import { findNatsServer } from "../../test/differential/sides.ts";
import { allCases } from "../../test/differential/suite/cases.ts";
import {
  checkNotation,
  compareAll,
  compareCase,
  describeDifferences,
  type Outcome,
  TheirServers,
} from "../../test/differential/suite/compare.ts";
import { lanesOf } from "../../test/differential/suite/grounds.ts";
import type { Case } from "../../test/differential/suite/notation.ts";
import { randomCase } from "../../test/differential/suite/random.ts";
import { shrink } from "../../test/differential/suite/shrink.ts";
import { OptionError, readOptions, runCommand, wholeNumber } from "../options.ts";

interface Arguments {
  readonly seconds: number;
  readonly seed: number;
  readonly only: RegExp;
  readonly program: string;
  /** `bin/windtunnel serve` takes nats-server's part: the process against the engine alone. */
  readonly serve: boolean;
}

const counts = { programs: 0, answers: 0, differ: 0, again: 0 };

const usage = `usage: npm run differential -- [--only PATTERN] [--serve]
       npm run differential -- --seconds N [--seed S] [--only PATTERN] [--serve]
       npm run differential -- --program FILE [--serve]`;

process.exitCode = await runCommand({
  name: "differential",
  usage,
  read: readArguments,
  run: compare,
});

async function compare(asked: Arguments): Promise<number> {
  const binary = findNatsServer();
  if (binary === null && !asked.serve) {
    process.stderr.write("differential: there is no nats-server on the PATH\n");
    return 2;
  }
  const ourProcess = [process.execPath, "bin/windtunnel", "serve"];
  const servers = new TheirServers(asked.serve ? ourProcess : [binary ?? ""]);
  try {
    if (asked.program !== "") await playFile(servers, asked.program);
    else if (asked.seconds > 0) await playRandom(servers, asked);
    else await playSuite(servers, asked.only);
  } finally {
    await servers.stop();
  }
  const { programs, answers, differ, again } = counts;
  process.stdout.write(
    `${programs} programs, ${answers} answers, ${differ} differ, ${again} only when it was slow\n`,
  );
  return differ > 0 ? 1 : 0;
}

async function playSuite(servers: TheirServers, only: RegExp): Promise<void> {
  checkNotation(allCases);
  const picked = allCases.filter((one) => only.test(one.title));
  await compareAll(servers, picked, lanesOf, (outcome) => {
    count(outcome);
    if (outcome.differences.length > 0) print(outcome.case, outcome);
  });
}

async function playFile(servers: TheirServers, file: string): Promise<void> {
  const lines = readFileSync(file, "utf8").split("\n");
  const steps = lines.map((line) => line.trim()).filter((line) => line !== "");
  const one: Case = { title: file, steps, ground: "plain" };
  const outcome = await compareCase(servers, 0, one);
  count(outcome);
  if (outcome.differences.length > 0) print(one, outcome);
}

/** Every lane draws the next seed until the time is over. */
async function playRandom(
  servers: TheirServers,
  { seconds, seed, only }: Arguments,
): Promise<void> {
  const until = Date.now() + seconds * 1000;
  let next = seed;
  const lane = async (index: number): Promise<void> => {
    while (Date.now() < until) {
      const one = randomCase(next++);
      if (!only.test(one.title)) continue;
      const outcome = await compareCase(servers, index, one);
      count(outcome);
      if (outcome.differences.length > 0) await printSmall(servers, index, outcome);
    }
  };
  await Promise.all(Array.from({ length: lanesOf.plain }, (_, i) => lane(i)));
  process.stdout.write(`seeds ${seed} to ${next - 1}\n`);
}

/** What differs only now and then is printed as it was. */
async function printSmall(servers: TheirServers, lane: number, found: Outcome): Promise<void> {
  const one = found.case;
  const fails = async (steps: readonly string[]): Promise<boolean> => {
    try {
      return (await compareCase(servers, lane, { ...one, steps }, 2)).differences.length > 0;
    } catch {
      // Without a step that a later one needs it is no program.
      return false;
    }
  };
  const steps = await shrink(one.steps, fails);
  const small = { ...one, steps };
  const again = await compareCase(servers, lane, small);
  if (again.differences.length > 0) print(small, again);
  else print(one, found);
}

function print(one: Case, outcome: Outcome): void {
  const program = one.steps.map((line) => `  ${line}`).join("\n");
  process.stdout.write(`\n${one.title}\n${program}\n${describeDifferences(outcome.differences)}\n`);
}

function count(outcome: Outcome): void {
  counts.programs += 1;
  counts.answers += outcome.answers;
  if (outcome.differences.length > 0) counts.differ += 1;
  if (outcome.differences.length > 0 || outcome.tries === 1) return;
  counts.again += 1;
  process.stderr.write(`only when it was slow: ${outcome.case.title}\n`);
}

function readArguments(words: readonly string[]): Arguments {
  const given = readOptions(words, {
    seconds: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    program: { type: "string", default: "" },
    serve: { type: "boolean", default: false },
  });
  return {
    ...given,
    seconds: wholeNumber("seconds", given.seconds),
    seed: wholeNumber("seed", given.seed),
    only: readPattern(given.only),
  };
}

function readPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new OptionError(`--only wants a regular expression, not "${text}"`);
  }
}
