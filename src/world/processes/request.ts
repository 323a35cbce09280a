/** Questions of a process to its world, and the answers: plain values, recorded with the inputs. */
import type { VirtualNanos } from "../../kernel/index.ts";
import type { Descriptor, SignalName } from "./process.ts";

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
