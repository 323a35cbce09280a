/** One message to everyone who hears it: plain subscribers, and one member of each queue group. */

import { applyTransform, encodeMsg, type Message, messageBytes } from "../../protocol/index.ts";
import { asksApi, withOneAnswer } from "../accounts/api-answers.ts";
import { isDeniedDelivery, noteReply } from "../accounts/permissions.ts";
import { requestCrossing, responseCrossing, settleCrossing } from "../accounts/service-imports.ts";
import { clusterParts } from "../cluster-door.ts";
import { systemAccountOf } from "../connections/info.ts";
import { outputOf } from "../connections/output.ts";
import { logDelivery } from "../connections/protocol-log.ts";
import type { InternalTarget } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { RecordOf } from "../links/records.ts";
import type { RouteTarget } from "../links/route-targets.ts";
import type { Account, ClientConn, ServerState, ServiceImport } from "../state.ts";
import { readSystemRequest } from "../system/requests.ts";
import { matchInterest } from "./match.ts";
import { type MessageTrace, noteEgress, noteStep, type TraceEvent } from "./message-trace.ts";
import { elsewhere, pickMember } from "./queue-group.ts";
import { withSecondForm } from "./second-form.ts";
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
  const route = {
    account: accountOf(server, account),
    message,
    to,
    from: null,
    via: null,
    trace: null,
    routed: null,
  };
  return routeMessage(server, io, route);
}

export interface Route {
  readonly account: Account;
  readonly message: Message;
  readonly to: string | undefined;
  readonly from: ClientConn | null;
  /** The service imports that brought it here; null for none. */
  readonly via: readonly ServiceImport[] | null;
  /** Its way is followed; null for most. */
  readonly trace: MessageTrace | null;
  /** What another server sent, when it came from one; null for what was published here. */
  readonly routed: RecordOf<"msg"> | null;
}

// Of a server that stands alone: nothing is ever added.
const noTargets: RouteTarget[] = [];

/**
 * Delivers to all plain subscribers, then to one member of each queue group, and last to the other
 * servers where some of them are. What another server sent is for this one's subscribers alone.
 * Source: nats-server `processMsgResults`, `deliverMsg`.
 */
export function routeMessage(server: ServerState, io: ServerIo, given: Route): boolean {
  const subject = given.to ?? given.message.subject;
  const heard = matchInterest(given.account.interest, subject);
  const matches = withSecondForm(server, given.account, subject, heard);
  const isAsking = asksApi(server, given, matches.plain);
  const route = isAsking ? withOneAnswer(server, io, given) : given;
  const { routed } = route;
  const targets = server.routes === undefined ? noTargets : [];
  let delivered = false;
  const { plain, queues } = matches;
  for (let i = 0; i < plain.length && routed?.isPlain !== false; i++) {
    const sub = plain[i];
    if (sub === undefined) continue;
    if (sub.remote === undefined) delivered = deliver(server, io, route, sub) || delivered;
    else if (routed === null) clusterParts().addTarget(targets, sub.remote.conn, null);
  }
  for (let i = 0; i < queues.length; i++) {
    const members = queues[i];
    if (members === undefined) continue;
    if (routed !== null && !routed.queues.includes(members[0]?.queue ?? "")) continue;
    if (deliverToOne(server, io, route, { members, targets })) delivered = true;
  }
  if (targets.length > 0 && clusterParts().sendToRoutes(server, io, route, targets))
    delivered = true;
  return delivered;
}

interface QueueGroup {
  readonly members: readonly Subscription[];
  /** Where the server is added that gets the message, when a member there was chosen. */
  readonly targets: RouteTarget[];
}

