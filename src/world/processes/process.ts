/**
 * Processes as the world sees them: plain records, the inputs that they take one at a time, and
 * the effects that each turn had. What runs inside is in the room `clients`.
 */
import type { DurationNanos, VirtualNanos } from "../../kernel/index.ts";

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

/** What a process can be told. `at` and clock come with the turn. */
export type ProcessInput =
  | { readonly kind: "start" }
  | { readonly kind: "connected"; readonly conn: number }
  | { readonly kind: "refused"; readonly conn: number; readonly reason: string }
  | { readonly kind: "bytes"; readonly conn: number; readonly bytes: Uint8Array }
  | { readonly kind: "closed"; readonly conn: number; readonly reason: string }
  | { readonly kind: "timer"; readonly id: number }
  | { readonly kind: "key"; readonly bytes: Uint8Array }
  | { readonly kind: "signal"; readonly name: SignalName }
  | { readonly kind: "resize"; readonly cols: number; readonly rows: number }
  | { readonly kind: "reply"; readonly id: number; readonly reply: RequestReply };

/** What a turn can do to the world, in the order in which it was done. */
export type ProcessEffect =
  | {
      readonly kind: "connect";
      readonly conn: number;
      readonly host: string;
      readonly port: number;
      readonly transport: "tcp" | "ws";
    }
  | { readonly kind: "send"; readonly conn: number; readonly bytes: Uint8Array }
  | { readonly kind: "close"; readonly conn: number }
  | { readonly kind: "timer"; readonly id: number; readonly after: DurationNanos }
  | { readonly kind: "clear-timer"; readonly id: number }
  | { readonly kind: "write"; readonly fd: 1 | 2; readonly bytes: Uint8Array }
  | { readonly kind: "request"; readonly id: number; readonly request: ProcessRequest }
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "tty-mode"; readonly raw: boolean };

/** Questions to the world; each is answered by one `reply` input. */
export type ProcessRequest =
  /**
   * Bytes of standard input (`pipe` null) or of a pipe that this process opened; null at the end.
   * With `line`, no more than one line with its newline: the rest stays for whoever reads next
   * (the shell's `read`, whose children read the same input).
   */
  | { readonly what: "read"; readonly pipe: number | null; readonly line: boolean }
  /** Answered when what was written so far has been taken (pipes) or a little later. */
  | { readonly what: "drain"; readonly fd: 1 | 2 }
  | { readonly what: "read-file"; readonly path: string }
  | {
      readonly what: "write-file";
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly append: boolean;
    }
  | { readonly what: "remove-file"; readonly path: string }
  | { readonly what: "make-folder"; readonly path: string }
  | { readonly what: "list-files"; readonly path: string }
  | { readonly what: "stat"; readonly path: string }
  /** A new pipe; its opener holds both ends until `close-pipe`, its children while they run. */
  | { readonly what: "pipe" }
  /** The opener lets go of one end: no writer left is the end of input, no reader left SIGPIPE. */
  | { readonly what: "close-pipe"; readonly pipe: number; readonly end: "read" | "write" }
  | { readonly what: "spawn"; readonly spawn: SpawnRequest }
  | { readonly what: "wait"; readonly pid: number }
  /** As `wait`, without waiting: the exit status, or null while it runs (`jobs`). */
  | { readonly what: "exit-status"; readonly pid: number }
  /** From now on the terminal's signals reach the group of `pid` (`fg`). */
  | { readonly what: "foreground"; readonly pid: number }
  /** A negative pid means every process of that group. */
  | { readonly what: "kill"; readonly pid: number; readonly signal: SignalName }
  | { readonly what: "world-line"; readonly line: string }
  | { readonly what: "http"; readonly host: string; readonly port: number; readonly path: string }
  | { readonly what: "terminal" }
  | { readonly what: "set-terminal"; readonly patch: TerminalPatch };

/** `inherit`: what the parent has there; `same`: what the parent has at another number (`2>&1`). */
export type SpawnDescriptor =
  | Descriptor
  | "inherit"
  | { readonly kind: "same"; readonly as: 1 | 2 };

export interface SpawnRequest {
  readonly program: string;
  readonly argv: readonly string[];
  readonly env: readonly (readonly [string, string])[];
  readonly cwd: string;
  readonly stdin: SpawnDescriptor;
  readonly stdout: SpawnDescriptor;
  readonly stderr: SpawnDescriptor;
  /** True: a process group of its own, which terminal signals do not reach. */
  readonly background: boolean;
}

export type RequestReply =
  | { readonly ok: true; readonly value: ReplyValue }
  | { readonly ok: false; readonly error: string };

/** Plain values only: replies are recorded with the inputs. */
export type ReplyValue =
  | null
  | number
  | string
  | Uint8Array
  | readonly FileEntry[]
  | FileEntry
  | CommandResult
  | HttpReply
  | TerminalView;

export interface FileEntry {
  readonly path: string;
  readonly folder: boolean;
  readonly size: number;
  readonly modified: VirtualNanos;
}

export interface CommandResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HttpReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What the shell keeps from line to line; the world stores it without reading it. */
export interface TerminalPatch {
  readonly cwd?: string;
  readonly env?: readonly (readonly [string, string])[];
  readonly lastExit?: number;
  /** Shell state as text of the shell's own making (functions, options, jobs). */
  readonly shell?: string;
}

export interface TerminalView {
  readonly cwd: string;
  readonly env: readonly (readonly [string, string])[];
  readonly lastExit: number;
  readonly shell: string;
  readonly cols: number;
  readonly rows: number;
  readonly history: readonly string[];
}

/** One turn of one process: everything that its inside may learn. */
export interface Turn {
  readonly pid: number;
  /** How many turns came before. */
  readonly number: number;
  readonly at: VirtualNanos;
  /** What its host's clock differs by. */
  readonly clockOffset: DurationNanos;
  readonly input: ProcessInput;
}
