/** `meta` and `raft`: the groups of a world, members that are down included. */
import type { RaftStable } from "../../raft/index.ts";
import type { RaftGroup } from "../../server/index.ts";
import { type Host, serverHosts } from "../host.ts";
import type { World } from "../world.ts";
import { qualifiedName } from "./account.ts";
import {
  deadMembers,
  lastIndexOf,
  leadingMember,
  liveGroups,
  liveMembers,
  stableOf,
  syncedIndex,
} from "./groups.ts";
import { lazyBy, type StateObject } from "./lazy.ts";

const metaGroup = "_meta_";

/** `meta`: who leads, the highest term that a running member knows, and the members. */
export function metaSection(world: World): StateObject {
  const members = liveMembers(world, metaGroup);
  const leader = leadingMember(members)?.host.name ?? "";
  let term = 0;
  const names = new Set<string>();
  for (const { group } of members) {
    term = Math.max(term, group.core.stable.term);
    for (const peer of group.core.stable.peers) names.add(peer);
  }
  const peers: Record<string, unknown> = {};
  for (const { name, up } of serverHosts(world)) {
    if (names.has(name)) peers[name] = { up, leader: name === leader };
  }
  return { leader, term, peers };
}

/** `raft`: by group, what it is of and how far each member is. */
export function raftSection(world: World): StateObject {
  const groups = [...liveGroups(world)].map(([name, members]) => ({ name, members }));
  return lazyBy(
    groups,
    ({ name }) => name,
    ({ name, members }) => {
      const [first] = members;
      const views: Record<string, unknown> = {};
      for (const host of serverHosts(world)) {
        const view = memberView(world, host, name);
        if (view !== null) views[host.name] = view;
      }
      return {
        asset: first === undefined ? "" : assetName(first.host, first.group),
        members: views,
      };
    },
  );
}

/** `ORDERS`, `ORDERS/order-processor`, or `_meta_`. */
function assetName(host: Host, { kind, account, stream, consumer }: RaftGroup): string {
  if (kind === "meta") return metaGroup;
  const name = qualifiedName(host, account, stream);
  return kind === "stream" ? name : `${name}/${consumer}`;
}

function memberView(world: World, host: Host, name: string): StateObject | null {
  const group = host.server?.groups?.get(name);
  if (group === undefined) return deadView(world, host, name);
  const { core } = group;
  return {
    role: core.role,
    term: core.stable.term,
    commit: core.commit,
    applied: core.applied,
    last: core.lastIndex,
    synced: syncedIndex(host, name) ?? 0,
    vote: core.stable.vote ?? "",
  };
}

/** Of a member whose server is down: what its disk holds, the newest that it knew as committed. */
function deadView(world: World, host: Host, name: string): StateObject | null {
  const member = deadMembers(world, name).find((one) => one.host === host);
  if (member === undefined) return null;
  const stable: RaftStable | null = stableOf(host, name);
  const { file } = member;
  return {
    role: "down",
    term: stable?.term ?? 0,
    commit: file.wal.commit,
    applied: file.applied,
    last: lastIndexOf(file),
    synced: syncedIndex(host, name) ?? 0,
    vote: stable?.vote ?? "",
  };
}
