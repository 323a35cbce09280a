/** Taking a group up on this server, and letting it go. Source: nats-server `startRaftNode`. */
import { assert, index } from "../../kernel/index.ts";
import {
  createCore,
  createDurable,
  forgetLog,
  type PeerId,
  type RaftDurable,
} from "../../raft/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { GroupFile, GroupOf, RaftGroup } from "./group.ts";
import { stepGroup } from "./step-group.ts";
import { armSnapshot, clearGroupTimers } from "./timers.ts";

export interface NewGroup {
  readonly name: string;
  readonly of: GroupOf;
  /** Names of all members, this server's too. */
  readonly peers: readonly PeerId[];
  readonly storage: "file" | "memory";
  /** `preferred`: chosen to lead a new group first; `campaign`: it forms by itself, soon. */
  readonly bootstrap: "campaign" | "preferred" | "none";
  /** Its data is elsewhere already, as after a restart: an empty log is not that of a new group. */
  readonly recovering: boolean;
  readonly persistsCommit?: boolean;
  /** Where log and state lie; a folder of the group's own when not given. */
  readonly filePath?: string;
  /** The upper layer's state in a new file, which then is kept there; not given: none is. */
  readonly createState?: () => unknown;
}

/**
 * Whether what a group applies just now happened while this member was away. Groups that are made
 * because of it are not new ones: they must not elect somebody whose log is empty.
 * Source: nats-server `setStreamAssignmentCatchup`.
 */
export function isCatchingUp(group: RaftGroup | undefined): boolean {
  return group !== undefined && group.file.applied < group.catchUntil;
}

/** Folder of what a group keeps apart from log and state. */
export function groupFolder(server: ServerState, name: string): string {
  return `${server.jetstream?.storeDir ?? ""}/jetstream/$SYS/_js_/${name}/`;
}

/** Takes up a group with what the disk holds of it, or makes it. */
export function openGroup(server: ServerState, io: ServerIo, made: NewGroup): RaftGroup {
  const { name, storage, peers } = made;
  assert(server.groups !== undefined, `${name} on a server without a cluster`);
  assert(!server.groups.has(name), `${name} is open already`);
  const fresh = createDurable(peers);
  const stablePath = `${groupFolder(server, name)}stable`;
  const stable = io.disk.open(stablePath, () => fresh.stable);
  const makeFile = (): GroupFile => ({
    group: name,
    wal: fresh.wal,
    snapshot: null,
    state: made.createState?.() ?? null,
    applied: index(0),
  });
  const isOnDisk = storage === "file";
  const filePath = isOnDisk ? (made.filePath ?? `${groupFolder(server, name)}log`) : null;
  const file = filePath === null ? makeFile() : io.disk.open(filePath, makeFile);
  // After a power loss the log may be older than what was synced with the last vote.
  stable.snapshot = file.snapshot;
  const durable: RaftDurable = { stable, wal: file.wal };
  if (!isOnDisk) forgetLog(durable);
  const { recovering } = made;
  const options = { now: io.now, recovering, persistsCommit: made.persistsCommit === true };
  const group: RaftGroup = {
    ...made.of,
    name,
    core: createCore(server.name, name, durable, options),
    storage,
    stablePath,
    stable,
    filePath,
    file,
    keepsState: isOnDisk && made.createState !== undefined,
    catchUntil: index(0),
    created: io.now,
    leaderSince: null,
    queue: [],
    electionAt: null,
    electionArmedAt: null,
    logBytes: 0,
    snapshotAt: io.now,
  };
  server.groups.set(name, group);
  io.raft?.restored(group, index(0));
  stepGroup(server, io, group, { kind: "start", now: io.now });
  const preferred = made.bootstrap === "preferred";
  // Who has been in a term before has no first election to win.
  if (made.bootstrap === "campaign" || (preferred && stable.term === 0)) {
    stepGroup(server, io, group, { kind: "campaign", now: io.now, preferred });
  }
  armSnapshot(io, group);
  return group;
}

/** The member ends; with `remove` what it kept goes from the disk too. */
export function closeGroup(
  server: ServerState,
  io: ServerIo,
  group: RaftGroup,
  { remove }: { readonly remove: boolean },
): void {
  server.groups?.delete(group.name);
  group.queue.length = 0;
  clearGroupTimers(io, group);
  if (!remove) return;
  io.disk.remove(group.stablePath);
  if (group.filePath !== null) io.disk.remove(group.filePath);
}
