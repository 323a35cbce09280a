/** One message to everyone who hears it: plain subscribers, and one member of each queue group. */
import { applyTransform, encodeMsg, type Message, messageBytes } from "../../protocol/index.ts";
import { isDeniedDelivery, noteReply } from "../accounts/permissions.ts";
import { requestCrossing, responseCrossing, settleCrossing } from "../accounts/service-imports.ts";
import { outputOf } from "../connections/output.ts";
import { logDelivery } from "../connections/protocol-log.ts";
import type { InternalTarget } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { Account, ClientConn, ServerState, ServiceImport } from "../state.ts";
import { matchInterest } from "./match.ts";
import { accountOf, dropSubscription } from "./subscribe.ts";
import type { ShadowOf, Subscription } from "./subscription.ts";

/** A message on its way through an account. */
export interface Publication {
  readonly account: string;
  readonly message: Message;
  /** The subject by which it is routed when that is not its own: a JetStream delivery. */
  readonly to?: string;
}

/** Publishes for the server itself; true when anyone got it. */
export function publishInternal(
  server: ServerState,
  io: ServerIo,
  { account, message, to }: Publication,
): boolean {
  const route = { account: accountOf(server, account), message, to, from: null, via: null };
  return routeMessage(server, io, route);
}

export interface Route {
  readonly account: Account;
  readonly message: Message;
  readonly to: string | undefined;
  readonly from: ClientConn | null;
  /** The service imports that brought it here; null for none. */
  readonly via: readonly ServiceImport[] | null;
}

/**
 * Delivers to all plain subscribers, then to one member of each queue group, tried from a random
 * one on. Source: nats-server `processMsgResults`, `deliverMsg`.
 */
export function routeMessage(server: ServerState, io: ServerIo, route: Route): boolean {
  const { account, message } = route;
  const matches = matchInterest(account.interest, route.to ?? message.subject);
  let delivered = false;
  const { plain, queues } = matches;
  for (let i = 0; i < plain.length; i++) {
    const sub = plain[i];
    if (sub !== undefined && deliver(server, io, route, sub)) delivered = true;
  }
  for (let i = 0; i < queues.length; i++) {
    const members = queues[i];
    if (members !== undefined && deliverToOne(server, io, route, members)) delivered = true;
  }
  return delivered;
}

function deliverToOne(
  server: ServerState,
  io: ServerIo,
  route: Route,
  members: readonly Subscription[],
): boolean {
  const count = members.length;
  const first = count === 1 ? 0 : io.draw("queue-groups") % count;
  for (let i = 0; i < count; i++) {
    const sub = members[(first + i) % count];
    if (sub !== undefined && deliver(server, io, route, sub)) return true;
  }
  return false;
}

function deliver(server: ServerState, io: ServerIo, route: Route, sub: Subscription): boolean {
  if (sub.target !== null) return deliverInside(server, io, route, sub.target);
  if (sub.shadow !== null) return deliverToShadow(server, io, route, sub.shadow);
  return deliverToClient(server, io, route, sub);
}

function deliverInside(
  server: ServerState,
  io: ServerIo,
  route: Route,
  target: InternalTarget,
): boolean {
  const { account, message, from } = route;
  if (target.kind === "service-import" || target.kind === "service-response") {
    const isRequest = target.kind === "service-import";
    const crossed = isRequest
      ? requestCrossing(server, io, route, target.index)
      : responseCrossing(server, io, route);
    if (crossed === null) return false;
    const delivered = routeMessage(server, io, crossed.next);
    settleCrossing(crossed, delivered);
    return delivered;
  }
  const subject = route.to ?? message.subject;
  const conn = from === null ? null : from.conn;
  server.inbox.push({ kind: "message", target, account: account.name, subject, message, conn });
  return true;
}

/** To a subscription of an account that imports the subject. Source: `processMsgResults`. */
function deliverToShadow(
  server: ServerState,
  io: ServerIo,
  route: Route,
  { account: name, id, transform }: ShadowOf,
): boolean {
  // What came by a service import does not leave again by a stream export.
  if (route.via !== null) return false;
  const account = accountOf(server, name);
  const sub = account.interest.subs.get(id);
  if (sub === undefined) return false;
  const { message } = route;
  if (transform === null || route.to !== undefined) {
    return deliverToClient(server, io, { ...route, account }, sub);
  }
  const subject = applyTransform(transform, message.subject, (n) => io.draw("mappings") % n);
  if (subject === null) return false;
  return deliverToClient(server, io, { ...route, account, message: { ...message, subject } }, sub);
}

function deliverToClient(
  server: ServerState,
  io: ServerIo,
  route: Route,
  sub: Subscription,
): boolean {
  const { account, message, from } = route;
  const client = sub.conn === null ? undefined : server.conns.get(sub.conn);
  if (client === undefined || client.closed) return false;
  if (client === from && !client.options.echo) return false;
  if (client.permissions !== null && isDeniedDelivery(client.permissions, route, sub)) return false;
  sub.delivered++;
  if (sub.max > 0 && sub.delivered >= sub.max) {
    client.subs.delete(sub.sid);
    dropSubscription(server, account, sub.id);
    if (sub.delivered > sub.max) return false;
  }
  writeMessage(server, client, sub, message);
  if (server.config.process.trace) logDelivery(io, client, sub.sid, message);
  if (client.permissions !== null && message.reply !== null) {
    noteReply(client.permissions, message.reply, io.now);
  }
  return true;
}

/** A client that did not ask for headers gets the message without them. */
function writeMessage(
  server: ServerState,
  client: ClientConn,
  sub: Subscription,
  message: Message,
): void {
  const plain = message.headers === null || client.parser.limits.headers;
  const shown = plain ? message : { ...message, headers: null };
  encodeMsg(outputOf(server, client), sub.sid, shown);
  const size = messageBytes(shown);
  client.outMsgs++;
  client.outBytes += size;
  server.totals.outMsgs++;
  server.totals.outBytes += size;
}
