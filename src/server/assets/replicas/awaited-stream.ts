/**
 * A stream of a cluster that comes out of a backup. Its first leader, or only holder, has no such
 * stream until the first chunk came; the other members have an empty one, and are told what is in
 * it when all has come.
 * Source: nats-server `processClusterCreateStream`, `monitorStream` (`isRestore`).
 */
import { createStream, type StreamState } from "../../../jetstream/index.ts";
import type { StoredTime } from "../../../kernel/index.ts";
import { isAnnouncedLeader } from "../../../raft/index.ts";
import {
  type AssignedRestore,
  addRestore,
  type BackupRequest,
  backupsOf,
  backupTimerName,
  type Restore,
} from "../../backups/backup-state.ts";
import type { StreamSpec } from "../../cluster/assignments.ts";
import { wantBackupParts } from "../../doors/backup-door.ts";
import { closeGroup } from "../../groups/open.ts";
import { unsubscribeInternal } from "../../interest/subscribe.ts";
import type { ServerIo } from "../../io.ts";
import type { ServerState } from "../../state.ts";
import type { JetStreamAccount, StreamAsset } from "../jetstream-state.ts";
import { placeStream } from "../stream-asset.ts";
import { openStreamGroup } from "./stream-members.ts";
import { createReplica } from "./stream-replica.ts";

/** Opens the stream's group, if there is one, and waits for the backup. */
export function awaitStream(
  server: ServerState,
  io: ServerIo,
  spec: StreamSpec,
  request: BackupRequest,
): void {
  const js = server.jetstream;
  if (js === null) return;
  const { config, created, group } = spec;
  const isAlone = group.peers.length === 1;
  const assigned: AssignedRestore = {
    created,
    group: isAlone ? null : group.name,
    isPlaced: false,
  };
  const restore = addRestore(backupsOf(js), { request, config, assigned }, io.wall);
  if (isAlone) begin(io, restore);
  else openStreamGroup(server, io, { spec, recovering: false });
}

/** The group has a leader: when it is this member, the backup may come. */
export function onAwaitedLead(
  server: ServerState,
  io: ServerIo,
  group: string,
  isLeader: boolean,
): void {
  const restore = restoreWhere(server, ({ assigned }) => assigned?.group === group);
  if (isLeader && restore?.phase === "asked") begin(io, restore);
}

/** The stream, which hears nothing yet; `created` is when the backup began to come. */
export function placeAwaited(
  server: ServerState,
  account: JetStreamAccount,
  { config }: Restore,
  { created, group: name }: { readonly created: StoredTime; readonly group: string },
): StreamAsset | null {
  const group = server.groups?.get(name);
  if (group === undefined) return null;
  const state = group.file.state as StreamState;
  // The object stays: it is the file.
  Object.assign(state, createStream(config, created));
  return placeStream({ account, state, path: group.filePath, replica: createReplica(name) });
}

/** The stream is deleted before all has come; false when nothing of it is awaited here. */
export function dropAwaited(
  server: ServerState,
  io: ServerIo,
  account: string,
  stream: string,
): boolean {
  const restore = restoreOf(server, account, stream);
  if (restore === null) return false;
  for (const step of ["begin", "stall", "assign"] as const) {
    io.clearTimer(backupTimerName(restore.id, step));
  }
  if (restore.sub !== null) unsubscribeInternal(server, account, restore.sub);
  server.jetstream?.backups?.restores.delete(restore.id);
  if (restore.assigned?.isPlaced === true) return false;
  closeAwaited(server, io, restore);
  return true;
}

/** Whether this member still may say what the stream holds. */
export function leadsAwaited(server: ServerState, { assigned }: Restore): boolean {
  if (assigned === null || assigned.group === null) return true;
  const group = server.groups?.get(assigned.group);
  return group !== undefined && isAnnouncedLeader(group.core);
}

/** The member ends, and what came is gone with it. */
export function closeAwaited(server: ServerState, io: ServerIo, { assigned }: Restore): void {
  const group = assigned?.group == null ? undefined : server.groups?.get(assigned.group);
  if (group !== undefined) closeGroup(server, io, group, { remove: true });
}

/** The restore of a stream that is under way here, or null. */
function restoreOf(server: ServerState, account: string, stream: string): Restore | null {
  return restoreWhere(
    server,
    (one) => one.request.account === account && one.stream === stream && one.assigned !== null,
  );
}

function restoreWhere(server: ServerState, fits: (restore: Restore) => boolean): Restore | null {
  for (const restore of server.jetstream?.backups?.restores.values() ?? []) {
    if (fits(restore)) return restore;
  }
  return null;
}

function begin(io: ServerIo, { id }: Restore): void {
  io.setTimer(backupTimerName(id, "begin"), io.now, { kind: "backup", id, step: "begin" });
  wantBackupParts();
}
