/** What members of a group say to each other, and what they keep in their logs. Values all. */
import type { Index, Term } from "../kernel/index.ts";

/** Eight characters, the hash of a server's name, in nats-server; here any name. */
export type PeerId = string;

/** One thing that a leader puts into the log. */
export type Proposal =
  | { readonly kind: "normal"; readonly data: unknown }
  /** The members, as the new leader sees them: the entry that opens each term. */
  | { readonly kind: "peer-state"; readonly peers: readonly PeerId[] }
  /** Tells one member to campaign now; it is stored like any other. */
  | { readonly kind: "leader-transfer"; readonly to: PeerId };

/** What is stored at one index: a batch of proposals. */
export interface RaftEntry {
  readonly term: Term;
  /** The leader's commit when it was made: a restart recovers it. */
  readonly commit: Index;
  readonly proposals: readonly Proposal[];
  /** What the proposals would take on the wire and on disk. */
  readonly bytes: number;
}

/** The state up to an index, in place of the entries up to there. */
export interface RaftSnapshot {
  readonly lastTerm: Term;
  readonly lastIndex: Index;
  readonly peers: readonly PeerId[];
  readonly data: unknown;
  readonly bytes: number;
}

export interface VoteRequest {
  readonly kind: "vote-request";
  readonly term: Term;
  readonly lastTerm: Term;
  readonly lastIndex: Index;
  readonly candidate: PeerId;
}

export interface VoteResponse {
  readonly kind: "vote-response";
  readonly term: Term;
  readonly peer: PeerId;
  readonly granted: boolean;
  /** The voter's log holds nothing: such votes are counted apart. */
  readonly empty: boolean;
}

export interface AppendEntry {
  readonly kind: "append-entry";
  readonly leader: PeerId;
  /** The leader's term; in a catch-up that of the entry may be older (`lterm` and `term`). */
  readonly term: Term;
  readonly commit: Index;
  /** `pterm`, `pindex`: what stands before the entry. */
  readonly prevTerm: Term;
  readonly prevIndex: Index;
  /** Null in a heartbeat and with a snapshot. */
  readonly entry: RaftEntry | null;
  /** The catch-up request that this answers; null for what goes to everybody. */
  readonly catchup: number | null;
  /** Only in a catch-up: the entries up to `prevIndex` are gone, this stands for them. */
  readonly snapshot: RaftSnapshot | null;
}

export interface AppendResponse {
  readonly kind: "append-response";
  readonly peer: PeerId;
  /** On success and in catch-up requests the term of the last entry, else the member's term. */
  readonly term: Term;
  readonly index: Index;
  readonly success: boolean;
  /** Without success a request to be caught up from `index` on, else the catch-up confirmed. */
  readonly catchup: number | null;
}

export type RaftMessage = VoteRequest | VoteResponse | AppendEntry | AppendResponse;

/** Bytes of an append entry without its proposals (`appendEntryBaseLen`, and the leader's term). */
const appendEntryBytes = 44;
const voteRequestBytes = 32;
const voteResponseBytes = 17;
const appendResponseBytes = 25;

/** How long a message would be on the wire. Source: the encoders of `server/raft.go`. */
export function messageBytes(message: RaftMessage): number {
  switch (message.kind) {
    case "vote-request":
      return voteRequestBytes;
    case "vote-response":
      return voteResponseBytes;
    case "append-response":
      return appendResponseBytes;
    default:
      return (
        appendEntryBytes +
        (message.entry === null ? 0 : message.entry.bytes) +
        (message.snapshot === null ? 0 : message.snapshot.bytes)
      );
  }
}

/** What an entry takes in the log: nats-server stores the message that brought it. */
export function entryBytes(entry: RaftEntry): number {
  return appendEntryBytes + entry.bytes;
}
