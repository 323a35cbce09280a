// A program with commands, and how a word finds one.

import type { Command, FlagSpecs } from "./define.ts";

/** A whole application: its name, global flags and commands. */
export interface Application<Ctx> {
  readonly name: string;
  readonly help: string;
  readonly version: string;
  readonly flags: FlagSpecs;
  readonly commands: readonly Command<Ctx>[];
}

/** The commands that a word names, aliases included. */
export function findCommand<Ctx>(
  commands: readonly Command<Ctx>[],
  word: string,
): Command<Ctx> | undefined {
  return commands.find((c) => c.path === word || (c.aliases?.includes(word) ?? false));
}
