/** What a stream has beside its state when it is replicated. */
import {
  createInflight,
  createStaged,
  type Inflight,
  type StoreEntry,
  type StreamEntry,
  type StreamState,
} from "../../../jetstream/index.ts";
import type { RaftGroup } from "../../groups/group.ts";
import type { ServerState } from "../../state.ts";
import type { StreamAsset } from "../jetstream-state.ts";

export interface StreamReplica {
  /** Name of its Raft group. */
  readonly group: string;
  /** This member acts as the leader: it listens, checks, proposes and answers. */
  leads: boolean;
  /** Proposed and not applied; null while there is nothing. */
  inflight: Inflight | null;
  /** Raft groups of its replicated consumers, by consumer. */
  readonly consumerGroups: Map<string, string>;
}

/** An entry of a stream's log: the data of one proposal. A value. */
export type StreamProposal =
  | MessageProposal
  | {
      readonly kind: "batch";
      readonly entries: readonly StoreEntry[];
      readonly id: string;
      readonly reply: string | null;
    }
  /** Anything else that changes the stream; `request` is who is told when it is done. */
  | { readonly kind: "change"; readonly entry: StreamEntry; readonly request: unknown }
  /** All that came out of a backup: the others have an empty stream until now. */
  | { readonly kind: "restored"; readonly stream: StreamState }
  /** A mirror uses up the numbers up to this one. */
  | { readonly kind: "skip-to"; readonly seq: number };

export interface MessageProposal {
  readonly kind: "message";
  readonly entry: StoreEntry;
  readonly reply: string | null;
  /** The new value of a counter, for the ack. */
  readonly counter: string | null;
  /** `Nats-Expected-Last-Msg-Id`, which can only be checked when it is applied; "" for none. */
  readonly expectedId: string;
  /** Part of a fast batch. */
  readonly isFast: boolean;
}

export function createReplica(group: string): StreamReplica {
  return { group, leads: false, inflight: null, consumerGroups: new Map() };
}

/** Whether this server decides for the stream: it leads its group, or there is none. */
export function leadsStream(asset: StreamAsset): boolean {
  return asset.replica?.leads !== false;
}

export function groupOfStream(server: ServerState, asset: StreamAsset): RaftGroup | null {
  const { replica } = asset;
  return replica === undefined ? null : (server.groups?.get(replica.group) ?? null);
}

/** Null for a consumer with one replica. */
export function groupOfConsumer(
  server: ServerState,
  asset: StreamAsset,
  consumer: string,
): RaftGroup | null {
  const name = asset.replica?.consumerGroups.get(consumer);
  return name === undefined ? null : (server.groups?.get(name) ?? null);
}

/** What is to be stored together is checked in this, behind what was proposed before. */
export function stagedOf(asset: StreamAsset): ReturnType<typeof createStaged> {
  const { replica, state } = asset;
  if (replica === undefined) return createStaged(state);
  replica.inflight ??= createInflight(state);
  return createStaged(state, replica.inflight);
}
