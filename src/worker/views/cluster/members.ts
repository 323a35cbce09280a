/** Members of Raft groups, server by server, and what each believes of its group. Read only. */
import { type PeerId, quorum, type RaftCore } from "../../../raft/index.ts";
import type { RaftGroup } from "../../../server/index.ts";
import { type Host, qualifiedName, serverHosts, type World } from "../../../world/index.ts";
import type { ElectionView, GroupView, MemberView } from "../../frames.ts";
import { consumerId, groupId, serverId, streamId } from "../names.ts";

/** A member as its server runs it. */
export type Member = RaftGroup;

/** What a group replicates; names that its kind does not have are "". */
export type GroupAsset = Pick<RaftGroup, "kind" | "account" | "stream" | "consumer">;

export interface Group extends GroupAsset {
  readonly name: string;
  /** Its stream as pictures have it, with the account in front when that is not the main one. */
  readonly label: string;
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
  const groups = new Map<string, Group & { readonly running: Map<string, Member> }>();
  for (const host of serverHosts(world)) {
    for (const member of membersOf(host).values()) {
      const known = groups.get(member.name);
      if (known !== undefined) {
        known.running.set(host.name, member);
        continue;
      }
      const { name, kind, account, stream, consumer, core } = member;
      const running = new Map([[host.name, member]]);
      const { peers } = core.stable;
      const label = qualifiedName(host, account, stream);
      groups.set(name, { name, label, kind, account, stream, consumer, running, peers });
    }
  }
  return [...groups.values()].map((group) => ({ ...group, peers: peersOf(group) }));
}

/** As the member with the newest term knows them: a lagging one may know an older set. */
function peersOf({ running, peers }: Group): readonly PeerId[] {
  let newest = -1;
  let known = peers;
  for (const { core } of running.values()) {
    if (core.stable.term <= newest) continue;
    newest = core.stable.term;
    known = core.stable.peers;
  }
  return known;
}

/** A leader that heard from no quorum for so long cannot have committed anything meanwhile. */
const silenceNanos = 2.5e9;

/** The server that leads and can commit; null while there is none. */
export function leaderOf(group: Group, now: number): string | null {
  let leader: string | null = null;
  let newest = -1;
  for (const [name, { core }] of group.running) {
    if (core.role !== "leader" || core.stable.term <= newest || !hearsQuorum(core, now)) continue;
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
    asset: assetOf(group),
    leader: leader === null ? null : serverId(leader),
    members: [...group.peers]
      .sort()
      .map((peer) => viewMember(peer, group.running.get(peer), leader)),
  };
}

function assetOf({ kind, label, consumer }: Group): string {
  if (kind === "meta") return "";
  return kind === "stream" ? streamId(label) : consumerId(label, consumer);
}

function viewMember(peer: string, member: Member | undefined, leader: string | null): MemberView {
  const server = serverId(peer);
  if (member === undefined) return { server, state: "down", term: 0, votes: [], needs: 0 };
  const { core } = member;
  const isStale = core.role === "leader" && peer !== leader;
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
