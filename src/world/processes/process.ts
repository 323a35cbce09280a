/** Processes as the world sees them: plain records. What runs inside is in the room `clients`. */

/** Where a descriptor of a process leads. */
export type Descriptor =
  | { readonly kind: "tty"; readonly tty: string; readonly stream: 1 | 2 }
  /** Recorded for a terminal, but no terminal to the program: pipes at the far end. */
  | { readonly kind: "capture"; readonly tty: string; readonly stream: 1 | 2 }
  | { readonly kind: "pipe"; readonly pipe: number }
  | { readonly kind: "file"; readonly path: string; readonly append: boolean }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "null" };

export type SignalName = "INT" | "TERM" | "KILL" | "PIPE" | "HUP" | "QUIT";

/** One process. Its inside (promises, closures) is a function of the turns it has taken. */
export interface ProcessRecord {
  readonly pid: number;
  readonly parent: number | null;
  /** Signals from a terminal reach every process of its foreground group. */
  readonly group: number;
  readonly host: string;
  readonly program: string;
  readonly argv: readonly string[];
  readonly env: readonly (readonly [string, string])[];
  readonly cwd: string;
  /** Of the terminal, when it began. */
  readonly size: { readonly cols: number; readonly rows: number };
  /** The terminal that it was started from. */
  readonly tty: string | null;
  /** Index into the terminal's commands, whose output its writes are recorded in. */
  readonly command: number | null;
  readonly stdin: Descriptor;
  readonly stdout: Descriptor;
  readonly stderr: Descriptor;
  status: "running" | "exited";
  exit: number | null;
  /** Seed of its own random stream. */
  readonly seed: number;
  /** How many turns it has taken. */
  turns: number;
  /** Its local connection numbers to the world's. */
  readonly conns: Map<number, number>;
  /** A read of the terminal that waits for bytes; at most one. */
  reading: { readonly id: number; readonly line: boolean } | null;
  /** Ends of pipes that it opened and has not closed. */
  readonly held: { readonly pipe: number; readonly end: "read" | "write" }[];
  /** Requests of other processes that wait for its exit: [pid, request id]. */
  readonly waiters: (readonly [number, number])[];
  /** It has the terminal's keys for itself. */
  raw: boolean;
}
