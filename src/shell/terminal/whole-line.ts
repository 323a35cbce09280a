/** Whether what was typed is a whole line, or the prompt should ask for more. */
import { parseScript } from "../language/parser.ts";
import { ShellSyntaxError } from "../language/syntax.ts";

/** Null: it parses. Else whether more input could make it whole, and what is wrong with it. */
export function lineProblem(text: string): {
  readonly incomplete: boolean;
  readonly message: string;
} | null {
  try {
    parseScript(text);
    return null;
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    return { incomplete: error.incomplete, message: error.message };
  }
}
