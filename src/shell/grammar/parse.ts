// Reads a command line against an application's grammar.
// Source of the rules: fisk v0.8.1 `parse`, `Application.Parse`; transcripts/errors.jsonl.

import { type Application, findCommand } from "./application.ts";
import type { AnyInput, Command, FlagSpec } from "./define.ts";
import { CommandError, UsageError } from "./errors.ts";
import {
  peekToken,
  type Token,
  type TokenStream,
  takeToken,
  tokenStream,
  tokenText,
} from "./tokens.ts";
import type { Value } from "./value-types.ts";
import { emptyValue, isBoolean, isRepeatable, setValue, typeOf } from "./values.ts";

/** What a command line came to. `fault` is what stops it from running, if anything does. */
export interface Parsed<Ctx> {
  /** The commands selected, outermost first. */
  readonly chain: readonly Command<Ctx>[];
  readonly input: AnyInput;
  readonly help: boolean;
  readonly version: boolean;
  readonly fault: UsageError | CommandError | null;
}

interface Scope<Ctx> {
  readonly app: Application<Ctx>;
  readonly stream: TokenStream;
  readonly chain: Command<Ctx>[];
  readonly flags: Map<string, FlagSpec>;
  readonly settings: { readonly name: string; readonly text: string }[];
  readonly positional: string[];
  help: boolean;
  version: boolean;
}

const builtInFlags: Readonly<Record<string, FlagSpec>> = {
  help: { help: "Show help for what stands before it", type: "switch", short: "h" },
  version: { help: "Show the version", type: "switch" },
};

/** The flags every application has, global flags after them. */
export function applicationFlags<Ctx>(app: Application<Ctx>): Readonly<Record<string, FlagSpec>> {
  return { ...builtInFlags, ...app.flags };
}

/** Parses `words` (without the program's name); never throws. */
export function parseCommandLine<Ctx>(
  app: Application<Ctx>,
  words: readonly string[],
  env: ReadonlyMap<string, string>,
): Parsed<Ctx> {
  const scope: Scope<Ctx> = {
    app,
    stream: tokenStream(words),
    chain: [],
    flags: new Map(Object.entries(applicationFlags(app))),
    settings: [],
    positional: [],
    help: false,
    version: false,
  };
  const syntax = capture(() => readTokens(scope));
  const values = readValues(scope, env);
  const fault = values.defaults ?? syntax ?? values.fault ?? missingPiece(scope);
  return {
    chain: scope.chain,
    input: values.input,
    help: scope.help,
    version: scope.version,
    fault,
  };
}

function capture(action: () => void): UsageError | CommandError | null {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof UsageError || error instanceof CommandError) return error;
    throw error;
  }
}

function readTokens<Ctx>(scope: Scope<Ctx>): void {
  const short = (letter: string) => shortFlag(scope, letter)?.[1];
  for (;;) {
    const token = peekToken(scope.stream, short);
    if (token.kind === "end") return;
    if (token.kind !== "arg") {
      takeToken(scope.stream, short);
      readFlag(scope, token, short);
    } else if (!readCommandWord(scope, token)) {
      readArgument(scope, token);
    }
    if (token.kind === "arg") takeToken(scope.stream, short);
  }
}

function shortFlag<Ctx>(scope: Scope<Ctx>, letter: string): [string, FlagSpec] | undefined {
  let found: [string, FlagSpec] | undefined;
  for (const entry of scope.flags) if (entry[1].short === letter) found = entry;
  return found;
}

function readFlag<Ctx>(
  scope: Scope<Ctx>,
  token: Token,
  short: (letter: string) => FlagSpec | undefined,
): void {
  const { name, negated } = flagName(scope, token);
  const spec = scope.flags.get(name);
  if (!spec) throw new UsageError(`unknown ${token.kind} flag '${tokenText(token)}'`);
  let text = negated ? "false" : "true";
  if (!isBoolean(spec.type)) {
    if (peekToken(scope.stream, short).kind !== "arg") {
      throw new UsageError(`expected argument for flag '${tokenText(token)}'`);
    }
    text = takeToken(scope.stream, short).text;
  }
  scope.settings.push({ name, text });
  if (name === "help") scope.help = true;
  if (name === "version") scope.version = true;
}

