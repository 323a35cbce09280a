/** The streams of a world, wherever they are, by the names that the state object uses. */
import type { RaftGroup, StreamAsset } from "../../server/index.ts";
import { type Host, serverHosts } from "../host.ts";
import type { World } from "../world.ts";
import { qualifiedName } from "./account.ts";
import { leadingMember } from "./groups.ts";

/** A stream on one running server. */
export interface Replica {
  readonly name: string;
  readonly host: Host;
  readonly asset: StreamAsset;
  /** Null for a stream with one replica. */
  readonly group: RaftGroup | null;
}

/** A stream as its leader has it; without a leader, as its most advanced running replica has it. */
export interface FoundStream extends Replica {
  /** "" for none. */
  readonly leader: string;
  readonly replicas: readonly Replica[];
}

/** Every stream of which a replica runs, in the order of servers, accounts and streams. */
export function findStreams(world: World): FoundStream[] {
  const byName = new Map<string, Replica[]>();
  for (const replica of findReplicas(world)) {
    const known = byName.get(replica.name);
    if (known === undefined) byName.set(replica.name, [replica]);
    else known.push(replica);
  }
  return [...byName.values()].map(viewOf);
}

/** One stream by its name. */
export function findStream(world: World, name: string): FoundStream | null {
  return findStreams(world).find((one) => one.name === name) ?? null;
}

function findReplicas(world: World): Replica[] {
  const found: Replica[] = [];
  for (const host of serverHosts(world)) {
    const groups = streamGroups(host);
    for (const account of host.server?.jetstream?.accounts.values() ?? []) {
      for (const asset of account.streams.values()) {
        const group = groups.get(`${account.name} ${asset.name}`) ?? null;
        found.push({ name: qualifiedName(host, account.name, asset.name), host, asset, group });
      }
    }
  }
  return found;
}

function streamGroups({ server }: Host): Map<string, RaftGroup> {
  const groups = new Map<string, RaftGroup>();
  for (const group of server?.groups?.values() ?? []) {
    if (group.kind === "stream") groups.set(`${group.account} ${group.stream}`, group);
  }
  return groups;
}

function viewOf(replicas: readonly Replica[]): FoundStream {
  const alone = replicas.find((one) => one.group === null);
  if (alone !== undefined) return { ...alone, leader: alone.host.name, replicas };
  const members = replicas.flatMap(({ host, group }) => (group === null ? [] : [{ host, group }]));
  const leading = leadingMember(members);
  const led = replicas.find(({ group }) => group !== null && group === leading?.group);
  const best = led ?? replicas.reduce((one, other) => (reach(other) > reach(one) ? other : one));
  return { ...best, leader: led?.host.name ?? "", replicas };
}

function reach({ asset }: Replica): number {
  return asset.state.store.seqLast;
}
