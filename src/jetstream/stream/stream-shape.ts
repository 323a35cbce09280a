/** The plain data of one stream, the entries that change it, and what a change tells the world. */
import type { Log, StoredTime, StreamSeq, Table } from "../../kernel/index.ts";
import type { ApiErrorBody } from "../errors.ts";
import type { StreamConfig } from "./config/config-shape.ts";
import type { MessageStore } from "./store/store-shape.ts";

/** One remembered `Nats-Msg-Id`. */
export interface DedupeRow {
  readonly id: string;
  readonly seq: StreamSeq;
  readonly time: StoredTime;
}

/** The duplicate window: ids by name, and in the order in which they leave. */
export interface DedupeWindow {
  readonly byId: Table<string, DedupeRow>;
  readonly inOrder: Log<DedupeRow>;
}

/** Schedules by subject (one each) and by when they are due; keys are `timeKey`s. */
export interface Schedules {
  readonly bySubject: Table<string, string>;
  readonly byTime: Table<string, string>;
}

/**
 * A stream on one server. Written only by `applyStreamEntry`; everything else reads.
 * Source: nats-server `server/stream.go` `stream`.
 */
export interface StreamState {
  config: StreamConfig;
  readonly created: StoredTime;
  readonly store: MessageStore;
  readonly dedupe: DedupeWindow;
  /** `Nats-Msg-Id` of the last stored message, empty when it had none. */
  lastMsgId: string;
  /** Messages with a TTL by when they expire: `timeKey` to sequence. May name removed ones. */
  readonly expiries: Table<string, StreamSeq>;
  readonly schedules: Schedules;
  /** For each source, by `sourceIndexName`, the last of its sequences that was stored here. */
  readonly origins: Table<string, OriginMark>;
}

/** Source: nats-server `StreamSourceState`. */
export interface OriginMark {
  readonly seq: StreamSeq;
  /** Of the stream that it was copied from; "" when that did not say. */
  readonly identity: string;
}

/** A message on its way in. The bytes may be views: they are copied when stored. */
export interface InboundMessage {
  readonly subject: string;
  /** The whole header block with its status line, or null. */
  readonly headers: Uint8Array | null;
  readonly payload: Uint8Array;
}

/** What `proposeMessage` needs to know beside the stream and the message. */
export interface PublishContext {
  readonly now: StoredTime;
  /** The server's `max_payload`. */
  readonly maxPayload: number;
  /** The server made the message itself, from one that was checked before. */
  readonly isOwn: boolean;
  /** Whether some consumer of an interest stream wants the subject. */
  readonly hasInterest: (subject: string) => boolean;
  /** What server or (for a message that is kept) account limits say to so many more bytes. */
  readonly checkLimits: (bytes: number, isKept: boolean) => ApiErrorBody | null;
}

/** A change of a stream: what a leader proposes and every replica applies alike. */
export type StreamEntry =
  | StoreEntry
  | { readonly kind: "skip"; readonly seqs: number }
  | CopyEntry
  | { readonly kind: "remove"; readonly seq: StreamSeq; readonly reason: RemoveReason }
  | PurgeEntry
  | { readonly kind: "expire"; readonly now: StoredTime }
  /** Schedules whose time has come produce their messages. */
  | { readonly kind: "fire"; readonly now: StoredTime }
  | { readonly kind: "update"; readonly config: StreamConfig };

export interface StoreEntry {
  readonly kind: "store";
  readonly subject: string;
  readonly headers: Uint8Array | null;
  readonly payload: Uint8Array;
  readonly time: StoredTime;
  /** Empty when the message has none. */
  readonly msgId: string;
  readonly rollup: "" | "sub" | "all";
  /** Whole seconds; 0 none, -1 never expires, not even by `max_age`. */
  readonly ttlSeconds: number;
  /** False when no consumer of an interest stream wants it: it takes a number and is not kept. */
  readonly keep: boolean;
}

/** A mirror's message: sequence and time are its origin's, holes before it are kept as holes. */
export interface CopyEntry {
  readonly kind: "copy";
  readonly seq: StreamSeq;
  readonly subject: string;
  readonly headers: Uint8Array | null;
  readonly payload: Uint8Array;
  readonly time: StoredTime;
}

/** `STREAM.PURGE`: below `seq` when not 0, all but the newest `keep`, only what matches `filter`. */
export interface PurgeEntry {
  readonly kind: "purge";
  readonly filter: string;
  readonly seq: StreamSeq;
  readonly keep: number;
}

/** Why a message left the stream. */
export type RemoveReason = "limits" | "age" | "deleted" | "purged" | "acked" | "rollup";

/** What a change told: consumers, account usage, trace and timers follow these. */
export type StreamEffect =
  | { readonly kind: "stored"; readonly seq: StreamSeq; readonly subject: string }
  | { readonly kind: "skipped"; readonly seq: StreamSeq; readonly subject: string }
  | {
      readonly kind: "removed";
      readonly seq: StreamSeq;
      readonly subject: string;
      readonly reason: RemoveReason;
    }
  | PurgedEffect
  /** A schedule produced a message, which the leader publishes into the stream. */
  | { readonly kind: "due"; readonly message: InboundMessage }
  /** The last message of a subject expired: the leader stores a marker, whose rollup removes it. */
  | { readonly kind: "marker"; readonly subject: string }
  | { readonly kind: "updated"; readonly before: StreamConfig };

/**
 * A purge is told once, not once a message. Consumers whose filter overlaps `filter` (empty: all)
 * drop what is pending in it and, when whole, jump to the first sequence. `removed` messages went.
 */
export interface PurgedEffect {
  readonly kind: "purged";
  readonly filter: string;
  /** First and last sequence of the stream after the purge. */
  readonly seqFirst: StreamSeq;
  readonly seqLast: StreamSeq;
  readonly removed: number;
  /**
   * The one message that a purge by filter or `keep` removed: where it is pending it is terminated.
   * Source: nats-server `PurgeEx`, which then tells of the message and not of a number.
   */
  readonly only: { readonly seq: StreamSeq; readonly subject: string } | null;
}

/** What became of a proposal. */
export type Proposal =
  /** `counter` is the new value of a counter, for the ack; else null. */
  | { readonly kind: "store"; readonly entry: StoreEntry; readonly counter: string | null }
  | { readonly kind: "duplicate"; readonly seq: StreamSeq }
  | { readonly kind: "refuse"; readonly error: ApiErrorBody };
