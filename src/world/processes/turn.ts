/** What a process is told, one input at a time, and what each turn did. */
import type { DurationNanos, VirtualNanos } from "../../kernel/index.ts";
import type { SignalName } from "./process.ts";
import type { ProcessRequest, RequestReply } from "./request.ts";

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
