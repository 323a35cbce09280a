// The one shape in which every terminal command is declared. Parsing, help, completion and the
// check against the recorded grammar all read it.

import type { Value, ValueOfType, ValueType } from "./value-types.ts";

export interface FlagSpec {
  readonly help: string;
  readonly type: ValueType;
  readonly short?: string;
  readonly default?: string;
  /** Environment variable that supplies the value when the flag is not given. */
  readonly env?: string;
  readonly placeholder?: string;
  readonly hidden?: boolean;
  readonly required?: boolean;
  /** The values an `enum` takes. */
  readonly values?: readonly string[];
}

export interface ArgSpec {
  readonly help: string;
  readonly type?: ValueType;
  readonly required?: boolean;
  readonly default?: string;
  readonly placeholder?: string;
  readonly values?: readonly string[];
}

export type FlagSpecs = Readonly<Record<string, FlagSpec>>;
export type ArgSpecs = Readonly<Record<string, ArgSpec>>;

type ArgType<A extends ArgSpec> = A extends { readonly type: infer T extends ValueType }
  ? T
  : "string";

/** An argument that may be missing is undefined then; lists are empty. */
type ArgValue<A extends ArgSpec> =
  ArgType<A> extends "strings"
    ? readonly string[]
    : A extends { readonly required: true } | { readonly default: string }
      ? ValueOfType[ArgType<A>]
      : ValueOfType[ArgType<A>] | undefined;

/** Flags always have a value: their default, else "", 0, false, [] or {}. */
export type FlagValues<F extends FlagSpecs> = {
  readonly [K in keyof F]: ValueOfType[F[K]["type"]];
};
type ArgValues<A extends ArgSpecs> = { readonly [K in keyof A]: ArgValue<A[K]> };

export interface Input<F extends FlagSpecs, A extends ArgSpecs> {
  readonly args: ArgValues<A>;
  readonly flags: FlagValues<F>;
  /** Names of the flags and arguments that the person gave, under their own names. */
  readonly given: ReadonlySet<string>;
}

/** A command as the parser sees it, its flags and arguments no longer typed one by one. */
export interface Command<Ctx> {
  readonly path: string;
  readonly aliases?: readonly string[];
  readonly help: string;
  /** More prose for `--help` of this command alone. */
  readonly details?: string;
  readonly cheat?: string;
  readonly tags?: readonly string[];
  readonly hidden?: boolean;
  readonly args?: ArgSpecs;
  readonly flags?: FlagSpecs;
  readonly commands?: readonly Command<Ctx>[];
  /** Of a command known by its word alone: brings the whole of it. */
  readonly load?: () => Promise<Command<Ctx>>;
  /** Runs before `run`; may look at values and throw CommandError. */
  readonly run?: (ctx: Ctx, input: AnyInput) => Promise<number>;
}

export interface AnyInput {
  readonly args: Readonly<Record<string, Value | undefined>>;
  readonly flags: Readonly<Record<string, Value>>;
  readonly given: ReadonlySet<string>;
}

/** The fields that make one runnable command; `path` is its own word, groups nest commands. */
export interface CommandDefinition<Ctx, F extends FlagSpecs, A extends ArgSpecs>
  extends Omit<Command<Ctx>, "args" | "flags" | "run" | "load" | "commands"> {
  readonly args?: A;
  readonly flags?: F;
  readonly run: (ctx: Ctx, input: Input<F, A>) => Promise<number>;
}

/** Declares one runnable command; types of `args` and `flags` follow from their specs. */
export function defineCommand<
  Ctx,
  const F extends FlagSpecs = Record<never, never>,
  const A extends ArgSpecs = Record<never, never>,
>(definition: CommandDefinition<Ctx, F, A>): Command<Ctx> {
  const { run } = definition;
  // The parser builds exactly the values that the specs promise; this is where the types meet.
  return { ...definition, run: (ctx, input) => run(ctx, input as unknown as Input<F, A>) };
}

/** Declares a word that only holds further commands. */
export function defineGroup<Ctx>(group: Omit<Command<Ctx>, "run" | "load" | "args">): Command<Ctx> {
  return group;
}
