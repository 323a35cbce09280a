/** Messages that a route brings. */
import { messageBytes } from "../../protocol/index.ts";
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
  routeMessage(server, io, {
    account,
    message,
    to: subject === message.subject ? undefined : subject,
    from: null,
    via: null,
    trace: null,
    routed: record,
  });
}
