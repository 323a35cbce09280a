/** `windtunnel sh [-c LINE] [--jsonl] [--world FILE] [--seed N]`: the terminal without a page. */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseScenario, type Scenario, ScenarioError } from "../../link/index.ts";
import { SetupError } from "../../scenario/index.ts";
import { headlessGround } from "../sh/ground.ts";
import { playSteps } from "../sh/jsonl.ts";
import { runLines } from "../sh/one-line.ts";
import { prompt } from "../sh/prompt.ts";
import { StepError } from "../sh/steps.ts";

interface ShellArguments {
  readonly line: string | null;
  readonly jsonl: boolean;
  readonly scenario: Scenario | null;
  readonly seed: number | null;
}

const usage = "usage: windtunnel sh [-c LINE] [--jsonl] [--world FILE] [--seed N]\n";

/** Exit status: that of the line or of the last one typed; 2 for a mistake in how it was called. */
export async function sh(args: readonly string[]): Promise<number> {
  if (args.length === 1 && (args[0] === "--help" || args[0] === "-h")) {
    process.stdout.write(usage);
    return 0;
  }
  try {
    return await runShell(readArguments(args));
  } catch (error) {
    const mistake = [ShellUsageError, StepError, ScenarioError, SetupError].some(
      (kind) => error instanceof kind,
    );
    if (!mistake) throw error;
    process.stderr.write(`windtunnel sh: ${(error as Error).message}\n`);
    if (error instanceof ShellUsageError) process.stderr.write(usage);
    return 2;
  }
}

/** A wrong flag or a file that cannot be read. */
class ShellUsageError extends Error {
  override readonly name = "ShellUsageError";
}

function runShell({ line, jsonl, scenario, seed }: ShellArguments): Promise<number> {
  const options = {
    ground: headlessGround(),
    ...(scenario === null ? {} : { scenario }),
    ...(seed === null ? {} : { seed }),
  };
  if (jsonl) return runSteps(options);
  if (line !== null) return runLines([line], options);
  return process.stdin.isTTY === true ? prompt(options) : runLines(inputLines(), options);
}

async function runSteps(options: Parameters<typeof playSteps>[1]): Promise<number> {
  for await (const result of playSteps(inputLines(), options)) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  return 0;
}

function inputLines(): AsyncIterable<string> {
  return createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
}

function readArguments(args: readonly string[]): ShellArguments {
  let line: string | null = null;
  let jsonl = false;
  let file: string | null = null;
  let seed: number | null = null;
  for (let i = 0; i < args.length; i += 1) {
    const [name = "", inline] = (args[i] as string).split(/=(.*)/s);
    const value = (): string => {
      const text = inline ?? args[++i];
      if (text === undefined) throw new ShellUsageError(`${name} needs a value`);
      return text;
    };
    if (name === "-c") line = value();
    else if (name === "--jsonl") jsonl = true;
    else if (name === "--world") file = value();
    else if (name === "--seed") seed = toSeed(value());
    else throw new ShellUsageError(`unknown argument ${args[i]}`);
  }
  return { line, jsonl, scenario: file === null ? null : readScenario(file), seed };
}

function toSeed(text: string): number {
  if (!/^\d+$/.test(text)) throw new ShellUsageError(`--seed takes a whole number, not ${text}`);
  return Number(text);
}

function readScenario(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new ShellUsageError(`cannot read ${file}`);
  }
  return parseScenario(text);
}
