/**
 * `npm run fuzz -- --runs N [--seed S] [--kinds process,power,network,client]`: random worlds under
 * random faults. Prints `runs N, violations M`, then one line a violation that replays it; exit 1
 * when there are any, 2 for a wrong argument. `--print` shows the scenarios too.
 *
 * `--target protocol|api|config --seconds N [--seed S]` throws damaged bytes, request bodies or
 * configuration files at one server instead, for so long, and prints the smallest that it minds.
 */
import fc from "fast-check";
import { installRealm } from "../../src/clients/index.ts";
import { programs } from "../../src/shell/index.ts";
import { type Target, targets } from "../../test/fuzz/targets.ts";
import { OptionError, readOptions, runCommand, wholeNumber } from "../options.ts";
import { play } from "./play.ts";
import { type FaultKind, faultKinds, kindsToCome, makeWeather } from "./weather.ts";

interface Arguments {
  readonly runs: number;
  readonly seed: number;
  readonly kinds: readonly FaultKind[];
  readonly print: boolean;
  /** Null: worlds. */
  readonly target: Target | null;
  readonly seconds: number;
}

const runsALine = 50;

const usage = `usage: npm run fuzz -- [--runs N] [--seed S] [--kinds KIND,...] [--print]
       npm run fuzz -- --target TARGET [--seconds N] [--seed S]
kinds: ${faultKinds.filter((kind) => !kindsToCome.includes(kind)).join(", ")}
targets: ${Object.keys(targets).join(", ")}`;

process.exitCode = await runCommand({ name: "fuzz", usage, read: readArguments, run: fuzz });

async function fuzz(asked: Arguments): Promise<number> {
  if (asked.target !== null) return await fuzzInput(asked.target, asked);
  const { runs, seed, kinds, print } = asked;
  const ground = { programs, realm: installRealm({ strict: false }) };
  const lines: string[] = [];
  let violations = 0;
  for (let n = seed; n < seed + runs; n++) {
    const weather = makeWeather(n, kinds);
    if (print) process.stdout.write(weather.text);
    const outcome = await play(weather, ground);
    if (outcome.violations.length > 0) violations++;
    const replay = `npm run fuzz -- --runs 1 --seed ${n} --kinds ${kinds.join(",")}`;
    lines.push(...outcome.violations.map((text) => `${replay}   # ${text}`));
    tellProgress(n - seed + 1, runs, violations);
    if (print) process.stdout.write(`# ${outcome.acked} acked, ${outcome.events} events\n`);
  }
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  process.stdout.write(`runs ${runs}, violations ${violations}\n`);
  for (const line of lines) process.stdout.write(`${line}\n`);
  return violations > 0 ? 1 : 0;
}

/** Damaged input until the time is over, or until the server minds it. */
async function fuzzInput(target: Target, { seed, seconds }: Arguments): Promise<number> {
  const details = await fc.check(targets[target](), {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: seconds * 1000,
    markInterruptAsFailure: false,
  });
  process.stdout.write(`runs ${details.numRuns}, violations ${details.failed ? 1 : 0}\n`);
  if (!details.failed) return 0;
  const replay = `npm run fuzz -- --target ${target} --seconds ${seconds} --seed ${seed}`;
  process.stdout.write(`${replay}   # ${String(details.errorInstance)}\n`);
  process.stdout.write(`${JSON.stringify(details.counterexample)}\n`);
  return 1;
}

/** For whoever waits: each run at a terminal, now and then in a log. */
function tellProgress(done: number, runs: number, violations: number): void {
  const text = `${done} of ${runs}, ${violations} broken`;
  if (process.stderr.isTTY) process.stderr.write(`\r${text}`);
  else if (done % runsALine === 0) process.stderr.write(`fuzz: ${text}\n`);
}

function readArguments(words: readonly string[]): Arguments {
  const given = readOptions(words, {
    runs: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    kinds: { type: "string", default: "process,network,client" },
    seconds: { type: "string", default: "60" },
    target: { type: "string" },
    print: { type: "boolean", default: false },
  });
  return {
    runs: wholeNumber("runs", given.runs),
    seed: wholeNumber("seed", given.seed),
    kinds: readKinds(given.kinds),
    seconds: wholeNumber("seconds", given.seconds),
    target: given.target === undefined ? null : readTarget(given.target),
    print: given.print,
  };
}

function readTarget(text: string): Target {
  const names = Object.keys(targets) as Target[];
  const found = names.find((name) => name === text);
  if (found === undefined) throw new OptionError(`targets are ${names.join(", ")}`);
  return found;
}

function readKinds(text: string): FaultKind[] {
  return text.split(",").map((word) => {
    const kind = faultKinds.find((one) => one === word);
    if (kind === undefined) throw new OptionError(`kinds are ${faultKinds.join(", ")}`);
    if (kindsToCome.includes(kind)) throw new OptionError(`no ${kind} faults in this version`);
    return kind;
  });
}
