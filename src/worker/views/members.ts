/** Members of Raft groups, server by server, and what each believes of its group. Read only. */
import { isAnnouncedLeader, type PeerId, quorum, type RaftCore } from "../../raft/index.ts";
import type { RaftGroup } from "../../server/index.ts";
import { type Host, serverHosts, type World } from "../../world/index.ts";
import type { ElectionView, GroupView, MemberView } from "../frames.ts";
import { consumerId, groupId, serverId, streamId } from "./names.ts";

/** A member as its server runs it. */
export type Member = RaftGroup;

export interface Group {
  readonly name: string;
  /** Any member's word on what the group is. */
  readonly sample: Member;
  /** Members that run, by server. */
  readonly running: ReadonlyMap<string, Member>;
  /** Names of all servers that belong to it. */
  readonly peers: readonly string[];
}

const nobody: ReadonlyMap<string, Member> = new Map();

/** The members that a server runs now; none outside of a cluster. */
export function membersOf(host: Host): ReadonlyMap<string, Member> {
  return host.server?.groups ?? nobody;
}

/** Every group that some server runs a member of, the meta group first. */
export function allGroups(world: World): Group[] {
  const groups = new Map<string, { sample: Member; running: Map<string, Member> }>();
  for (const host of serverHosts(world)) {
    for (const member of membersOf(host).values()) {
      const known = groups.get(member.name);
      if (known === undefined) {
        groups.set(member.name, { sample: member, running: new Map([[host.name, member]]) });
      } else known.running.set(host.name, member);
    }
  }
  return [...groups].map(([name, { sample, running }]) => {
    return { name, sample, running, peers: peersOf(sample, running) };
  });
}

/** As the member with the newest term knows them: a lagging one may know an older set. */
function peersOf(sample: Member, running: ReadonlyMap<string, Member>): readonly PeerId[] {
  let newest = sample;
  for (const member of running.values()) {
    if (member.core.stable.term > newest.core.stable.term) newest = member;
  }
  return newest.core.stable.peers;
}

/** A leader that heard from no quorum for so long cannot have committed anything meanwhile. */
const silenceNanos = 2.5e9;

/** The server that leads and can commit; null while there is none. */
export function leaderOf(group: Group, now: number): string | null {
  let leader: string | null = null;
  let newest = -1;
  for (const [name, { core }] of group.running) {
    if (!isAnnouncedLeader(core) || core.stable.term <= newest || !hearsQuorum(core, now)) continue;
    leader = name;
    newest = core.stable.term;
  }
  return leader;
}

function hearsQuorum(core: RaftCore, now: number): boolean {
  let heard = 1;
  for (const { heardAt } of core.progress.values()) {
    if (heardAt !== null && now - heardAt < silenceNanos) heard += 1;
  }
  return heard >= quorum(core);
}

export function viewGroup(group: Group, now: number): GroupView {
  const leader = leaderOf(group, now);
  return {
    id: groupId(group.name),
    name: group.name,
    asset: assetOf(group.sample),
    leader: leader === null ? null : serverId(leader),
    members: group.peers.map((peer) => viewMember(peer, group.running.get(peer), leader)),
  };
}

function assetOf({ kind, stream, consumer }: Member): string {
  if (kind === "meta") return "";
  return kind === "stream" ? streamId(stream) : consumerId(stream, consumer);
}

function viewMember(peer: string, member: Member | undefined, leader: string | null): MemberView {
  const server = serverId(peer);
  if (member === undefined) return { server, state: "down", term: 0, votes: [], needs: 0 };
  const { core } = member;
  const isStale = isAnnouncedLeader(core) && peer !== leader;
  const state = isStale ? "stale" : core.role;
  const votes = core.role === "candidate" ? [...core.votes].map(serverId) : [];
  return { server, state, term: core.stable.term, votes, needs: quorum(core) };
}

/** The election timers of these groups. */
export function viewElections(groups: readonly Group[]): ElectionView[] {
  const elections: ElectionView[] = [];
  for (const { name, running } of groups) {
    for (const [server, { electionAt }] of running) {
      if (electionAt === null) continue;
      elections.push({ group: groupId(name), server: serverId(server), at: electionAt });
    }
  }
  return elections;
}
