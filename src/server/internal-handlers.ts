/** Who performs what arrives for the subscribers inside the server: one function a kind. */

import { unreachable } from "../kernel/index.ts";
import { onApiRequest } from "./api/answer.ts";
import {
  onAck,
  onConsumerTimer,
  onDeliveryInterest,
  onFlowAnswer,
  onPull,
  onReset,
} from "./assets/consumers/consumer-inbound.ts";
import { onOriginMessage } from "./assets/origins/stream-origin-inbound.ts";
import { consumerHandler } from "./assets/replicas/consumer-agreed.ts";
import type { AssetNews } from "./assets/replicas/news.ts";
import { streamHandler } from "./assets/replicas/stream-agreed.ts";
import { onDirectGet } from "./assets/stream-direct.ts";
import { onStreamTimer } from "./assets/stream-due.ts";
import { onStreamMessage } from "./assets/stream-inbound.ts";
import { findStream } from "./assets/stream-lookup.ts";
import { onAssetLeader, onAssetQuorumLost, onConsumerInactive } from "./cluster/asset-events.ts";
import { metaHandler } from "./cluster/meta/meta-handlers.ts";
import { clusterMessageHandlers } from "./cluster/peer-inbound.ts";
import { onStreamChanged, type StreamRequest } from "./cluster/requests/stream-changes.ts";
import type { GroupHandlers } from "./groups/group-handlers.ts";
import { onForwardedProposal, onRaftMessage } from "./groups/inbound.ts";
import { traceReport } from "./interest/message-trace.ts";
import { publishInternal } from "./interest/route.ts";
import type { InternalEvent, InternalKind } from "./internal.ts";
import type { ServerIo } from "./io.ts";
import type { PeerMessage } from "./links/peer-message.ts";
import { answerSystemRequest } from "./monitoring/system-requests.ts";
import type { AssetTimer } from "./server-timer.ts";
import type { ServerState } from "./state.ts";

export type InternalHandler = (server: ServerState, io: ServerIo, event: InternalEvent) => void;

export const internalHandlers: Partial<Record<InternalKind, InternalHandler>> = {
  system: answerSystemRequest,
  api: onApiRequest,
  stream: onStreamMessage,
  "direct-get": onDirectGet,
  origin: onOriginMessage,
  ack: onAck,
  next: onPull,
  reset: onReset,
  "flow-control": onFlowAnswer,
  "push-interest": onDeliveryInterest,
  trace: sendTrace,
};

export type PeerMessageHandler<K extends PeerMessage["kind"]> = (
  server: ServerState,
  io: ServerIo,
  message: Extract<PeerMessage, { readonly kind: K }>,
  /** The sender's name. */
  from: string,
) => void;

/** Who performs what other servers of the cluster say: one function a kind. */
export const peerMessageHandlers: { [K in PeerMessage["kind"]]?: PeerMessageHandler<K> } = {
  raft: onRaftMessage,
  proposal: onForwardedProposal,
  ...clusterMessageHandlers,
};

/** Who applies what Raft groups agree upon: one table entry a kind. */
export const groupHandlers: GroupHandlers = {
  meta: metaHandler,
  stream: streamHandler,
  consumer: consumerHandler,
};

export { startJetStream } from "./assets/stream-start.ts";

/** Hands what happened to assets to the meta layer. */
export function readAssetNews(server: ServerState, io: ServerIo): void {
  const { assetNews } = server;
  if (assetNews === undefined) return;
  for (let i = 0; i < assetNews.length; i++) {
    const news = assetNews[i];
    if (news !== undefined) onAssetNews(server, io, news);
  }
  assetNews.length = 0;
}

function onAssetNews(server: ServerState, io: ServerIo, news: AssetNews): void {
  const { account, stream, consumer } = news;
  const asset = findStream(server, account, stream);
  if (asset === null) return;
  const place = { server, io, asset, consumer };
  switch (news.kind) {
    case "leader":
      return onAssetLeader(place, news.isLeader);
    case "quorum-lost":
      return onAssetQuorumLost(place);
    case "inactive":
      return onConsumerInactive(place);
    case "changed":
      return onStreamChanged(place, news.request as StreamRequest, news.effects);
    default:
      return unreachable(news);
  }
}

function sendTrace(server: ServerState, io: ServerIo, event: InternalEvent): void {
  const report = traceReport(server, io, event);
  if (report !== null) publishInternal(server, io, report);
}

export function onAssetTimer(server: ServerState, io: ServerIo, timer: AssetTimer): void {
  if (timer.consumer === null) onStreamTimer(server, io, timer);
  else onConsumerTimer(server, io, timer);
}
