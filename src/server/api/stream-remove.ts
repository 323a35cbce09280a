/** `STREAM.DELETE` and `STREAM.PURGE`. */

import { ApiError, type GoStruct, goString, goUint64, wholeNumber } from "../../jetstream/index.ts";
import type { StreamSeq } from "../../kernel/index.ts";
import { applyToStream } from "../assets/stream-apply.ts";
import { deleteStream } from "../assets/stream-asset.ts";
import { orDiskFailure } from "../assets/write-ahead.ts";
import { clusterParts } from "../cluster-door.ts";
import { expectEmptyBody, readOptionalBody } from "./request-body.ts";
import type { ApiCall, ApiFields, ApiRoute } from "./route-shape.ts";
import { streamOf } from "./stream-info.ts";

const purgeRequest: GoStruct = {
  go: "struct",
  name: "JSApiStreamPurgeRequest",
  fields: { seq: goUint64, filter: goString, keep: goUint64 },
};

export const streamDeleteRoute: ApiRoute = {
  subject: "$JS.API.STREAM.DELETE.*",
  type: "stream_delete",
  leader: "meta",
  handle: streamDelete,
  clustered: (call) => clusterParts().unassignStream(call),
};

export const streamPurgeRoute: ApiRoute = {
  subject: "$JS.API.STREAM.PURGE.*",
  type: "stream_purge",
  leader: "stream",
  gate: (call) => clusterParts().purgeGate(call),
  errorFields: { purged: 0 },
  handle: streamPurge,
};

function streamDelete(call: ApiCall): ApiFields {
  expectEmptyBody(call);
  deleteStream(call.server, call.io, streamOf(call));
  return { success: true };
}

/** Source: nats-server `jsStreamPurgeRequest`. */
function streamPurge(call: ApiCall): ApiFields | null {
  const request = readOptionalBody(call, purgeRequest);
  const seq = wholeNumber(request, "seq");
  const keep = wholeNumber(request, "keep");
  if (seq > 0 && keep > 0) throw new ApiError("JSBadRequestErr");
  const asset = streamOf(call);
  const { sealed, deny_purge } = asset.state.config;
  if (sealed) throw new ApiError("JSStreamSealedErr");
  if (deny_purge) {
    throw new ApiError("JSStreamPurgeFailedF", { err: "stream purge not permitted" });
  }
  const filter = (request.filter as string | undefined) ?? "";
  if (seq > Number.MAX_SAFE_INTEGER && filter === "") {
    const err = "windtunnel does not support sequences beyond 2^53";
    throw new ApiError("JSStreamPurgeFailedF", { err });
  }
  const entry = { kind: "purge", filter, seq: seq as StreamSeq, keep } as const;
  if (asset.replica !== undefined) return clusterParts().changeInCluster(call, asset, entry);
  const effects = orDiskFailure("JSStreamGeneralErrorF", () =>
    applyToStream(call.server, call.io, asset, entry),
  );
  const [purged] = effects;
  return { success: true, purged: purged?.kind === "purged" ? purged.removed : 0 };
}
