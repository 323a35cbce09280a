/** `windtunnel run FILE|FOLDER...`: plays scenarios flat out and says which expectations held. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { AssertionError, type VirtualNanos } from "../../kernel/index.ts";
import { ScenarioError } from "../../link/index.ts";
import {
  parseInstant,
  type RunReport,
  runScenario,
  type SessionGround,
  SetupError,
} from "../../scenario/index.ts";
import { headlessGround } from "../sh/ground.ts";

interface RunArguments {
  readonly files: readonly string[];
  /** Empty: each file's own. */
  readonly seeds: readonly number[];
  readonly until: VirtualNanos | null;
  readonly json: boolean;
}

/** A wrong flag, or a file that is not there or is no scenario. Exit status 2. */
class RunUsageError extends Error {
  override readonly name = "RunUsageError";
}

const usage =
  "usage: windtunnel run FILE|FOLDER... [--seed N | --seeds A..B] [--until TIME] [--json]\n";
const seedsMax = 100_000;

/**
 * Exit status: 0 held, 1 an expectation failed, 2 usage, 3 an assertion of ours failed. A test may
 * bring a ground of its own.
 */
export async function run(args: readonly string[], ground = headlessGround()): Promise<number> {
  if (args.some((one) => one === "--help" || one === "-h")) {
    process.stdout.write(usage);
    return 0;
  }
  try {
    return await runAll(readArguments(args), ground);
  } catch (error) {
    if (!(error instanceof RunUsageError)) throw error;
    process.stderr.write(`windtunnel run: ${error.message}\n${usage}`);
    return 2;
  }
}

async function runAll(asked: RunArguments, ground: SessionGround): Promise<number> {
  const { files, seeds, until, json } = asked;
  let worst = 0;
  for (const file of files) {
    for (const seed of seeds.length === 0 ? [null] : seeds) {
      worst = Math.max(worst, await runOne(file, { seed, until, json, ground }));
    }
  }
  return worst;
}

interface RunWith {
  readonly seed: number | null;
  readonly until: VirtualNanos | null;
  readonly json: boolean;
  readonly ground: SessionGround;
}

async function runOne(file: string, { seed, until, json, ground }: RunWith): Promise<number> {
  try {
    const report = await runScenario(readFileSync(file, "utf8"), {
      ...ground,
      file,
      ...(seed === null ? {} : { seed }),
      ...(until === null ? {} : { until }),
    });
    process.stdout.write(json ? `${JSON.stringify(report)}\n` : summary(report));
    return report.ok ? 0 : 1;
  } catch (error) {
    if (error instanceof ScenarioError || error instanceof SetupError) {
      process.stderr.write(`${file}: ${error.message}\n`);
      return 2;
    }
    if (!(error instanceof AssertionError)) throw error;
    const again = seed === null ? "" : ` --seed ${seed}`;
    process.stderr.write(`${file}: assertion failed: ${error.message}\n`);
    process.stderr.write(`replay: bin/windtunnel run ${file}${again}\n${error.stack ?? ""}\n`);
    return 3;
  }
}

function summary(report: RunReport): string {
  const { file, seed, ok, failures } = report;
  const seconds = (report.virtual_ns / 1e9).toFixed(3).replace(/\.?0+$/, "");
  const mark = ok ? "held  " : "FAILED";
  const head = `${mark} ${file} seed ${seed}: ${seconds}s in ${report.wall_ms} ms, ${report.state_hash}\n`;
  const lines = failures.map(({ at, line, text, value }) => {
    return `       line ${line}, ${(at / 1e9).toFixed(3)}s: ${text}\n       it was: ${value}\n`;
  });
  return head + lines.join("");
}

function readArguments(args: readonly string[]): RunArguments {
  const operands: string[] = [];
  let seeds: readonly number[] = [];
  let until: VirtualNanos | null = null;
  let json = false;
  for (let i = 0; i < args.length; i += 1) {
    const [name = "", inline] = (args[i] as string).split(/=(.*)/s);
    const value = (): string => {
      const text = inline ?? args[++i];
      if (text === undefined) throw new RunUsageError(`${name} needs a value`);
      return text;
    };
    if (name === "--json") json = true;
    else if (name === "--seed" || name === "--seeds") seeds = toSeeds(value());
    else if (name === "--until") until = toInstant(value());
    else if (name.startsWith("-")) throw new RunUsageError(`unknown argument ${args[i]}`);
    else operands.push(args[i] as string);
  }
  if (operands.length === 0) throw new RunUsageError("which scenario?");
  return { files: operands.flatMap(scenarioFiles), seeds, until, json };
}

/** `7`, or `1..50` with both ends. */
function toSeeds(text: string): number[] {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match === null || last < first || last - first >= seedsMax) {
    throw new RunUsageError(`"${text}" is neither a seed nor a range A..B`);
  }
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function toInstant(text: string): VirtualNanos {
  try {
    return parseInstant(text);
  } catch (error) {
    if (error instanceof SetupError) throw new RunUsageError(error.message);
    throw error;
  }
}

/** A file is itself; a folder is every `.wt` file below it, in order of name. */
function scenarioFiles(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new RunUsageError(`no such file or folder: ${path}`);
  if (!stat.isDirectory()) return [path];
  const below = readdirSync(path, { recursive: true, encoding: "utf8" });
  const files = below.filter((name) => name.endsWith(".wt")).sort((a, b) => (a < b ? -1 : 1));
  if (files.length === 0) throw new RunUsageError(`no scenario in ${path}`);
  return files.map((name) => join(path, name));
}
