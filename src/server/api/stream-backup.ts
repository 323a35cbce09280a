/**
 * `STREAM.SNAPSHOT` and `STREAM.RESTORE`. What travels there are nats-server's own files, which
 * these streams do not have: requests are checked as the server does and then refused.
 */

import { ApiError, type GoStruct, goBool, goInt, goString } from "../../jetstream/index.ts";
import { isValidPublishSubject } from "../../protocol/index.ts";
import { clusterParts } from "../cluster-door.ts";
import { isEmptyBody, readRequiredBody } from "./request-body.ts";
import type { ApiCall, ApiRoute } from "./route-shape.ts";
import { streamOf } from "./stream-info.ts";

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
};

/** Source: nats-server `jsStreamSnapshotRequest`. */
function streamSnapshot(call: ApiCall): never {
  if (isEmptyBody(call.body)) throw new ApiError("JSBadRequestErr");
  streamOf(call);
  const { deliver_subject } = readRequiredBody(call, snapshotRequest);
  if (!isValidPublishSubject(String(deliver_subject ?? ""))) {
    throw new ApiError("JSSnapshotDeliverSubjectInvalidErr");
  }
  throw new ApiError("JSStreamSnapshotErrF", { err: "windtunnel does not support snapshots" });
}

/** Source: nats-server `jsStreamRestoreRequest`. */
function streamRestore(call: ApiCall): never {
  if (isEmptyBody(call.body)) throw new ApiError("JSBadRequestErr");
  if (call.account.streams.has(call.tokens[2] ?? "")) {
    throw new ApiError("JSStreamNameExistRestoreFailedErr");
  }
  throw new ApiError("JSStreamRestoreErrF", { err: "windtunnel does not support snapshots" });
}
