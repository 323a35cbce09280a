/** Who performs what comes to a server of a cluster: one function a kind. */

import { unreachable } from "../kernel/index.ts";
import { consumerHandler } from "./assets/replicas/consumer-agreed.ts";
import type { AssetNews } from "./assets/replicas/news.ts";
import { streamHandler } from "./assets/replicas/stream-agreed.ts";
import { findStream } from "./assets/stream-lookup.ts";
import { onAssetLeader, onAssetQuorumLost, onConsumerInactive } from "./cluster/asset-events.ts";
import { metaHandler } from "./cluster/meta/meta-handlers.ts";
import { clusterMessageHandlers } from "./cluster/peer-inbound.ts";
import { onStreamChanged, type StreamRequest } from "./cluster/requests/stream-changes.ts";
import type { GroupHandlers } from "./groups/group-handlers.ts";
import { onForwardedProposal, onRaftMessage } from "./groups/inbound.ts";
import type { ServerIo } from "./io.ts";
import type { PeerMessage } from "./links/peer-message.ts";
import type { ServerState } from "./state.ts";

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
