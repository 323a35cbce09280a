/** Types a line and runs flat out until it has ended: for scripts, tests and the control port. */
import type { VirtualNanos } from "../kernel/index.ts";
import type { Session } from "./session.ts";

export interface ExecResult {
  /** Null when it still ran at the limit, or was input for a program that held the terminal. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `until` is the latest instant to wait for; without it, for as long as anything happens. */
export async function execLine(
  session: Session,
  line: string,
  options: { readonly tty?: string; readonly until?: VirtualNanos } = {},
): Promise<ExecResult> {
  const { tty = "exec", until } = options;
  const { command } = await session.input(line, tty);
  if (command === null) return { exit: null, stdout: "", stderr: "" };
  const find = () => session.world.terminals.get(tty)?.commands[command];
  if (find()?.exit === null) await session.runUntilTrue(() => find()?.exit !== null, until);
  const { exit = null, stdout = "", stderr = "" } = find() ?? {};
  return { exit, stdout, stderr };
}
