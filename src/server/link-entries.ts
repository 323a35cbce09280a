/** The entry points of what comes from other servers. */
import { clusterParts } from "./cluster-door.ts";
import { finish } from "./finish.ts";
import type { ServerIo } from "./io.ts";
import type { SentRecord } from "./links/records.ts";
import type { LinkPeer } from "./links/route-conn.ts";
import type { ServerState } from "./state.ts";

/** Another server reached this one's route port. */
export function acceptLink(server: ServerState, io: ServerIo, conn: number, peer: LinkPeer): void {
  clusterParts().acceptRoute(server, io, conn, peer);
  finish(server, io);
}

/** A dial of this server was answered: the link is open, or was refused for a reason. */
export function linkAnswered(
  server: ServerState,
  io: ServerIo,
  conn: number,
  refused: string | null,
): void {
  if (refused === null) clusterParts().onRouteOpened(server, io, conn);
  else {
    io.log("error", `Error trying to connect to route: ${refused}`);
    clusterParts().onDialFailed(server, io, conn);
  }
  finish(server, io);
}

/** Records from another server, in the order in which it sent them. */
export function receiveRecords(
  server: ServerState,
  io: ServerIo,
  conn: number,
  records: readonly SentRecord[],
): void {
  for (const { record } of records) {
    const route = server.routes?.conns.get(conn);
    if (route === undefined) break;
    clusterParts().receiveRecord(server, io, route, record);
  }
  finish(server, io);
}
