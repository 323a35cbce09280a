/** Purges and deletes of a replicated stream: its leader proposes, and answers when it is done. */
import type { ApiError, PurgeEntry, StreamEffect, StreamEntry } from "../../../jetstream/index.ts";
import type { StreamSeq } from "../../../kernel/index.ts";
import { missingMessage } from "../../api/missing-message.ts";
import { sendApiReply } from "../../api/reply.ts";
import type { ApiCall, ApiFields } from "../../api/route-shape.ts";
import type { StreamAsset } from "../../assets/jetstream-state.ts";
import { proposeChange } from "../../assets/replicas/stream-propose.ts";
import type { AssetPlace } from "../asset-events.ts";
import type { Requester } from "../assignments.ts";
import { requesterOf } from "./cluster-call.ts";

/** Who asked for a change, as the stream's log has it. */
export interface StreamRequest extends Requester {
  readonly body: string;
  readonly type: "stream_purge" | "stream_msg_delete";
  /** Of the message to delete. */
  readonly seq: StreamSeq;
}

/** Proposes what a request asks for; the answer comes later. */
export function changeInCluster(call: ApiCall, asset: StreamAsset, entry: StreamEntry): null {
  const isPurge = entry.kind === "purge";
  const request: StreamRequest = Object.freeze({
    ...requesterOf(call),
    body: call.body,
    type: isPurge ? "stream_purge" : "stream_msg_delete",
    seq: entry.kind === "remove" ? entry.seq : (0 as StreamSeq),
  });
  proposeChange(call.server, asset, isPurge ? stamped(asset, entry) : entry, request);
  return null;
}

/** A purge of everything takes what is stored now, and spares what comes in meanwhile. */
function stamped(asset: StreamAsset, entry: PurgeEntry): PurgeEntry {
  if (entry.seq > 0 || entry.keep > 0) return entry;
  return { ...entry, seq: (asset.state.store.seqLast + 1) as StreamSeq };
}

/** Source: nats-server `applyStreamEntries`, `deleteMsgOp`, `purgeStreamOp`. */
export function onStreamChanged(
  { server, io, asset }: AssetPlace,
  request: StreamRequest,
  effects: readonly StreamEffect[],
): void {
  const { type, client, subject, body, reply } = request;
  const outcome = outcomeOf(asset, request, effects);
  sendApiReply(server, io, {
    account: asset.account,
    subject,
    request: body,
    client,
    conn: null,
    reply: reply === "" ? null : reply,
    body: { type: `io.nats.jetstream.api.v1.${type}_response`, ...outcome },
    isError: outcome.error !== undefined,
    isQuiet: false,
  });
}

function outcomeOf(
  asset: StreamAsset,
  { type, seq }: StreamRequest,
  effects: readonly StreamEffect[],
): ApiFields {
  const [first] = effects;
  if (type === "stream_purge") {
    return { success: true, purged: first?.kind === "purged" ? first.removed : 0 };
  }
  if (first !== undefined) return { success: true };
  const missing: ApiError = missingMessage(asset, seq);
  return { error: { ...missing.body } };
}
