/** What arrives over a route, record by record. */
import { unreachable } from "../../kernel/index.ts";
import { peerMessageHandlers } from "../cluster-handlers.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { onRouteInfo } from "./greet.ts";
import { onRoutePong } from "./keep-alive.ts";
import { sendRecord } from "./outbound.ts";
import type { PeerMessage } from "./peer-message.ts";
import { pingBytes } from "./record-size.ts";
import type { LinkRecord } from "./records.ts";
import { onRemoteSub } from "./remote-interest.ts";
import type { RouteConn } from "./route-conn.ts";
import { onRoutedMessage } from "./routed-message.ts";

/** Takes a record up. Before the other side's INFO nothing else means anything. */
export function receiveRecord(
  server: ServerState,
  io: ServerIo,
  route: RouteConn,
  record: LinkRecord,
): void {
  if (route.closed) return;
  switch (record.kind) {
    case "info":
      onRouteInfo(server, io, route, record);
      return;
    case "ping":
      sendRecord(server, route, { kind: "pong" }, pingBytes);
      return;
    case "pong":
      onRoutePong(io, route);
      return;
    case "sub":
      onRemoteSub(server, route, record);
      return;
    case "msg":
      onRoutedMessage(server, io, route, record);
      return;
    case "peer":
      onPeerMessage(server, io, route, record.message);
      return;
    default:
      unreachable(record);
  }
}

function onPeerMessage(
  server: ServerState,
  io: ServerIo,
  route: RouteConn,
  message: PeerMessage,
): void {
  if (route.phase !== "registered") return;
  const handler = peerMessageHandlers[message.kind];
  // The table's types pair each kind with its handler.
  handler?.(server, io, message as never, route.remoteName);
}
