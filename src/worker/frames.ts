/**
 * What the page is told. Flat data that mentions no engine type; this file is where the two meet.
 *
 * Every time is a count of virtual nanoseconds since the world began. Ids are prefixed by their
 * kind, `server:n1`, `client:P`, `stream:ORDERS`, `replica:ORDERS/n2`, `consumer:ORDERS/W`,
 * `message:ORDERS/3`, `group:_meta_`, so that one string names anything that can be selected. Texts marked *rich* carry `**strong**`, `` `code` ``,
 * `_quiet_` and `[words](id)`.
 */
import type {
  ElectionView,
  GroupView,
  RaftRole,
  RaftTableView,
  ReplicaView,
  RouteView,
} from "./frames-cluster.ts";
import type { FeatureView } from "./frames-features.ts";

export type {
  ElectionView,
  GroupView,
  MemberView,
  RaftRole,
  RaftTableView,
  ReplicaView,
  RouteView,
} from "./frames-cluster.ts";
export type {
  CopyView,
  FeatureView,
  GroupMarkView,
  KeyView,
  KvView,
  LaneMarksView,
  LifeView,
  NoteView,
  ObjectRowView,
  ObjectsView,
  SlotMarkView,
  TapeMarksView,
} from "./frames-features.ts";

/** What there is to draw at one moment; all else moves along it or tells of it. */
export interface Topology {
  readonly servers: readonly ServerView[];
  readonly clients: readonly ClientView[];
  readonly streams: readonly StreamView[];
  readonly consumers: readonly ConsumerView[];
  readonly routes: readonly RouteView[];
  readonly groups: readonly GroupView[];
  /** Buckets, copies, priority groups and the like, of worlds that have any. */
  readonly features: readonly FeatureView[];
}

/** One step of the picture: only what changed since the frame before it. */
export interface FramePatch extends Partial<Topology> {
  readonly frame: number;
  readonly at: number;
  /** Forget everything first: another world, or another moment of this one. */
  readonly reset?: boolean;
  readonly run?: RunView;
  readonly session?: SessionView;
  /** All of them that are shown; they change too often to be part of what React draws. */
  readonly elections?: readonly ElectionView[];
  readonly gone?: readonly string[];
  /** Departed since the last frame, or changed their fate. The page drops them when they land. */
  readonly flights?: readonly FlightView[];
  readonly swarm?: SwarmView;
  readonly flows?: readonly FlowView[];
  readonly ledger?: LedgerView;
  readonly marks?: readonly MarkView[];
  readonly timers?: readonly TimerView[];
  readonly trace?: readonly TraceView[];
  readonly terminals?: readonly TerminalView[];
  readonly caption?: CaptionView | null;
  readonly detail?: DetailView | null;
}

export interface RunView {
  readonly playing: boolean;
  readonly speed: Speed;
  /** Virtual nanoseconds that one wall second was worth lately. */
  readonly pace: number;
}

export type Speed = number | "flat-out" | "fit";

export interface SessionView {
  readonly title: string;
  /** Id in the library, or null for a world of one's own. */
  readonly scenario: string | null;
  readonly seed: number;
  /** Id of the branch shown. */
  readonly branch: number;
  readonly branches: readonly BranchView[];
  readonly undo: string | null;
  readonly redo: string | null;
  /** The latest moment that this branch has reached. */
  readonly end: number;
}

export interface BranchView {
  readonly id: number;
  readonly name: string;
  /** Name of the branch that it left, and when; null for the first. */
  readonly parent: string | null;
  readonly forkedAt: number | null;
  /** Its newest moment, to a tenth of a second. */
  readonly end: number;
}

export interface ServerView {
  readonly id: string;
  readonly name: string;
  readonly state: "up" | "down" | "frozen" | "lame-duck" | "off";
  /** In the meta group; null outside of a cluster. */
  readonly role: RaftRole | null;
  readonly term: number | null;
  /** Name of its cluster; empty for a server of its own. */
  readonly cluster: string;
  readonly unsyncedBytes: number;
  readonly unsyncedSince: number | null;
  readonly note: string;
}

export type ClientKind = "publisher" | "worker" | "terminal" | "client";

export interface ClientView {
  readonly id: string;
  readonly name: string;
  readonly kind: ClientKind;
  readonly server: string | null;
  readonly state: "up" | "frozen" | "gone";
  /** What it is, under its chair: `publisher`, `worker`, `terminal`. */
  readonly label: string;
  /** What it does now: `2/s`, `receiving 12`. */
  readonly doing: string;
  /** One way, in nanoseconds; null when it is too short to see. */
  readonly latency: number | null;
  /** Ids of what its cables lead to: a stream, a consumer, or its server. */
  readonly reaches: readonly string[];
}

/**
 * `wet` written, `dry` synced, `open` appended, `gone` deleted, `parked` MaxDeliver was hit, `none`
 * not here (on a replica that has less than others).
 */
export type CellState = "wet" | "dry" | "open" | "gone" | "parked" | "broken" | "none";

/** One slot of a tape; from < to when several are merged. */
export interface CellView {
  readonly from: number;
  readonly to: number;
  readonly state: CellState;
}

