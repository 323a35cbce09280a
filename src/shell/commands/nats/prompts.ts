// Questions to the person at the terminal. Without a terminal nothing is asked.

import { CommandError } from "../../grammar/errors.ts";
import { isInteractive, type NatsContext } from "./context.ts";
import { orFail } from "./failures.ts";
import { askLine, askYesNo, pick } from "./questions.ts";

const noPrompt = "cannot prompt for user input without a terminal";
const noConfirmation = "cannot ask for confirmation without a terminal";

/** Throws CommandError without a terminal. Source: natscli v0.4.0 `askConfirmation`. */
export async function confirm(
  ctx: NatsContext,
  question: string,
  preset: boolean,
): Promise<boolean> {
  if (!isInteractive(ctx)) throw new CommandError(noConfirmation);
  return askYesNo(ctx, question, preset);
}

/** What most commands ask before they change something: no unless said otherwise. */
export function isConfirmed(ctx: NatsContext, question: string): Promise<boolean> {
  return orFail("could not obtain confirmation", confirm(ctx, question, false));
}

export interface Question {
  readonly message: string;
  readonly preset?: string;
  readonly required?: boolean;
  /** Says that `?` would explain; natscli does for most questions. */
  readonly hasHelp?: boolean;
}

/** A line of text. Throws CommandError without a terminal. Source: natscli v0.4.0 `AskOne`. */
export async function ask(ctx: NatsContext, question: Question): Promise<string> {
  if (!isInteractive(ctx)) throw new CommandError(noPrompt);
  return askLine(ctx, question);
}

/** As `ask`, with the other refusal that natscli gives where it asks for a number. */
export async function askNumber(ctx: NatsContext, question: Question): Promise<string> {
  if (!isInteractive(ctx)) throw new CommandError(noConfirmation);
  return askLine(ctx, question);
}

export interface Choice {
  readonly message: string;
  readonly options: readonly string[];
  readonly preset?: string;
  readonly hasHelp?: boolean;
}

/** One of several. Throws CommandError without a terminal. */
export async function choose(ctx: NatsContext, choice: Choice): Promise<string> {
  if (!isInteractive(ctx)) throw new CommandError(noPrompt);
  return pick(ctx, choice);
}
