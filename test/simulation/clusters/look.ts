/** Looks into the clusters of a world, without a trace. */
import type { StreamState } from "../../../src/jetstream/index.ts";
import { millis, type VirtualNanos, virtualAt } from "../../../src/kernel/index.ts";
import { isAnnouncedLeader } from "../../../src/raft/index.ts";
import type { Session } from "../../../src/scenario/index.ts";
import type { RaftGroup } from "../../../src/server/index.ts";
import { serverHosts, stateObject, type World } from "../../../src/world/index.ts";

/** The account of promises. */
interface LedgerView {
  readonly made: number;
  readonly broken: number;
  readonly doubled: number;
  readonly raft_violations: number;
  readonly raft_breaks: readonly { readonly text: string }[];
  readonly breaks: readonly {
    readonly stream: string;
    readonly seq: number;
    readonly why: string;
  }[];
}

export function ledgerOf(world: World): LedgerView {
  return stateObject(world).ledger as LedgerView;
}

/** A member of a group, on the server where it runs. */
export interface Member {
  readonly host: string;
  readonly group: RaftGroup;
  /** Of a stream's group: its copy. */
  readonly stream: StreamState | null;
}

/** The running members of the group of a stream; of the meta group for "". */
export function membersOf(world: World, stream: string): Member[] {
  const members: Member[] = [];
  for (const { name: host, server } of serverHosts(world)) {
    for (const group of server?.groups?.values() ?? []) {
      const isIt = stream === "" ? group.kind === "meta" : group.kind === "stream";
      if (!isIt || group.stream !== stream) continue;
      const account = server?.jetstream?.accounts.get(group.account);
      members.push({ host, group, stream: account?.streams.get(stream)?.state ?? null });
    }
  }
  return members;
}

export function leadersOf(world: World, stream: string): Member[] {
  return membersOf(world, stream).filter(({ group }) => isAnnouncedLeader(group.core));
}

/** When a leader was announced; null for one that is none. */
export function leadsSince({ group }: Member): VirtualNanos | null {
  return group.leaderSince === null ? null : virtualAt(group.leaderSince);
}

export function ms(nanos: number): number {
  return nanos / millis(1);
}

export function failuresOf(session: Session): string[] {
  return session.world.failures.map(({ at, line, value }) => `${at / 1e9}s ${line}: ${value}`);
}
