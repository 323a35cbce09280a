/**
 * The auditor of Raft groups: after each step of each member what Raft promises must hold. What a
 * disk or a memory has lost with entries that were committed cannot be held against Raft: such a
 * group is forgiven all but two leaders of one term.
 */
import { index, logEnd, logFirst } from "../../kernel/index.ts";
import {
  checkAcked,
  checkApplied,
  checkMember,
  createHistory,
  noteRestored,
  pruneHistory,
  type RaftEffect,
  type RaftHistory,
  type RaftViolation,
} from "../../raft/index.ts";
import type { RaftWatch, WatchedGroup } from "../../server/index.ts";
import type { Host } from "../host.ts";
import { recordWorld } from "../record.ts";
import { durablesOf } from "../state/groups.ts";
import type { Doors, World } from "../world.ts";
import { auditLeader } from "./leader-audit.ts";
import { type GroupLedger, raftLedger } from "./ledger.ts";

// Entries that are looked at again are those of the last elections and catch-ups.
const keptEntries = 4_096;

/** Another role, term or leader is worth a look; so is one that is ready or lost its quorum. */
const notableEffects: ReadonlySet<RaftEffect["kind"]> = new Set([
  "role",
  "leadership",
  "quorum-lost",
]);

/** What the servers of a host tell of their groups. Made once for each driver and host. */
export function createRaftWatch(world: World, doors: Doors, host: Host): RaftWatch {
  const report = (group: WatchedGroup, found: RaftViolation | null): void => {
    if (found !== null) bookViolation(world, doors, { group, host, found });
  };
  return {
    get isTraced() {
      return doors.trace !== null;
    },
    stepped(group, out) {
      let elected = false;
      for (const effect of out) {
        if (notableEffects.has(effect.kind)) world.notable++;
        if (effect.kind === "leadership" && effect.isLeader) elected = true;
      }
      if (!world.options.ledger) return;
      const { history } = groupLedger(world, group);
      const disks = (): ReturnType<typeof durablesOf> => durablesOf(world, group.name);
      report(group, checkMember(history, group.core, disks, out));
      prune(history, group);
      if (elected) auditLeader(world, doors, host, group);
    },
    applied(group, at, entry) {
      if (!world.options.ledger) return;
      const { history } = groupLedger(world, group);
      report(group, checkApplied(history, group.core.id, at, entry));
    },
    restored(group, at) {
      if (!world.options.ledger) return;
      noteRestored(groupLedger(world, group).history, group.core.id, at);
    },
    acked(group, at, term) {
      if (!world.options.ledger) return;
      report(group, checkAcked(groupLedger(world, group).history, at, term));
    },
  };
}

function groupLedger(world: World, { name }: WatchedGroup): GroupLedger {
  const { groups } = raftLedger(world.ledger);
  const known = groups.get(name);
  if (known !== undefined) return known;
  const fresh: GroupLedger = { history: createHistory(), isForgiven: false };
  groups.set(name, fresh);
  return fresh;
}

function prune(history: RaftHistory, { core }: WatchedGroup): void {
  const { committed, commits } = history;
  if (logEnd(committed) - logFirst(committed) < 2 * keptEntries) return;
  let before = logEnd(committed) - keptEntries;
  for (const peer of core.stable.peers) before = Math.min(before, commits.get(peer) ?? 0);
  if (before > logFirst(committed)) pruneHistory(history, index(before));
}

interface Violation {
  readonly group: WatchedGroup;
  readonly host: Host;
  readonly found: RaftViolation;
}

function bookViolation(world: World, doors: Doors, { group, host, found }: Violation): void {
  const { isForgiven } = groupLedger(world, group);
  if (isForgiven && found.rule !== "election safety") return;
  const raft = raftLedger(world.ledger);
  raft.violations++;
  const text = `${group.name}: ${found.rule}: ${found.text}`;
  if (raft.breaks.length < breaksKept) raft.breaks.push({ at: world.kernel.now, text });
  world.notable++;
  const { name: subject } = group;
  recordWorld(world, doors.trace, { host: host.name, kind: "broken", subject, detail: text });
}

const breaksKept = 20;
