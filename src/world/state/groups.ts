/** Raft groups across hosts: which members run, who leads, what lies on the disks of the others. */
import { logEnd } from "../../kernel/index.ts";
import { isAnnouncedLeader, type RaftDurable } from "../../raft/index.ts";
import type { GroupFile, RaftGroup } from "../../server/index.ts";
import { type Host, serverHosts } from "../host.ts";
import type { World } from "../world.ts";

/** A member whose server runs. */
export interface LiveMember {
  readonly host: Host;
  readonly group: RaftGroup;
}

/** A member whose server is down: what a start would find. */
export interface DeadMember {
  readonly host: Host;
  readonly file: GroupFile;
}

/** By the group's name, in the order of hosts. */
export function liveGroups(world: World): Map<string, LiveMember[]> {
  const groups = new Map<string, LiveMember[]>();
  for (const host of serverHosts(world)) {
    for (const group of host.server?.groups?.values() ?? []) {
      const members = groups.get(group.name);
      if (members === undefined) groups.set(group.name, [{ host, group }]);
      else members.push({ host, group });
    }
  }
  return groups;
}

/** The running members of one group. */
export function liveMembers(world: World, name: string): LiveMember[] {
  const members: LiveMember[] = [];
  for (const host of serverHosts(world)) {
    const group = host.server?.groups?.get(name);
    if (group !== undefined) members.push({ host, group });
  }
  return members;
}

/**
 * Who acts as leader: of several, cut off from each other, the one of the highest term. Null while
 * nobody has been announced.
 */
export function leadingMember(members: readonly LiveMember[]): LiveMember | null {
  let best: LiveMember | null = null;
  for (const member of members) {
    const { core } = member.group;
    if (!isAnnouncedLeader(core)) continue;
    if (best === null || core.stable.term > best.group.core.stable.term) best = member;
  }
  return best;
}

/** What the disks of servers that are down hold of a group, in the order of hosts. */
export function deadMembers(world: World, name: string): DeadMember[] {
  const members: DeadMember[] = [];
  for (const host of serverHosts(world)) {
    if (host.server !== null) continue;
    for (const { live } of host.disk.files.values()) {
      if (isGroupFile(live) && live.group === name) members.push({ host, file: live });
    }
  }
  return members;
}

/** The logs of all members, those of the dead too: what makes a commit final. */
export function durablesOf(world: World, name: string): RaftDurable[] {
  const running = liveMembers(world, name).map(({ group }) => group.core);
  const dead = deadMembers(world, name).map(({ host, file }) => {
    return { stable: stableOf(host, name), wal: file.wal };
  });
  return [...running, ...dead.flatMap(({ stable, wal }) => (stable ? [{ stable, wal }] : []))];
}

/** What a dead member has synced of terms and votes; null when nothing is there. */
export function stableOf(host: Host, name: string): RaftDurable["stable"] | null {
  for (const { path, live } of host.disk.files.values()) {
    if (path.endsWith(`/${name}/stable`)) return live as RaftDurable["stable"];
  }
  return null;
}

/** The last index of a member's log that a power loss would leave; null for memory storage. */
export function syncedIndex(host: Host, name: string): number | null {
  for (const { synced } of host.disk.files.values()) {
    if (isGroupFile(synced) && synced.group === name) return lastIndexOf(synced);
  }
  return null;
}

export function lastIndexOf({ wal }: GroupFile): number {
  return logEnd(wal.log) - 1;
}

export function isGroupFile(file: object): file is GroupFile {
  return "group" in file && "wal" in file;
}
