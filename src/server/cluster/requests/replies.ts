/** Replies to those who asked for an assignment, sent by whichever server knows the outcome. */
import {
  type ApiErrorBody,
  type ConsumerInfo,
  printStreamConfig,
  withDynamicMetadata,
} from "../../../jetstream/index.ts";
import { formatStoredTime } from "../../../kernel/index.ts";
import { sendApiReply } from "../../api/reply.ts";
import type { ApiFields } from "../../api/route-shape.ts";
import { type PrintPlace, printState } from "../../api/stream-info.ts";
import { printOrigins } from "../../api/stream-origin-info.ts";
import { infoOf } from "../../assets/consumers/consumer-create.ts";
import type { ConsumerPlace } from "../../assets/consumers/consumer-effects.ts";
import type { StreamAsset } from "../../assets/jetstream-state.ts";
import type { Requester, StreamAssignment } from "../assignments.ts";
import { printCluster } from "../cluster-info.ts";

export type ReplyType =
  | "stream_create"
  | "stream_restore"
  | "stream_update"
  | "stream_delete"
  | "consumer_create"
  | "consumer_delete";

/** Sends a reply; nobody waits when there is no reply subject, and it is counted all the same. */
export function answerRequester(
  { server, io }: PrintPlace,
  to: Requester & { readonly account: string },
  type: ReplyType,
  outcome: { readonly fields: ApiFields } | { readonly error: ApiErrorBody },
): void {
  const isError = "error" in outcome;
  const rest = type === "stream_restore" ? { deliver_subject: "" } : {};
  const shown = isError ? { error: { ...outcome.error }, ...rest } : outcome.fields;
  sendApiReply(server, io, {
    account: to.account,
    subject: to.subject,
    request: "",
    reply: to.reply === "" ? null : to.reply,
    client: to.client,
    conn: null,
    body: { type: `io.nats.jetstream.api.v1.${type}_response`, ...shown },
    isError,
    isQuiet: false,
  });
}

/** A stream as its leader tells whoever made or changed it. */
export function streamReply(
  place: PrintPlace,
  asset: StreamAsset,
  { spec }: StreamAssignment,
): ApiFields {
  const { server, io } = place;
  const { config, created } = asset.state;
  const shown = { ...config, metadata: withDynamicMetadata(config.metadata) };
  return {
    config: printStreamConfig(shown),
    created: formatStoredTime(created),
    state: printState(asset),
    cluster: printCluster(server, io, spec.group),
    ...printOrigins(place, asset),
    ts: formatStoredTime(io.wall),
  };
}

/** A consumer as its leader tells whoever made or changed it. */
export function consumerReply(place: ConsumerPlace): ConsumerInfo {
  return infoOf(place);
}
