/** What a crash takes from the members of Raft groups on a host: noted, and judged later. */
import { logEnd } from "../../kernel/index.ts";
import type { RaftGroup } from "../../server/index.ts";
import { formatDuration } from "../commands/values.ts";
import type { Host } from "../host.ts";
import { qualifiedName } from "../state/account.ts";
import { isGroupFile, lastIndexOf } from "../state/groups.ts";
import type { World } from "../world.ts";
import { raftLedger, streamLedger } from "./ledger.ts";

const crashesKept = 6;

/** A member as it was before the crash. */
interface Member {
  readonly group: RaftGroup;
  readonly last: number;
}

/**
 * Lets a crash happen. Where a member's log is shorter after it, Raft has lost what it stands on:
 * no promise is broken yet, for a quorum may still have it all.
 */
export function auditMembers(world: World, host: Host, crash: () => void): void {
  const before: Member[] = [...(host.server?.groups?.values() ?? [])].map((group) => {
    return { group, last: logEnd(group.core.wal.log) - 1 };
  });
  crash();
  if (before.length === 0) return;
  const after = lastIndexes(host);
  for (const member of before) noteLoss(world, host, member, after.get(member.group.name) ?? 0);
}

function noteLoss(world: World, host: Host, { group, last }: Member, left: number): void {
  if (left >= last) return;
  const { groups } = raftLedger(world.ledger);
  const audited = groups.get(group.name);
  if (audited !== undefined) groups.set(group.name, { ...audited, isForgiven: true });
  if (group.kind !== "stream") return;
  const book = streamLedger(world.ledger, qualifiedName(host, group.account, group.stream));
  const at = formatDuration(world.kernel.now);
  const how =
    group.storage === "memory"
      ? "lost its memory with the process"
      : `lost entries ${left + 1} to ${last}, not synced, with the power`;
  book.crashes = [...(book.crashes ?? []), `${host.name} ${how} at ${at}`].slice(-crashesKept);
}

/** By group, the last entry that the host's disk holds. */
function lastIndexes(host: Host): Map<string, number> {
  const last = new Map<string, number>();
  for (const { live } of host.disk.files.values()) {
    if (isGroupFile(live)) last.set(live.group, lastIndexOf(live));
  }
  return last;
}