/** Tries the members from a random one on. True when one of this server's got the message. */
function deliverToOne(
  server: ServerState,
  io: ServerIo,
  route: Route,
  { members, targets }: QueueGroup,
): boolean {
  const here = route.routed === null ? members : members.filter((sub) => sub.remote === undefined);
  const first = pickMember(io, here);
  for (let i = 0; i < here.length; i++) {
    const sub = here[(first + i) % here.length];
    if (sub === undefined) continue;
    if (sub.remote !== undefined) {
      clusterParts().addTarget(targets, sub.remote.conn, sub.queue);
      return false;
    }
    if (deliver(server, io, route, sub)) return true;
  }
  // The members that another server knew of have gone: a third one may have some.
  const next = route.routed === null ? undefined : elsewhere(members);
  if (next !== undefined) clusterParts().addTarget(targets, next.conn, members[0]?.queue ?? null);
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
    // The server where a request was published has taken it to the account of the service.
    if (target.kind === "service-import" && route.routed !== null) return false;
    return deliverAcross(server, io, route, target);
  }
  const subject = route.to ?? message.subject;
  if (target.kind === "system" && readSystemRequest(server, account.name, subject) === null)
    return false;
  const conn = from === null ? null : from.conn;
  const client = route.routed?.client ?? null;
  const step = noteInside(server, io, route, target);
  // Only a stream counts as reached by a message that is not to be delivered.
  if (route.trace?.only === true) return step !== null;
  const { name } = account;
  server.inbox.push({
    kind: "message",
    target,
    account: name,
    subject,
    message,
    conn,
    client,
    step,
  });
  return true;
}

/** Over to another account, or back. Tracing ends there, as no export allows it yet. */
function deliverAcross(
  server: ServerState,
  io: ServerIo,
  route: Route,
  target: InternalTarget,
): boolean {
  const crossed =
    target.kind === "service-import"
      ? requestCrossing(server, io, route, target.index)
      : responseCrossing(server, io, route);
  if (crossed === null) return false;
  const { next } = crossed;
  const from = route.to ?? route.message.subject;
  const to = next.to ?? next.message.subject;
  noteStep(route.trace, io, "si", { acc: next.account.name, from, to });
  const delivered = route.trace?.only !== true && routeMessage(server, io, next);
  settleCrossing(server, io, crossed, delivered);
  return delivered;
}

/** The API is a service of the system account in nats-server, and so it shows in a trace. */
function noteInside(
  server: ServerState,
  io: ServerIo,
  { trace, message, to }: Route,
  target: InternalTarget,
): TraceEvent | null {
  if (trace === null) return null;
  const subject = to ?? message.subject;
  if (target.kind === "api") {
    noteStep(trace, io, "si", { acc: systemAccountOf(server), from: subject, to: subject });
  }
  if (target.kind !== "stream") return null;
  const shown = trace.only ? subject : undefined;
  return noteStep(trace, io, "js", { stream: target.stream, subject: shown, error: undefined });
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
  const isSame = transform === null || route.to !== undefined;
  const subject = isSame
    ? message.subject
    : applyTransform(transform, message.subject, (n) => io.draw("mappings") % n);
  if (subject === null) return false;
  noteStep(route.trace, io, "se", { acc: name, to: subject });
  if (route.trace?.only === true) return false;
  const shown = isSame ? message : { ...message, subject };
  const crossed = { ...route, account, message: shown, trace: null };
  if (sub.target !== null) return deliverInside(server, io, crossed, sub.target);
  return deliverToClient(server, io, crossed, sub);
}

function deliverToClient(
  server: ServerState,
  io: ServerIo,
  route: Route,
  sub: Subscription,
): boolean {
  const { account, message, from, trace } = route;
  const client = sub.conn === null ? undefined : server.conns.get(sub.conn);
  if (client === undefined || client.closed) return false;
  const reached = { client, sub };
  if (client === from && !client.options.echo) {
    noteEgress(trace, io, reached, "Not delivered because of no echo");
    return false;
  }
  if (client.permissions !== null && isDeniedDelivery(client.permissions, route, sub)) {
    const why = "Not delivered because subscription denies this subject";
    noteEgress(trace, io, reached, why);
    return false;
  }
  noteEgress(trace, io, reached);
  if (trace?.only === true) return true;
  sub.delivered++;
  if (sub.max > 0 && sub.delivered >= sub.max) {
    client.subs.delete(sub.sid);
    dropSubscription(server, account, sub.id);
    if (sub.delivered > sub.max) return false;
  }
  writeMessage(server, client, sub, message);
  if (server.config.process.trace) logDelivery({ server, io, client }, sub.sid, message);
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
