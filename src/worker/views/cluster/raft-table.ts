/** A Raft group member by member, for the inspector: what each has, and what it believes. */
import { logEnd, type VirtualNanos } from "../../../kernel/index.ts";
import { peerViews } from "../../../raft/index.ts";
import type { GroupFile } from "../../../server/index.ts";
import type { World } from "../../../world/index.ts";
import type { RaftTableView } from "../../frames.ts";
import { type Group, leaderOf, type Member } from "./members.ts";

interface Column {
  readonly host: string;
  readonly member: Member | null;
}

type Cell = (member: Member, host: string) => string;

export function viewRaftTable(world: World, group: Group): RaftTableView {
  const { now } = world.kernel;
  const leader = leaderOf(group, now);
  const columns: Column[] = [...group.peers].sort().map((host) => {
    return { host, member: group.running.get(host) ?? null };
  });
  const row = (label: string, cell: Cell) => ({
    label,
    values: columns.map(({ host, member }) => (member === null ? "–" : cell(member, host))),
  });
  const led = leader === null ? undefined : group.running.get(leader);
  return {
    group: group.name,
    members: columns.map(({ host }) => host),
    rows: [
      row("role", (member, host) => roleText(member, host === leader)),
      row("term", ({ core }) => String(core.stable.term)),
      row("voted for", ({ core }) => core.stable.vote ?? "nobody"),
      row("last entry", ({ core }) => String(core.lastIndex)),
      row("commit", ({ core }) => String(core.commit)),
      row("applied", ({ core }) => String(core.applied)),
      row("synced", (member, host) => String(syncedEntry(world, member, host))),
      row("leader has it at", (_, host) => matchText(led, host)),
      row("heard of leader", ({ core }) => heardText(core.leader, core, now)),
      row("timer ends in", ({ electionAt }) => leftText(electionAt, now)),
    ],
  };
}

function roleText({ core }: Member, isLeader: boolean): string {
  if (core.role !== "leader") return core.role;
  return isLeader ? "leader" : "stale leader";
}

/** The last entry that a power loss would leave. */
function syncedEntry(world: World, { filePath, core }: Member, host: string): number {
  const file = filePath === null ? undefined : world.hosts.get(host)?.disk.files.get(filePath);
  if (file === undefined) return 0;
  if (!file.dirty) return core.lastIndex;
  return logEnd((file.synced as GroupFile).wal.log) - 1;
}

/** How far the leader knows a member to be. */
function matchText(leader: Member | undefined, host: string): string {
  if (leader === undefined) return "–";
  if (leader.core.id === host) return String(leader.core.lastIndex);
  return String(leader.core.progress.get(host)?.match ?? 0);
}

function heardText(leader: string | null, core: Member["core"], now: VirtualNanos): string {
  if (leader === null) return "never";
  if (leader === core.id) return "itself";
  const heardAt = peerViews(core, now).find((peer) => peer.id === leader)?.heardAt ?? null;
  return heardAt === null ? "never" : `${secondsText(now - heardAt)} ago`;
}

function leftText(at: number | null, now: number): string {
  return at === null ? "–" : secondsText(Math.max(0, at - now));
}

export function secondsText(nanos: number): string {
  return `${(Math.floor(nanos / 1e7) / 100).toFixed(2)} s`;
}
