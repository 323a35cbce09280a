/** Bytes on their way to clients: gathered during an event, sent once when it ends. */
import {
  createOutBuffer,
  encodeErr,
  encodeOk,
  type OutBuffer,
  takeBytes,
} from "../../protocol/index.ts";
import type { ServerIo } from "../io.ts";
import type { ClientConn, ServerState } from "../state.ts";
import { logOut } from "./protocol-log.ts";

/** Buffers at rest. Not state: they hold nothing that is read again. */
const spare: OutBuffer[] = [];
const spareMax = 64;
/** A buffer that grew beyond this is not kept. */
const keptBytesMax = 1 << 20;

/** Where to write for this client. What is written leaves with {@link flushOutput}. */
export function outputOf(server: ServerState, client: ClientConn): OutBuffer {
  if (client.out === null) {
    client.out = spare.pop() ?? createOutBuffer(4096);
    server.dirty.push(client);
  }
  return client.out;
}

export function sendErr(server: ServerState, io: ServerIo, client: ClientConn, text: string): void {
  if (client.closed) return;
  encodeErr(outputOf(server, client), text);
  logOut(server, io, client, `-ERR ${text}`);
}

export function sendOk(server: ServerState, io: ServerIo, client: ClientConn): void {
  if (client.closed) return;
  encodeOk(outputOf(server, client));
  logOut(server, io, client, "OK");
}

/**
 * Sends what was written for one client. False when more would wait for it than it may have: then
 * nothing is sent, and it has to be closed as a slow consumer. Where clients read meanwhile, one
 * that has taken everything so far is not behind, however much an event has for it.
 * Source: nats-server `queueOutbound`, `flushSignal`.
 */
export function flushClient(server: ServerState, io: ServerIo, client: ClientConn): boolean {
  const { out } = client;
  if (out === null) return true;
  client.out = null;
  const waiting = io.pending?.(client.conn) ?? 0;
  const isBehind = waiting > 0 || io.readsMeanwhile !== true;
  const isOver = waiting + out.length > server.config.limits.maxPending;
  const isSlow = !client.closed && isBehind && isOver;
  if (isSlow) out.length = 0;
  else if (out.length > 0) io.send(client.conn, takeBytes(out));
  if (out.bytes.length <= keptBytesMax && spare.length < spareMax) spare.push(out);
  return !isSlow;
}
