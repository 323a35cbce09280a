/** The end of a client's connection, and the flush that may bring it. */
import { assert } from "../../kernel/index.ts";
import { dropSubscription, subscriptionsOf } from "../interest/subscribe.ts";
import type { Subscription } from "../interest/subscription.ts";
import type { ServerIo } from "../io.ts";
import type { ClientConn, ClosedConn, ClosedSub, ServerState } from "../state.ts";
import { noteAccountConnections } from "../system/account-connections.ts";
import { tellGone, tellRefused } from "../system/events.ts";
import { trace } from "../trace-record.ts";
import { flushClient, sendErr } from "./output.ts";
import { clientLabel } from "./protocol-log.ts";

/** Why a connection ended, in nats-server's words (`monitor.go` `ClosedState.String`). */
export type CloseReason =
  | "Client Closed"
  | "Authentication Timeout"
  | "Authentication Failure"
  | "Slow Consumer (Pending Bytes)"
  | "Slow Consumer (Write Deadline)"
  | "Write Error"
  | "Read Error"
  | "Parse Error"
  | "Stale Connection"
  | "Protocol Violation"
  | "Bad Client Protocol Version"
  | "Maximum Connections Exceeded"
  | "Maximum Account Connections Exceeded"
  | "Maximum Subscriptions Exceeded"
  | "Maximum Message Payload Exceeded"
  | "Maximum Control Line Exceeded"
  | "No Responders Requires Headers"
  | "Kicked"
  | "Server Shutdown";

/** How the log begins what a client complained of. Source: nats-server `processErr`. */
export const clientError = "Client Error";

/** How many ended connections /connz remembers. Source: `DEFAULT_MAX_CLOSED_CLIENTS`. */
const closedMax = 10_000;

/** Sends what was written, for all clients in the order in which they were first written to. */
export function flushOutput(server: ServerState, io: ServerIo): void {
  if (server.dirty.length === 0) return;
  // Closing a slow consumer may write to others: the list grows while it is walked.
  for (let i = 0; i < server.dirty.length; i++) {
    const client = server.dirty[i];
    assert(client !== undefined, `no client at ${i} of ${server.dirty.length}`);
    if (flushClient(server, io, client)) continue;
    const text = `MaxPending of ${server.config.limits.maxPending} Exceeded`;
    endSlowClient(server, io, client, { text, reason: "Slow Consumer (Pending Bytes)" });
  }
  server.dirty.length = 0;
}

/** A client cannot keep up: it is counted, told of in the log, and cut off without a word. */
export function endSlowClient(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  end: { readonly text: string; readonly reason: CloseReason },
): void {
  server.totals.slowConsumers++;
  io.log("info", `${clientLabel(client)} - Slow Consumer Detected: ${end.text}`);
  trace(server, io, "slow-consumer", { conn: client.conn });
  closeClient(server, io, client, end.reason);
}

/** Says `text` in an -ERR and closes. */
export function refuseClient(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  refusal: { readonly text: string; readonly reason: CloseReason },
): void {
  sendErr(server, io, client, refusal.text);
  if (refusal.reason === "Authentication Failure") {
    tellRefused(server, io, client, refusal.reason);
  }
  closeClient(server, io, client, refusal.reason);
}

/** Ends the connection from this side: what was written goes out first. */
export function closeClient(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  reason: CloseReason,
): void {
  if (client.closed) return;
  client.closed = true;
  flushClient(server, io, client);
  forgetClient(server, io, client, reason);
  io.close(client.conn, reason);
}

/** Removes every trace of a connection that is gone. */
export function forgetClient(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  reason: CloseReason,
): void {
  client.closed = true;
  const subs = subscriptionsOf(server, client).map(endedSub);
  dropAllSubscriptions(server, client);
  server.conns.delete(client.conn);
  leaveAccount(server, io, client, reason);
  io.clearTimer(pingTimer(client.conn));
  io.clearTimer(authTimer(client.conn));
  tellGone(server, io, client, reason);
  server.closed.push(closedConn(client, { stop: io.wall, reason, subs }));
  if (server.closed.length > closedMax) server.closed.shift();
  if (reason === "Stale Connection") server.totals.staleConnections++;
  io.log("debug", `${clientLabel(client)} - Client connection closed: ${reason}`);
  trace(server, io, "disconnect", { conn: client.conn, account: client.account, detail: reason });
}

function leaveAccount(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  reason: CloseReason,
): void {
  const account = server.accounts.get(client.account);
  if (account === undefined) return;
  const { past } = account;
  past.inMsgs += client.inMsgs;
  past.inBytes += client.inBytes;
  past.outMsgs += client.outMsgs;
  past.outBytes += client.outBytes;
  if (reason.startsWith("Slow Consumer")) past.slowConsumers++;
  account.clients--;
  noteAccountConnections(server, io, account);
}

function endedSub({ subject, queue, sid, delivered, max }: Subscription): ClosedSub {
  return Object.freeze({ subject, queue, sid, delivered, max });
}

function closedConn(
  client: ClientConn,
  end: Pick<ClosedConn, "stop" | "reason" | "subs">,
): ClosedConn {
  const { conn, cid, ip, port, transport, start, lastActivity, options, account, user } = client;
  const { rtt, inMsgs, inBytes, outMsgs, outBytes } = client;
  const who = { conn, cid, ip, port, transport, options, account, user };
  const did = {
    secured: client.secured,
    start,
    lastActivity,
    rtt,
    inMsgs,
    inBytes,
    outMsgs,
    outBytes,
  };
  return Object.freeze({ ...who, ...did, ...end });
}

export function dropAllSubscriptions(server: ServerState, client: ClientConn): void {
  const account = server.accounts.get(client.account);
  if (account !== undefined) {
    for (const id of client.subs.values()) dropSubscription(server, account, id);
  }
  client.subs.clear();
}

export function pingTimer(conn: number): string {
  return `ping:${conn}`;
}

export function authTimer(conn: number): string {
  return `auth:${conn}`;
}
