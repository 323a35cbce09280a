/** The end of each entry point: nothing stays unread, and nothing unsent. */
import { clusterParts } from "./cluster-door.ts";
import { flushOutput } from "./connections/close.ts";
import type { InternalEvent } from "./internal.ts";
import { readInternal } from "./internal-mail.ts";
import { DiskError, type ServerIo } from "./io.ts";
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

/** What was to follow from an event that the disk did not take does not follow; nobody is told. */
function readOne(server: ServerState, io: ServerIo, event: InternalEvent, at: number): void {
  try {
    readInternal(server, io, event, at);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}

function readMail(server: ServerState, io: ServerIo): void {
  for (let i = 0; i < server.inbox.length; i++) {
    const event = server.inbox[i];
    if (event !== undefined) readOne(server, io, event, i);
  }
  if (server.inbox.length > 0) server.inbox.length = 0;
}
