/** Messages that a route brings. */
import { messageBytes } from "../../protocol/index.ts";
import { finishTrace, startRoutedTrace } from "../interest/message-trace.ts";
import { routeMessage } from "../interest/route.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { RecordOf } from "./records.ts";
import type { RouteConn } from "./route-conn.ts";

/** Source: nats-server `processInboundRoutedMsg`. */
export function onRoutedMessage(
  server: ServerState,
  io: ServerIo,
  route: RouteConn,
  record: RecordOf<"msg">,
): void {
  const { message, subject } = record;
  const size = messageBytes(message);
  route.inMsgs++;
  route.inBytes += size;
  route.lastActivity = io.wall;
  if (server.routes !== undefined) {
    server.routes.totals.inMsgs++;
    server.routes.totals.inBytes += size;
  }
  const account = server.accounts.get(record.account);
  if (account === undefined) return;
  const trace = startRoutedTrace(io, route, record);
  routeMessage(server, io, {
    account,
    message,
    to: subject === message.subject ? undefined : subject,
    from: null,
    via: null,
    trace,
    routed: record,
  });
  finishTrace(server, trace);
}
