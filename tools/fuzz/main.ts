/**
 * `npm run fuzz -- --runs N [--seed S] [--kinds process,power,network,client]`: random worlds under
 * random faults. Prints `runs N, violations M`, then one line a violation that replays it; exit 1
 * when there are any, 2 for a wrong argument. `--print` shows the scenarios too.
 */
import { installRealm } from "../../src/clients/index.ts";
import { programs } from "../../src/shell/index.ts";
import { play } from "./play.ts";
import { type FaultKind, faultKinds, kindsToCome, makeWeather } from "./weather.ts";

class FuzzUsageError extends Error {
  override readonly name = "FuzzUsageError";
}

interface Arguments {
  readonly runs: number;
  readonly seed: number;
  readonly kinds: readonly FaultKind[];
  readonly print: boolean;
}

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  let asked: Arguments;
  try {
    asked = readArguments(words);
  } catch (error) {
    if (!(error instanceof FuzzUsageError)) throw error;
    process.stderr.write(`fuzz: ${error.message}\n`);
    return 2;
  }
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
    const done = n - seed + 1;
    // For whoever waits at a terminal; a log has no use for it.
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${runs}, ${violations} broken`);
    if (print) process.stdout.write(`# ${outcome.acked} acked, ${outcome.events} events\n`);
  }
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  process.stdout.write(`runs ${runs}, violations ${violations}\n`);
  for (const line of lines) process.stdout.write(`${line}\n`);
  return violations > 0 ? 1 : 0;
}

function readArguments(words: readonly string[]): Arguments {
  let [runs, seed, print] = [100, 1, false];
  let kinds: readonly FaultKind[] = ["process", "network", "client"];
  for (let i = 0; i < words.length; i++) {
    const [name = "", inline] = (words[i] ?? "").split(/=(.*)/s);
    const value = (): string => inline ?? words[++i] ?? "";
    if (name === "--runs") runs = wholeNumber(name, value());
    else if (name === "--seed") seed = wholeNumber(name, value());
    else if (name === "--kinds") kinds = readKinds(value());
    else if (name === "--print") print = true;
    else throw new FuzzUsageError(`unknown argument ${words[i]}`);
  }
  return { runs, seed, kinds, print };
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new FuzzUsageError(`${name} wants a whole number, not "${text}"`);
}

function readKinds(text: string): FaultKind[] {
  return text.split(",").map((word) => {
    const kind = faultKinds.find((one) => one === word);
    if (kind === undefined) throw new FuzzUsageError(`kinds are ${faultKinds.join(", ")}`);
    if (kindsToCome.includes(kind)) throw new FuzzUsageError(`no ${kind} faults in this version`);
    return kind;
  });
}
