/** Messages on their way to other servers. */
import { createMessage, type Message, messageBytes } from "../../protocol/index.ts";
import { clientFacts } from "../connections/client-facts.ts";
import { withHop } from "../interest/message-trace.ts";
import type { Route } from "../interest/route.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { sendRecord } from "./outbound.ts";
import { msgBytes } from "./record-size.ts";
import type { RecordOf } from "./records.ts";
import type { RouteConn } from "./route-conn.ts";

/** Another server that is to have a message, and for whom. */
export interface RouteTarget {
  readonly conn: number;
  isPlain: boolean;
  readonly queues: string[];
}

/** Requests whose answer depends on who asks. */
const apiPrefix = "$JS.API.";

/** Sends to the servers that were found; true when there is a route to any of them. */
export function sendToRoutes(
  server: ServerState,
  io: ServerIo,
  route: Route,
  targets: readonly RouteTarget[],
): boolean {
  const subject = route.to ?? route.message.subject;
  // The bytes are read in place here, and are somebody else's when this event has ended.
  const kept = route.routed === null ? keptMessage(route.message) : route.message;
  const client = clientOf(server, route, subject);
  let isSent = false;
  for (const { conn, isPlain, queues } of targets) {
    const link = server.routes?.conns.get(conn);
    if (link === undefined || link.closed) continue;
    const { name: account } = route.account;
    const message = route.trace === null ? kept : withHop(route.trace, io, link, kept);
    const record = { kind: "msg", account, subject, queues, isPlain, message, client } as const;
    sendRecord(server, link, record, msgBytes(record));
    countOut(server, link, messageBytes(message));
    isSent = true;
  }
  return isSent;
}

/** Adds plain subscribers, or the members of a queue group, behind a route. */
export function addTarget(targets: RouteTarget[], conn: number, queue: string | null): void {
  let target = targets.find((one) => one.conn === conn);
  if (target === undefined) {
    target = { conn, isPlain: false, queues: [] };
    targets.push(target);
  }
  if (queue === null) target.isPlain = true;
  else target.queues.push(queue);
}

function keptMessage({ subject, reply, headers, payload }: Message): Message {
  return createMessage(subject, reply, headers === null ? null : headers.slice(), payload.slice());
}

function clientOf(
  server: ServerState,
  { from, routed, account }: Route,
  subject: string,
): RecordOf<"msg">["client"] {
  if (routed !== null) return routed.client;
  if (from === null || !subject.startsWith(apiPrefix)) return null;
  return Object.freeze(clientFacts(server, account.name, from));
}

function countOut(server: ServerState, link: RouteConn, size: number): void {
  link.outMsgs++;
  link.outBytes += size;
  if (server.routes === undefined) return;
  server.routes.totals.outMsgs++;
  server.routes.totals.outBytes += size;
}
