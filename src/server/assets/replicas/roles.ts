/** Who leads an asset, as this server knows. */
import { isAnnouncedLeader } from "../../../raft/index.ts";
import type { RaftGroup } from "../../groups/group.ts";
import type { ServerState } from "../../state.ts";
import { findStream } from "../stream-lookup.ts";
import { groupOfConsumer, groupOfStream } from "./stream-replica.ts";

export interface ConsumerId {
  readonly account: string;
  readonly stream: string;
  readonly consumer: string;
}

export interface AssetRole {
  /** Announced leader, or the only holder. */
  readonly isLeader: boolean;
  /** "" for nobody that is known. */
  readonly leader: string;
  /** Null for an asset with one replica. */
  readonly group: RaftGroup | null;
}

/** Null when the stream is not on this server. */
export function streamRole(server: ServerState, account: string, stream: string): AssetRole | null {
  const asset = findStream(server, account, stream);
  return asset === null ? null : roleOf(server, groupOfStream(server, asset));
}

/** Null when the consumer is not on this server. */
export function consumerRole(
  server: ServerState,
  { account, stream, consumer }: ConsumerId,
): AssetRole | null {
  const asset = findStream(server, account, stream);
  if (asset === null || !asset.consumers.has(consumer)) return null;
  return roleOf(server, groupOfConsumer(server, asset, consumer));
}

function roleOf(server: ServerState, group: RaftGroup | null): AssetRole {
  if (group === null) return { isLeader: true, leader: server.name, group };
  const { core } = group;
  return { isLeader: isAnnouncedLeader(core), leader: core.leader ?? "", group };
}
