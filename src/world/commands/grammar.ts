/** The shape of the command table: one entry a command; parsing, help and completion read it. */
import { compareStrings } from "../../kernel/index.ts";
import type { Awaiting } from "../expect/expectation.ts";
import type { Doors, World } from "../world.ts";
import { UsageError } from "./usage-error.ts";

export interface FlagSpec {
  readonly name: string;
  /** Null: a switch. */
  readonly value: string | null;
  /** Takes words up to the next flag. */
  readonly many?: boolean;
  readonly help: string;
}

export interface WorldCommandSpec {
  /** `fault kill` */
  readonly path: string;
  /** `TARGET...`; empty when it takes none. */
  readonly args: string;
  readonly argsMin: number;
  readonly argsMax: number;
  readonly flags: readonly FlagSpec[];
  readonly help: string;
  readonly example: string;
  /**
   * Does it; answers what is printed, or null when `call.awaiting` will be told later. Throws
   * UsageError for a person's mistake.
   */
  readonly run: (call: Call) => string | null;
}

/** A line, parsed by its spec. */
export interface Call {
  readonly world: World;
  readonly doors: Doors;
  readonly line: string;
  /** What was typed at a terminal: the same, unless a shell made `line` of it. */
  readonly typed: string;
  /** Who can wait for an answer that takes time; null: nobody. */
  readonly awaiting: Awaiting | null;
  readonly args: readonly string[];
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/** The value of a flag that is given at most once; null when it is missing. */
export function flagValue(call: Call, name: string): string | null {
  return call.flags.get(name)?.at(-1) ?? null;
}

export function hasFlag(call: Call, name: string): boolean {
  return call.flags.has(name);
}

/** The value of a flag read by `parse`, or the fallback. */
export function flagAs<T>(call: Call, name: string, parse: (text: string) => T, fallback: T): T {
  const text = flagValue(call, name);
  return text === null ? fallback : parse(text);
}

/** Splits the words behind a command's path into arguments and flags. */
export function parseCall(
  spec: WorldCommandSpec,
  words: readonly string[],
): { args: string[]; flags: Map<string, string[]> } {
  const args: string[] = [];
  const flags = new Map<string, string[]>();
  let many: string[] | null = null;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (!word.startsWith("--")) {
      (many ?? args).push(word);
      continue;
    }
    const [name = "", inline] = splitFlag(word);
    const flag = spec.flags.find((one) => one.name === name);
    if (flag === undefined) throw new UsageError(unknownFlag(spec, name));
    const values = flags.get(name) ?? [];
    flags.set(name, values);
    many = flag.many === true ? values : null;
    if (flag.value === null || (flag.many === true && inline === undefined)) continue;
    const value = inline ?? words[++i];
    if (value === undefined) throw new UsageError(`--${name} wants a value: ${usage(spec)}`);
    values.push(value);
  }
  if (args.length < spec.argsMin || args.length > spec.argsMax) {
    throw new UsageError(`usage: ${usage(spec)}`);
  }
  return { args, flags };
}

export function usage(spec: WorldCommandSpec): string {
  const flags = spec.flags.map((flag) => {
    const value = flag.value === null ? "" : ` ${flag.value}${flag.many === true ? "..." : ""}`;
    return `[--${flag.name}${value}]`;
  });
  return [spec.path, spec.args, ...flags].filter((part) => part !== "").join(" ");
}

/** Help for a command and what lies under it. */
export function helpText(specs: readonly WorldCommandSpec[], path: string): string {
  const under = specs.filter((spec) => spec.path === path || spec.path.startsWith(`${path} `));
  const lines = under
    .toSorted((a, b) => compareStrings(a.path, b.path))
    .map((spec) => `  ${usage(spec)}\n      ${spec.help}\n      e.g. ${spec.example}`);
  return `${lines.join("\n")}\n`;
}

function splitFlag(word: string): [string, string | undefined] {
  const equals = word.indexOf("=");
  if (equals < 0) return [word.slice(2), undefined];
  return [word.slice(2, equals), word.slice(equals + 1)];
}

function unknownFlag(spec: WorldCommandSpec, name: string): string {
  return `${spec.path} has no flag --${name}; usage: ${usage(spec)}`;
}
