/** The end of each entry point: nothing stays unread, and nothing unsent. */
import { clusterParts } from "./cluster-door.ts";
import { flushOutput } from "./connections/close.ts";
import { readInternal } from "./internal-mail.ts";
import type { ServerIo } from "./io.ts";
import type { ServerState } from "./state.ts";

/** Reads the mail of internal subscribers until there is none, then sends what was written. */
export function finish(server: ServerState, io: ServerIo): void {
  const cluster = server.groups === undefined ? null : clusterParts();
  do {
    readMail(server, io);
    cluster?.workOnGroups(server, io, cluster.groupHandlers);
    cluster?.readAssetNews(server, io);
    flushOutput(server, io);
  } while (server.inbox.length > 0 || cluster?.hasGroupWork(server) === true);
  cluster?.flushRoutes(server, io);
}

function readMail(server: ServerState, io: ServerIo): void {
  for (let i = 0; i < server.inbox.length; i++) {
    const event = server.inbox[i];
    if (event !== undefined) readInternal(server, io, event);
  }
  if (server.inbox.length > 0) server.inbox.length = 0;
}
