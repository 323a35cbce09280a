/** How a builtin is called, and the few things that all of them do. */

import { complain, writeFd } from "../descriptors.ts";
import { CommandError, type Fds, type Shell } from "../shell.ts";

export interface Call {
  readonly shell: Shell;
  readonly name: string;
  readonly args: readonly string[];
  readonly fds: Fds;
}

/** Runs inside the shell's own process; returns the exit status. */
export type Builtin = (call: Call) => Promise<number>;

export async function print(call: Call, text: string): Promise<void> {
  await writeFd(call.shell, call.fds, 1, text);
}

/** Says `sh: NAME: problem`. */
export async function refuse(call: Call, problem: string, status = 1): Promise<number> {
  await complain(call.shell, call.fds, `${call.name}: ${problem}`);
  return status;
}

/** A whole number from 0; throws CommandError. */
export function wholeNumber(call: Call, text: string): number {
  if (!/^\d+$/.test(text))
    throw new CommandError(`${call.name}: ${text}: numeric argument required`, 2);
  return Number(text);
}