function flagName<Ctx>(scope: Scope<Ctx>, token: Token): { name: string; negated: boolean } {
  if (token.kind === "short") {
    return { name: shortFlag(scope, token.text)?.[0] ?? "", negated: false };
  }
  if (scope.flags.has(token.text)) return { name: token.text, negated: false };
  const positive = token.text.startsWith("no-") ? token.text.slice(3) : "";
  if (scope.flags.get(positive)?.type === "bool") return { name: positive, negated: true };
  return { name: "", negated: false };
}

/** Does the word select a command? False when the command at hand holds none. */
function readCommandWord<Ctx>(scope: Scope<Ctx>, token: Token): boolean {
  const commands = scope.chain.length === 0 ? scope.app.commands : scope.chain.at(-1)?.commands;
  if (!commands) return false;
  const command = findCommand(commands, token.text);
  if (!command) {
    const got = JSON.stringify(token.text);
    throw new UsageError(
      `expected command but got ${got}, use --help for full help including flags and arguments`,
    );
  }
  scope.chain.push(command);
  for (const [name, spec] of Object.entries(command.flags ?? {})) scope.flags.set(name, spec);
  return true;
}

function readArgument<Ctx>(scope: Scope<Ctx>, token: Token): void {
  const specs = Object.values(scope.chain.at(-1)?.args ?? {});
  const last = specs.at(-1);
  const hasRoom =
    scope.positional.length < specs.length || (last !== undefined && isRepeatable(typeOf(last)));
  if (!hasRoom) throw new UsageError(`unexpected argument ${token.text}`);
  scope.positional.push(token.text);
}

interface ValuesRead {
  readonly input: AnyInput;
  /** A default or environment variable that cannot be read. */
  readonly defaults: CommandError | UsageError | null;
  readonly fault: CommandError | UsageError | null;
}

function readValues<Ctx>(scope: Scope<Ctx>, env: ReadonlyMap<string, string>): ValuesRead {
  const flags: Record<string, Value> = {};
  const args: Record<string, Value | undefined> = {};
  const given = new Set<string>();
  const defaults = capture(() => {
    for (const [name, spec] of scope.flags) {
      const text = env.get(spec.env ?? "") || spec.default;
      const isGiven = scope.settings.some((s) => s.name === name);
      const start = emptyValue(spec.type);
      flags[name] = isGiven || !text || scope.help ? start : setValue(spec, start, text);
    }
  });
  const fault = capture(() => {
    setFlags(scope, flags, given);
    setArguments(scope, args, given);
  });
  return { input: { args, flags, given }, defaults, fault };
}

function setFlags<Ctx>(scope: Scope<Ctx>, flags: Record<string, Value>, given: Set<string>): void {
  for (const { name, text } of scope.settings) {
    const spec = scope.flags.get(name);
    if (!spec) continue;
    if (given.has(name) && !isRepeatable(spec.type)) {
      throw new UsageError(`flag '${name}' cannot be repeated`);
    }
    flags[name] = setValue(spec, flags[name], text);
    given.add(name);
  }
}

function setArguments<Ctx>(
  scope: Scope<Ctx>,
  args: Record<string, Value | undefined>,
  given: Set<string>,
): void {
  const specs = Object.entries(scope.chain.at(-1)?.args ?? {});
  for (const [name, spec] of specs) {
    if (isRepeatable(typeOf(spec))) args[name] = [];
    else if (spec.default !== undefined) args[name] = setValue(spec, undefined, spec.default);
  }
  scope.positional.forEach((text, i) => {
    const entry = specs[Math.min(i, specs.length - 1)];
    if (!entry) return;
    args[entry[0]] = setValue(entry[1], args[entry[0]], text);
    given.add(entry[0]);
  });
}

const wantsSubcommand =
  "a subcommand from the list below is required, use --help for full help including flags and arguments";

/** A group without its command, or a required flag or argument that is not there. */
function missingPiece<Ctx>(scope: Scope<Ctx>): UsageError | null {
  const command = scope.chain.at(-1);
  if (!command) return null;
  if (command.commands) return new UsageError(wantsSubcommand);
  const isSet = (name: string) => scope.settings.some((s) => s.name === name);
  const flags = [...scope.flags].filter(([name, spec]) => spec.required && !isSet(name));
  if (flags.length > 0) {
    const names = flags.map(([name]) => `--${name}`).join(", ");
    return new UsageError(`required flag${flags.length > 1 ? "s" : ""} ${names} not provided`);
  }
  const args = Object.entries(command.args ?? {});
  const missing = args.slice(scope.positional.length).find(([, spec]) => spec.required);
  return missing ? new UsageError(`required argument '${missing[0]}' not provided`) : null;
}
