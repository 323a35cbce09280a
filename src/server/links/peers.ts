/** From server to server: messages that no subscriber's interest steers. */
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { sendRecord } from "./outbound.ts";
import type { PeerMessage } from "./peer-message.ts";
import { peerLineBytes } from "./record-size.ts";
import type { RouteConn } from "./route-conn.ts";

/**
 * Sends to one server of the cluster, by name. False when there is no route to it now: then the
 * message is dropped, as nats-server drops what nobody is interested in. `bytes` is what the
 * message itself would take on the wire.
 */
export function sendToPeer(
  server: ServerState,
  _io: ServerIo,
  ...[peer, message, bytes]: [peer: string, message: PeerMessage, bytes: number]
): boolean {
  const route = routeTo(server, peer);
  if (route === null) return false;
  sendRecord(server, route, { kind: "peer", message }, bytes + peerLineBytes);
  return true;
}

/** Sends to every server that there is a route to. */
export function broadcastToPeers(
  server: ServerState,
  _io: ServerIo,
  message: PeerMessage,
  bytes: number,
): void {
  const { routes } = server;
  if (routes === undefined) return;
  for (const conn of routes.peers.values()) {
    const route = routes.conns.get(conn);
    if (route !== undefined) {
      sendRecord(server, route, { kind: "peer", message }, bytes + peerLineBytes);
    }
  }
}

function routeTo(server: ServerState, peer: string): RouteConn | null {
  const conn = server.routes?.peers.get(peer);
  return conn === undefined ? null : (server.routes?.conns.get(conn) ?? null);
}
