/** From server to server: messages that no subscriber's interest steers. */
import { assert } from "../../kernel/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { PeerMessage } from "./peer-message.ts";

/**
 * Sends to one server of the cluster, by name. False when there is no route to it now: then the
 * message is dropped, as nats-server drops what nobody is interested in.
 */
export function sendToPeer(
  server: ServerState,
  io: ServerIo,
  ...[peer, message, bytes]: [peer: string, message: PeerMessage, bytes: number]
): boolean {
  void [server, io, peer, message, bytes];
  assert(false, "no links yet");
}

/** Sends to every server that there is a route to. */
export function broadcastToPeers(
  server: ServerState,
  io: ServerIo,
  message: PeerMessage,
  bytes: number,
): void {
  void [server, io, message, bytes];
  assert(false, "no links yet");
}
