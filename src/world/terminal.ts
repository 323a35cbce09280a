/** A terminal's state between lines: plain data, so that a shell at its prompt needs no process. */

/** A finished or running command line, as `state().terminals` shows it. */
export interface TerminalCommand {
  readonly line: string;
  /** Null while it runs. */
  exit: number | null;
  stdout: string;
  stderr: string;
}

export interface TerminalState {
  readonly name: string;
  readonly host: string;
  /** True: programs find a terminal. False: pipes, as in a script (`sh -c`, `exec`). */
  interactive: boolean;
  cols: number;
  rows: number;
  cwd: string;
  env: readonly (readonly [string, string])[];
  lastExit: number;
  /** The shell's own memory, as text that only the shell reads. */
  shell: string;
  readonly commands: TerminalCommand[];
  /** Process group that terminal signals reach; null at the prompt. */
  foreground: number | null;
  /** Typed while a program ran and not read yet; null marks end of input. */
  readonly typed: (Uint8Array | null)[];
}
