/** What a server of a cluster knows beside its own assets: all assignments, and its peers. */
import type { DurationNanos, VirtualNanos } from "../../kernel/index.ts";
import type { ServerState } from "../state.ts";
import type {
  ConsumerAssignment,
  ConsumerSpec,
  StreamAssignment,
  StreamSpec,
} from "./assignments.ts";
import type { InflightStream } from "./meta/inflight.ts";
import type { AccountUsage, PeerFacts } from "./peer-facts.ts";
import type { InfoRequest } from "./peer-messages.ts";
import type { DelayedReply } from "./requests/delayed-replies.ts";
import type { Gathering } from "./requests/gather.ts";

/** The name of the group that all servers with JetStream belong to. */
export const metaGroup = "_meta_";

/** In memory only: the meta group's log and snapshot bring it back. */
export interface ClusterState {
  /** Committed assignments, by account and stream. */
  readonly accounts: Map<string, Map<string, StreamAssignment>>;
  /** What the log held when this process started is being applied. */
  recovering: boolean;
  /** This server is the announced leader of the meta group. */
  isLeader: boolean;
  term: number;
  /** The meta leader's proposals that have not been applied, by `account stream`. */
  readonly inflight: Map<string, InflightStream>;
  /** Every server that was heard of, this one too, by name. */
  readonly peers: Map<string, PeerFacts>;
  /** This server's use of its accounts, as it was told last. */
  usageTold: readonly AccountUsage[];
  /** The pause before this server's next statistics. */
  statsEvery: DurationNanos;
  /** Lists that the meta leader is collecting, by number. */
  readonly gatherings: Map<number, Gathering>;
  lastGathering: number;
  /** Answers that wait, by number, to give a leader the time to be first. */
  readonly delayed: Map<number, DelayedReply>;
  /** Requests for information that this server answers if no leader does, by number. */
  readonly polite: Map<number, InfoRequest>;
  lastDelayed: number;
  /** When the last QUORUM_LOST of an asset was told, by the name of its group. */
  readonly quorumLostAt: Map<string, VirtualNanos>;
}

export function createClusterState(statsEvery: DurationNanos): ClusterState {
  return {
    accounts: new Map(),
    recovering: true,
    isLeader: false,
    term: 0,
    inflight: new Map(),
    peers: new Map(),
    usageTold: [],
    statsEvery,
    gatherings: new Map(),
    lastGathering: 0,
    delayed: new Map(),
    polite: new Map(),
    lastDelayed: 0,
    quorumLostAt: new Map(),
  };
}

/** Null outside of a cluster, and while JetStream is off. */
export function clusterOf(server: ServerState): ClusterState | null {
  return server.jetstream?.cluster ?? null;
}

/** The committed assignment of a stream. */
export function findAssignment(
  cluster: ClusterState,
  account: string,
  stream: string,
): StreamAssignment | null {
  return cluster.accounts.get(account)?.get(stream) ?? null;
}

export function findConsumerAssignment(
  cluster: ClusterState,
  account: string,
  stream: string,
  consumer: string,
): ConsumerAssignment | null {
  return findAssignment(cluster, account, stream)?.consumers.get(consumer) ?? null;
}

/** Puts an assignment in place of the one of the same name; what it said of itself stays. */
export function putStream(cluster: ClusterState, spec: StreamSpec): StreamAssignment {
  const { account, config } = spec;
  const streams = cluster.accounts.get(account) ?? new Map<string, StreamAssignment>();
  cluster.accounts.set(account, streams);
  const present = streams.get(config.name);
  if (present !== undefined) {
    present.spec = spec;
    return present;
  }
  const assignment: StreamAssignment = {
    account,
    name: config.name,
    spec,
    consumers: new Map(),
    responded: false,
    failed: false,
  };
  streams.set(config.name, assignment);
  return assignment;
}

export function dropStream(cluster: ClusterState, account: string, stream: string): void {
  const streams = cluster.accounts.get(account);
  streams?.delete(stream);
  if (streams?.size === 0) cluster.accounts.delete(account);
}

/** As `putStream`; null when the stream is not assigned. */
export function putConsumer(cluster: ClusterState, spec: ConsumerSpec): ConsumerAssignment | null {
  const { account, stream, name } = spec;
  const parent = findAssignment(cluster, account, stream);
  if (parent === null) return null;
  const present = parent.consumers.get(name);
  if (present !== undefined) {
    present.spec = spec;
    return present;
  }
  const assignment = { account, stream, name, spec, responded: false, failed: false };
  parent.consumers.set(name, assignment);
  return assignment;
}

/** Whether this server holds the asset of a group. */
export function isMember(server: ServerState, group: { readonly peers: readonly string[] }) {
  return group.peers.includes(server.name);
}