export interface StreamView {
  readonly id: string;
  readonly name: string;
  /** Where its leader is; without one, where most of it is. */
  readonly server: string;
  /** Its Raft group, empty for a stream with one replica. */
  readonly group: string;
  /** False while nobody leads it. */
  readonly led: boolean;
  /** One a member; empty for a stream with one replica. */
  readonly replicas: readonly ReplicaView[];
  /** Last sequence that a quorum holds, as far as any live member knows. */
  readonly committed: number;
  readonly subjects: string;
  readonly note: string;
  readonly messages: number;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
  readonly cells: readonly CellView[];
  /** The stream is full and refuses what comes next. */
  readonly full: boolean;
  /** Promises that it made and does not keep. */
  readonly broken: number;
}

export interface SeatView {
  readonly seq: number;
  readonly client: string | null;
  readonly armed: number;
  readonly deadline: number;
  readonly tries: number;
}

export interface ConsumerView {
  readonly id: string;
  readonly name: string;
  readonly stream: string;
  /** Where it is led; without a leader, where its stream is. */
  readonly server: string;
  readonly led: boolean;
  readonly note: string;
  readonly needle: number;
  readonly floor: number;
  /** Sequences above the floor, inside the cells of the tape, that are acked. */
  readonly acked: readonly number[];
  /** Those that end first, at most 64. */
  readonly seats: readonly SeatView[];
  readonly taken: number;
  readonly limit: number;
  readonly waiting: number;
  readonly pulls: number;
  readonly redelivered: number;
  readonly paused: boolean;
}

export type FlightKind =
  | "publish"
  | "puback"
  | "deliver"
  | "ack"
  | "nak"
  | "term"
  | "progress"
  | "refused"
  | "message"
  | "request"
  | "reply"
  | "pull"
  | "status"
  /** Between two servers: Raft's own, and a message on its way through a route. */
  | "append"
  | "appended"
  | "heartbeat"
  | "ask"
  | "vote"
  | "route";

export interface FlightView {
  readonly id: number;
  readonly kind: FlightKind;
  /** A client, or the server `a` of a route. */
  readonly client: string;
  /** The other end of the cable: a stream, a consumer or a server. */
  readonly target: string;
  /** What it is about when the cable does not say so: a stream or a consumer. */
  readonly about?: string;
  readonly inward: boolean;
  readonly seq: number;
  readonly tries: number;
  /** An error code on a refusal, else 0. */
  readonly code: number;
  readonly departs: number;
  readonly arrives: number;
  readonly lost: boolean;
  /** How many messages this mark stands for. */
  readonly count: number;
  readonly headers: boolean;
}

/**
 * Ordinary flights when they are many: rows of eight numbers, in this order: id, route, seq, tries,
 * code, departs, arrives, count. `route` is an index into `routes`, whose entries read
 * `kind|client|target|in` or `...|out`.
 */
export interface SwarmView {
  readonly routes: readonly string[];
  readonly values: Float64Array;
}

/** Too many to draw one by one: a line whose width grows with the rate. */
export interface FlowView {
  readonly client: string;
  readonly target: string;
  readonly inward: boolean;
  readonly rate: number;
}

export interface LedgerView {
  readonly kept: number;
  readonly broken: number;
  readonly doubled: number;
  readonly refused: number;
}

export interface MarkView {
  readonly id: string;
  readonly at: number;
  readonly lane: "yours" | "theirs" | "promises";
  readonly kind:
    | "command"
    | "fault"
    | "stored"
    | "again"
    | "lost"
    | "refused"
    | "broken"
    | "kept"
    /** A server asks for votes or leads; `label` is the term. */
    | "candidate"
    | "leader"
    /** From where a group lost its leader to where it has one again. */
    | "leaderless"
    /** Another branch leaves here. */
    | "branch";
  /** Where a band ends; null for a single moment. A mark sent again replaces itself. */
  readonly until: number | null;
  readonly label: string;
  /** Shown in full beside the mark when there is room. */
  readonly loud: boolean;
}

/** Armed now, rings later: state, not prophecy. */
export interface TimerView {
  readonly id: string;
  readonly at: number;
  readonly label: string;
}

export interface TraceView {
  readonly id: number;
  readonly at: number;
  readonly kind: string;
  /** A mark of the grammar, or an empty string. */
  readonly icon: string;
  /** Rich. */
  readonly text: string;
  readonly about: readonly string[];
  readonly interesting: boolean;
}

export interface TerminalView {
  readonly id: string;
  readonly host: string;
  readonly prompt: string;
  readonly busy: boolean;
  /** A program reads single keys. */
  readonly raw: boolean;
}

export interface CaptionView {
  readonly strong: string;
  readonly rest: string;
}

export interface RowView {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  /** The server's default, when the value is not it. */
  readonly usual: string | null;
}

export interface WhyLineView {
  readonly at: number | null;
  /** Rich. */
  readonly text: string;
  readonly tense: "past" | "now" | "next";
}

export interface MessageRowView {
  readonly seq: number;
  readonly at: number;
  readonly subject: string;
  readonly size: number;
  readonly state: string;
  readonly preview: string;
}

export interface DetailView {
  readonly id: string;
  readonly name: string;
  /** Rich. */
  readonly what: string;
  readonly vitals: readonly {
    readonly label: string;
    readonly value: string;
    readonly of: string;
  }[];
  readonly question: string;
  readonly why: readonly WhyLineView[];
  readonly evidence: string;
  readonly state: readonly RowView[];
  readonly config: readonly RowView[];
  readonly messages: readonly MessageRowView[];
  /** The Raft group of it, a column a member; null for what has none. */
  readonly raft: RaftTableView | null;
  readonly log: readonly TraceView[];
  readonly copies: readonly { readonly label: string; readonly text: string }[];
}
