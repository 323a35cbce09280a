/** `/raftz`: this server's members of Raft groups. */
import { formatGoDuration } from "../../jetstream/index.ts";
import {
  formatStoredTime,
  logEnd,
  logFirst,
  minus,
  sortedKeys,
  zeroStoredTime,
} from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import { quorum } from "../../raft/index.ts";
import { peerHash } from "../cluster/peer-name.ts";
import { systemAccountOf } from "../connections/info.ts";
import type { RaftGroup } from "../groups/group.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { Query } from "./monitor-query.ts";

type Fields = Record<string, JsonLike>;

/** By account, then by group. Their traffic is the system account's. Source: `Raftz`. */
export function raftz(server: ServerState, io: ServerIo, query: Query): Fields {
  const system = systemAccountOf(server);
  const account = query.get("acc") ?? "";
  const wanted = query.get("group") ?? "";
  if (account !== "" && account !== system) return {};
  const groups: Fields = {};
  for (const name of sortedKeys(server.groups ?? new Map<string, RaftGroup>())) {
    const group = server.groups?.get(name);
    if (group === undefined || (wanted !== "" && wanted !== name)) continue;
    groups[name] = groupDetail(server, io, group);
  }
  return Object.keys(groups).length === 0 ? {} : { [system]: groups };
}

const states = { follower: "FOLLOWER", candidate: "CANDIDATE", leader: "LEADER" } as const;

/** Source: nats-server `RaftzGroup`. */
function groupDetail(server: ServerState, io: ServerIo, group: RaftGroup): Fields {
  const { core } = group;
  const { leader } = core;
  return {
    id: peerHash(server.name),
    state: states[core.role],
    size: core.stable.peers.length,
    quorum_needed: quorum(core),
    committed: core.commit,
    applied: core.applied,
    catching_up: core.catchup === null ? undefined : true,
    leader: leader === null ? undefined : peerHash(leader),
    leader_since: group.leaderSince === null ? undefined : formatStoredTime(group.leaderSince),
    ever_had_leader: core.hadLeader,
    term: core.stable.term,
    voted_for: core.stable.vote === null ? undefined : peerHash(core.stable.vote),
    pterm: core.lastTerm,
    pindex: core.lastIndex,
    system_account: true,
    traffic_account: systemAccountOf(server),
    ipq_proposal_len: 0,
    ipq_entry_len: 0,
    ipq_resp_len: 0,
    ipq_apply_len: 0,
    wal: walDetail(group),
    peers: peerDetails(io, group),
  };
}

function walDetail({ core, logBytes }: RaftGroup): Fields {
  const { log } = core.wal;
  const [first, end] = [logFirst(log), logEnd(log)];
  const none = formatStoredTime(zeroStoredTime);
  return {
    messages: end - first,
    bytes: logBytes,
    first_seq: first,
    first_ts: none,
    last_seq: end - 1,
    last_ts: none,
    consumer_count: 0,
  };
}

function peerDetails(io: ServerIo, { core }: RaftGroup): Fields {
  const peers: Fields = {};
  for (const [name, { heardAt, match }] of core.progress) {
    peers[peerHash(name)] = {
      name,
      known: true,
      last_replicated_index: match === 0 ? undefined : match,
      last_seen: heardAt === null ? undefined : formatGoDuration(minus(io.now, heardAt)),
    };
  }
  return peers;
}
