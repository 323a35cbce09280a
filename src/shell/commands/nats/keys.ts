// Keys of a terminal that a question holds for itself.

import { CommandError } from "../../grammar/errors.ts";
import type { NatsContext } from "./context.ts";

/** One key: a character, or a control sequence as a terminal sends it. */
export type Key = string;

export const key = {
  enter: "\r",
  interrupt: "\u0003",
  endOfInput: "\u0004",
  backspace: "\u007f",
  up: "\u001b[A",
  down: "\u001b[B",
} as const;

/** The text of the error that Ctrl-C at a question gives. */
export const interrupted = "interrupt";

export interface Keyboard {
  /** The next key. Throws CommandError "interrupt" on Ctrl-C and at the end of input. */
  next(): Promise<Key>;
  release(): Promise<void>;
}

/** Takes the keyboard; keys typed ahead of the last question come first. */
export async function openKeyboard(ctx: NatsContext): Promise<Keyboard> {
  const raw = await ctx.process.rawKeys();
  const { typedAhead } = ctx.session;
  return {
    next: async () => {
      while (typedAhead.length === 0) {
        const bytes = await raw.next();
        if (bytes === null) throw new CommandError("EOF");
        typedAhead.push(...splitKeys(new TextDecoder().decode(bytes)));
      }
      const pressed = typedAhead.shift() ?? "";
      if (pressed === key.interrupt) throw new CommandError(interrupted);
      return pressed;
    },
    release: () => raw.release(),
  };
}

function splitKeys(text: string): Key[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals send control characters.
  return text.match(/\u001b\[[\d;]*[A-Za-z~]|\u001bO[A-Z]|\r\n|[\s\S]/gu) ?? [];
}
