/**
 * `STREAM.SNAPSHOT` and `STREAM.RESTORE`: what can be said of a request at once. The rest is begun
 * in an event of its own, as the server begins it in a goroutine (backup-door.ts says why here).
 */

import { ApiError, type GoStruct, goBool, goInt, goString } from "../../jetstream/index.ts";
import { emptyBytes, isValidPublishSubject } from "../../protocol/index.ts";
import {
  addRestore,
  type BackupRequest,
  backupsOf,
  backupTimerName,
} from "../backups/backup-state.ts";
import { clusterParts } from "../cluster-door.ts";
import { wantBackupParts } from "../doors/backup-door.ts";
import { requester } from "./reply.ts";
import { isEmptyBody, readRequiredBody } from "./request-body.ts";
import type { ApiCall, ApiRoute } from "./route-shape.ts";
import { checkStreamLimits } from "./stream-create.ts";
import { streamOf } from "./stream-info.ts";
import { checkSupported, readRestoreRequest } from "./stream-rules.ts";

const snapshotRequest: GoStruct = {
  go: "struct",
  name: "JSApiStreamSnapshotRequest",
  fields: {
    deliver_subject: goString,
    no_consumers: goBool,
    chunk_size: goInt,
    window_size: goInt,
    jsck: goBool,
  },
};

export const streamSnapshotRoute: ApiRoute = {
  subject: "$JS.API.STREAM.SNAPSHOT.*",
  type: "stream_snapshot",
  leader: "stream",
  gate: (call) => clusterParts().streamLeaderOnly(call),
  handle: streamSnapshot,
};

export const streamRestoreRoute: ApiRoute = {
  subject: "$JS.API.STREAM.RESTORE.*",
  type: "stream_restore",
  leader: "meta",
  errorFields: { deliver_subject: "" },
  handle: streamRestore,
  clustered: (call) => clusterParts().assignRestored(call),
};

/** Source: nats-server `streamSnapshot`, its constants and how it clamps them. */
const chunkDefault = 128 * 1024;
const chunkMax = 1024 * 1024;
const windowDefault = 8 * 1024 * 1024;
const windowMax = 32 * 1024 * 1024;
const sizeMin = 1024;

/** Source: nats-server `jsStreamSnapshotRequest`. */
function streamSnapshot(call: ApiCall): null {
  if (isEmptyBody(call.body)) throw new ApiError("JSBadRequestErr");
  const stream = streamOf(call);
  const asked = readRequiredBody(call, snapshotRequest);
  const deliver = String(asked.deliver_subject ?? "");
  if (!isValidPublishSubject(deliver)) throw new ApiError("JSSnapshotDeliverSubjectInvalidErr");
  const chunk = Number(asked.chunk_size ?? 0) || chunkDefault;
  const window = Number(asked.window_size ?? 0) || windowDefault;
  const chunkSize = Math.min(Math.max(sizeMin, chunk), chunkMax);
  const windowSize = Math.max(Math.min(Math.max(sizeMin, window), windowMax), chunkSize);
  const backups = backupsOf(call.js);
  backups.lastId += 1;
  const id = backups.lastId;
  begin(call, id);
  backups.snapshots.set(id, {
    id,
    stream: stream.name,
    request: requestOf(call),
    deliver,
    hasConsumers: asked.no_consumers !== true,
    chunkSize,
    started: call.io.wall,
    phase: "asked",
    slots: Math.floor(windowSize / chunkSize),
    next: 1,
    ackSubject: "",
    ackSub: null,
    seqNext: 0,
    seqLast: 0,
    entries: emptyBytes,
    ready: emptyBytes,
    isWhole: false,
  });
  return null;
}

/** Source: nats-server `jsStreamRestoreRequest`. */
function streamRestore(call: ApiCall): null {
  const config = readRestoreRequest(call);
  checkStreamLimits(call, config, true);
  if (call.account.streams.has(config.name)) {
    throw new ApiError("JSStreamNameExistRestoreFailedErr");
  }
  checkSupported(config);
  const made = { request: requestOf(call), config, assigned: null };
  const restore = addRestore(backupsOf(call.js), made, call.io.wall);
  begin(call, restore.id);
  return null;
}

/** The next event begins it; whoever drives the world brings the code before that. */
function begin({ io }: ApiCall, id: number): void {
  io.setTimer(backupTimerName(id, "begin"), io.now, { kind: "backup", id, step: "begin" });
  wantBackupParts();
}

function requestOf(call: ApiCall): BackupRequest {
  const { server, account, subject, body, message, conn } = call;
  const client = call.client ?? requester(server, account.name, call);
  return { account: account.name, subject, request: body, reply: message.reply, client, conn };
}
