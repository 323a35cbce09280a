// What could stand at the end of a command line.

import { type Application, findCommand } from "./application.ts";
import type { Command, FlagSpec } from "./define.ts";
import { applicationFlags } from "./parse.ts";
import { isBoolean } from "./values.ts";

export interface WordCompletion {
  readonly text: string;
  readonly help: string;
}

/** Candidates for the last of `words` (empty when a new word begins); the name is not in it. */
export function completeWords<Ctx>(
  app: Application<Ctx>,
  words: readonly string[],
): WordCompletion[] {
  const place = locate(app, words.slice(0, -1));
  const partial = words.at(-1) ?? "";
  return candidates(app, place, partial).filter((c) => c.text.startsWith(partial));
}

interface Place<Ctx> {
  readonly command: Command<Ctx> | null;
  readonly flags: Readonly<Record<string, FlagSpec>>;
  /** The flag whose value comes next, if one waits for it. */
  readonly awaiting: FlagSpec | null;
  readonly argsOnly: boolean;
}

function locate<Ctx>(app: Application<Ctx>, words: readonly string[]): Place<Ctx> {
  let command: Command<Ctx> | null = null;
  let flags: Record<string, FlagSpec> = { ...applicationFlags(app) };
  let awaiting: FlagSpec | null = null;
  let argsOnly = false;
  for (const word of words) {
    if (awaiting) awaiting = null;
    else if (word === "--") argsOnly = true;
    else if (word.startsWith("-") && !argsOnly) awaiting = flagAwaitingValue(flags, word);
    else {
      const next: Command<Ctx> | undefined = findCommand(
        command ? (command.commands ?? []) : app.commands,
        word,
      );
      if (next) flags = { ...flags, ...next.flags };
      command = next ?? command;
    }
  }
  return { command, flags, awaiting, argsOnly };
}

function flagAwaitingValue(
  flags: Readonly<Record<string, FlagSpec>>,
  word: string,
): FlagSpec | null {
  if (word.includes("=")) return null;
  const spec = word.startsWith("--")
    ? flags[word.slice(2)]
    : Object.values(flags).find((f) => f.short === word.slice(1));
  return spec && !isBoolean(spec.type) ? spec : null;
}

function candidates<Ctx>(
  app: Application<Ctx>,
  place: Place<Ctx>,
  partial: string,
): WordCompletion[] {
  if (place.awaiting) return (place.awaiting.values ?? []).map((text) => ({ text, help: "" }));
  if (partial.startsWith("-") && !place.argsOnly) {
    return Object.entries(place.flags)
      .filter(([, spec]) => !spec.hidden)
      .map(([name, spec]) => ({ text: `--${name}`, help: spec.help }));
  }
  const commands = place.command ? (place.command.commands ?? []) : app.commands;
  return commands.filter((c) => !c.hidden).map((c) => ({ text: c.path, help: c.help }));
}
