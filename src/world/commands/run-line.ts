/** Runs lines of the one command table: `world fault load sim expect lesson`. */
import type { Awaiting } from "../expect/expectation.ts";
import type { CommandResult } from "../processes/request.ts";
import type { Doors, World } from "../world.ts";
import { helpText, parseCall, type WorldCommandSpec } from "./grammar.ts";
import { commandTable } from "./table.ts";
import { UsageError } from "./usage-error.ts";
import { splitWords } from "./words.ts";

const families: ReadonlySet<string> = new Set([
  ...["world", "fault", "load", "sim", "expect", "lesson"],
]);

/** True for a line that this table runs by itself, at once and without a shell. */
export function isWorldLine(line: string): boolean {
  const words = splitWords(line);
  const first = words?.[0];
  if (words === null || first === undefined || !families.has(first)) return false;
  // Waiting takes time, and only a process can take time.
  return !(first === "sim" && words[1] === "wait");
}

/** Runs one line at this instant; nobody waits. Never throws for a person's mistake. */
export function worldCommand(world: World, doors: Doors, line: string): CommandResult {
  const taken = { exit: 0, stdout: "", stderr: "" };
  return worldCommandFor(world, doors, { line, typed: line, awaiting: null }) ?? taken;
}

/** A line, and who waits for its end. */
export interface AskedLine {
  readonly line: string;
  readonly typed: string;
  readonly awaiting: Awaiting | null;
}

/** As `worldCommand`; null when `awaiting` is told the result at a later instant. */
export function worldCommandFor(
  world: World,
  doors: Doors,
  asked: AskedLine,
): CommandResult | null {
  const { line } = asked;
  world.inputs++;
  try {
    const stdout = runLine(world, doors, asked);
    return stdout === null ? null : { exit: 0, stdout, stderr: "" };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const name = line.trim().split(/\s+/, 1)[0] ?? "";
    return { exit: 1, stdout: "", stderr: `${name}: ${error.message}\n` };
  }
}

function runLine(world: World, doors: Doors, asked: AskedLine): string | null {
  const { line, typed, awaiting } = asked;
  const words = splitWords(line);
  if (words === null) throw new UsageError("this line needs a shell: quote what the shell reads");
  const family = words[0] ?? "";
  if (!families.has(family)) throw new UsageError(`unknown command "${family}"`);
  if (words.includes("--help") || words[1] === "help") return helpFor(words);
  const spec = findSpec(words);
  if (spec === null) throw new UsageError(unknownCommand(family, words[1]));
  const rest = words.slice(spec.path.split(" ").length);
  const { args, flags } = parseCall(spec, rest);
  return spec.run({ world, doors, line, typed, awaiting, args, flags });
}

/** The entry with the longest path that the words begin with. */
function findSpec(words: readonly string[]): WorldCommandSpec | null {
  const two = words.slice(0, 2).join(" ");
  const one = words[0] ?? "";
  return (
    commandTable.find((spec) => spec.path === two) ??
    commandTable.find((spec) => spec.path === one) ??
    null
  );
}

function helpFor(words: readonly string[]): string {
  const path = words.filter((word) => word !== "--help" && word !== "help").join(" ");
  const known = commandTable.some((spec) => spec.path === path || spec.path.startsWith(`${path} `));
  return helpText(commandTable, known ? path : (words[0] ?? ""));
}

function unknownCommand(family: string, word: string | undefined): string {
  const known = commandTable
    .filter((spec) => spec.path.startsWith(`${family} `))
    .map((spec) => spec.path.slice(family.length + 1));
  const asked = word === undefined ? "say what" : `no "${family} ${word}"`;
  return `${asked}: ${known.join(", ")}. \`${family} --help\` explains them`;
}
