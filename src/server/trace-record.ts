/** What a server notes while somebody watches: facts as numbers and references, text made later. */
import type { VirtualNanos } from "../kernel/index.ts";
import type { ServerIo } from "./io.ts";
import type { ServerState } from "./state.ts";

export type TraceKind =
  | "connect"
  | "disconnect"
  | "subscribe"
  | "unsubscribe"
  | "publish"
  | "forbidden"
  | "no-responders"
  | "slow-consumer"
  | "route-up"
  | "route-down"
  | "api"
  | "stored"
  | "duplicate"
  | "refused"
  | "puback"
  | "removed"
  | "deliver"
  | "redeliver"
  | "ack"
  | "nak"
  | "term"
  | "progress"
  | "status"
  | "max-deliver"
  | "advisory"
  | RaftKind;

/** Of Raft groups (`raft-watch.ts`). `new-term` is a higher term; `term` is a client's +TERM. */
type RaftKind =
  | "new-term"
  | "candidate"
  | "vote"
  | "leader"
  | "step-down"
  | "propose"
  | "replicate"
  | "commit"
  | "truncate"
  | "catch-up"
  | "quorum-lost";

/**
 * One fact. The fields that a kind has no use for are "", 0 or null, so that all records have one
 * shape. The world numbers the records and links them by cause; a server has no such counter, or
 * watching would change its state.
 */
export interface TraceRecord {
  readonly at: VirtualNanos;
  readonly host: string;
  readonly kind: TraceKind;
  /** The connection it came from or went to. */
  readonly conn: number | null;
  readonly account: string;
  readonly subject: string;
  readonly stream: string;
  readonly consumer: string;
  /** Stream sequence. */
  readonly seq: number;
  /** Consumer sequence. */
  readonly consumerSeq: number;
  /** How often it was delivered, or how many there were. */
  readonly count: number;
  /** Bytes of headers and payload. */
  readonly size: number;
  readonly detail: string;
}

type TraceFields = Partial<Omit<TraceRecord, "at" | "host" | "kind">>;

/** Notes a fact. Callers ask `io.tracing` first where making `fields` costs something. */
export function trace(
  server: ServerState,
  io: ServerIo,
  kind: TraceKind,
  fields: TraceFields,
): void {
  if (!io.tracing) return;
  io.trace({
    at: io.now,
    host: server.name,
    kind,
    conn: fields.conn ?? null,
    account: fields.account ?? "",
    subject: fields.subject ?? "",
    stream: fields.stream ?? "",
    consumer: fields.consumer ?? "",
    seq: fields.seq ?? 0,
    consumerSeq: fields.consumerSeq ?? 0,
    count: fields.count ?? 0,
    size: fields.size ?? 0,
    detail: fields.detail ?? "",
  });
}
