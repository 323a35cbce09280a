/** `STREAM.MSG.GET` and `STREAM.MSG.DELETE`. */

import {
  ApiError,
  type Decoded,
  type GoStruct,
  goBool,
  goInt,
  goString,
  goStrings,
  goTime,
  goUint64,
  type Int64,
  int64ToBigInt,
  lastMatch,
  loadMessage,
  type MessageStore,
  nextMatch,
  seqAtTime,
  wholeNumber,
} from "../../jetstream/index.ts";
import { formatStoredTime, parseStoredTime, type StreamSeq } from "../../kernel/index.ts";
import { encodeBase64 } from "../../protocol/index.ts";
import { applyToStream } from "../assets/stream-apply.ts";
import { orDiskFailure } from "../assets/write-ahead.ts";
import { clusterParts } from "../cluster-door.ts";
import { missingMessage } from "./missing-message.ts";
import { readRequiredBody } from "./request-body.ts";
import type { ApiCall, ApiFields, ApiRoute } from "./route-shape.ts";
import { streamOf } from "./stream-info.ts";

/** The body of `STREAM.MSG.GET` and of direct gets. */
export const messageGetRequest: GoStruct = {
  go: "struct",
  name: "JSApiMsgGetRequest",
  fields: {
    seq: goUint64,
    last_by_subj: goString,
    next_by_subj: goString,
    batch: goInt,
    max_bytes: goInt,
    start_time: goTime,
    multi_last: goStrings,
    up_to_seq: goUint64,
    up_to_time: goTime,
    no_hdr: goBool,
  },
};

const messageDeleteRequest: GoStruct = {
  go: "struct",
  name: "JSApiMsgDeleteRequest",
  fields: { seq: goUint64, no_erase: goBool },
};

export const messageGetRoute: ApiRoute = {
  subject: "$JS.API.STREAM.MSG.GET.*",
  type: "stream_msg_get",
  leader: "stream",
  quiet: true,
  handle: messageGet,
};

export const messageDeleteRoute: ApiRoute = {
  subject: "$JS.API.STREAM.MSG.DELETE.*",
  type: "stream_msg_delete",
  leader: "stream",
  handle: messageDelete,
};

/** Source: nats-server `jsMsgGetRequest`. */
function messageGet(call: ApiCall): ApiFields {
  const request = readRequiredBody(call, messageGetRequest);
  if (wholeNumber(request, "batch") > 0 || wholeNumber(request, "max_bytes") > 0) {
    throw new ApiError("JSBadRequestErr");
  }
  checkSelection(request);
  const { store } = streamOf(call, call.tokens[3]).state;
  const seq = selectMessage(store, request);
  const message = seq === null ? null : loadMessage(store, seq);
  if (message === null) throw new ApiError("JSNoMessageFoundErr");
  const headers = request.no_hdr === true ? null : message.headers;
  const { payload } = message;
  return {
    message: {
      subject: message.subject,
      seq: message.seq,
      hdrs: headers === null ? undefined : encodeBase64(headers),
      data: payload.length === 0 ? undefined : encodeBase64(payload),
      time: formatStoredTime(message.time),
    },
  };
}

/** Sequence, time and last by subject exclude each other; a filter goes with the first two. */
function checkSelection(request: Decoded): void {
  const hasSeq = wholeNumber(request, "seq") > 0;
  const hasLast = (request.last_by_subj ?? "") !== "";
  const hasNext = (request.next_by_subj ?? "") !== "";
  const hasTime = request.start_time !== undefined;
  const isEmpty = !hasSeq && !hasLast && !hasNext && !hasTime;
  const isTwofold = (hasSeq && (hasLast || hasTime)) || (hasLast && (hasTime || hasNext));
  if (isEmpty || isTwofold) throw new ApiError("JSBadRequestErr");
}

function selectMessage(store: MessageStore, request: Decoded): StreamSeq | null {
  const time = parseStoredTime((request.start_time as string | undefined) ?? "");
  const seq = time === null ? (wholeNumber(request, "seq") as StreamSeq) : seqAtTime(store, time);
  const next = (request.next_by_subj as string | undefined) ?? "";
  if (next !== "") return nextMatch(store, [next], seq);
  return seq > 0 ? seq : lastMatch(store, (request.last_by_subj as string | undefined) ?? "");
}

/** Source: nats-server `jsMsgDeleteRequest`. Erasing and forgetting look the same from outside. */
function messageDelete(call: ApiCall): ApiFields | null {
  const request = readRequiredBody(call, messageDeleteRequest);
  const asset = streamOf(call, call.tokens[3]);
  const { sealed, deny_delete } = asset.state.config;
  if (sealed) throw new ApiError("JSStreamSealedErr");
  if (deny_delete) {
    throw new ApiError("JSStreamMsgDeleteFailedF", { err: "message delete not permitted" });
  }
  const seq = wholeNumber(request, "seq") as StreamSeq;
  const entry = { kind: "remove", seq, reason: "deleted" } as const;
  if (asset.replica !== undefined) return clusterParts().changeInCluster(call, asset, entry);
  const effects = orDiskFailure("JSStreamMsgDeleteFailedF", () =>
    applyToStream(call.server, call.io, asset, entry),
  );
  if (effects.length === 0)
    throw missingMessage(asset, seq, String(int64ToBigInt((request.seq ?? 0) as Int64)));
  return { success: true };
}
