/** What the page is told of clusters: routes, Raft groups, copies of streams. Part of `frames.ts`. */
import type { CellView } from "./frames.ts";

export type RaftRole = "leader" | "follower" | "candidate";

/** Two servers of a cluster and what lies between them; `a` comes before `b` by name. */
export interface RouteView {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  readonly state: "open" | "closed";
  /** `to`: what flows towards `a` is lost; `from`: what `a` sends. */
  readonly cut: "no" | "both" | "to" | "from";
  /** One way, in nanoseconds; null when it is too short to see. */
  readonly latency: number | null;
}

/** A Raft group as the canvas shows it; the inspector tells more. */
export interface GroupView {
  readonly id: string;
  readonly name: string;
  /** `stream:ORDERS`, `consumer:ORDERS/W`; empty for the meta group. */
  readonly asset: string;
  /** A server that leads and can commit; null while there is none. */
  readonly leader: string | null;
  readonly members: readonly MemberView[];
}

export interface MemberView {
  readonly server: string;
  /** `stale` believes that it leads and cannot commit. */
  readonly state: RaftRole | "stale" | "down";
  readonly term: number;
  /** Servers that voted for it, itself included; empty unless it is a candidate. */
  readonly votes: readonly string[];
  readonly needs: number;
}

/** An election timer that runs. */
export interface ElectionView {
  readonly group: string;
  readonly server: string;
  /** When it ends unless something is heard. */
  readonly at: number;
}

/** A copy of a stream on one server. */
export interface ReplicaView {
  readonly id: string;
  readonly server: string;
  readonly up: boolean;
  /** On the ruler of its stream: as many as the stream itself has. */
  readonly cells: readonly CellView[];
  /** Last sequence in its log, known to be committed, applied, and synced to its disk. */
  readonly last: number;
  readonly committed: number;
  readonly applied: number;
  readonly synced: number;
}

/** A Raft group member by member: rows of texts, in the order of `members`. */
export interface RaftTableView {
  readonly group: string;
  readonly members: readonly string[];
  readonly rows: readonly { readonly label: string; readonly values: readonly string[] }[];
}
