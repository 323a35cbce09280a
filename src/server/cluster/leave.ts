/** A server that leaves its cluster in good order: others take over what it leads. */
import { sortedKeys } from "../../kernel/index.ts";
import { isAnnouncedLeader } from "../../raft/index.ts";
import { stepDownGroup } from "../assets/replicas.ts";
import { closeGroup } from "../groups/open.ts";
import type { ServerIo } from "../io.ts";
import { flushRoutes } from "../links/outbound.ts";
import type { ServerState } from "../state.ts";
import { clusterOf } from "./cluster-state.ts";
import { tellLeaving } from "./peer-stats.ts";

/**
 * Says that it is about to go and hands over its leaderships; answers whether there were any.
 * Source: nats-server `lameDuckMode`, `transferRaftLeaders`.
 */
export function handOverLeaderships(server: ServerState, io: ServerIo): boolean {
  if (clusterOf(server) === null || server.groups === undefined) return false;
  tellLeaving(server, io, true);
  let hadAny = false;
  for (const name of sortedKeys(server.groups)) {
    const group = server.groups.get(name);
    if (group === undefined || !isAnnouncedLeader(group.core)) continue;
    stepDownGroup(server, io, group, null);
    hadAny = true;
  }
  return hadAny;
}

/**
 * Says goodbye while the routes are still there; its members of groups end.
 * Source: nats-server `sendShutdownEvent`, `shutdownRaftNodes`.
 */
export function sayGoodbye(server: ServerState, io: ServerIo): void {
  if (clusterOf(server) === null || server.groups === undefined) return;
  tellLeaving(server, io, false);
  flushRoutes(server, io);
  for (const name of sortedKeys(server.groups)) {
    const group = server.groups.get(name);
    if (group !== undefined) closeGroup(server, io, group, { remove: false });
  }
  for (const step of ["stats", "usage", "sweep"]) io.clearTimer(`cluster/${step}`);
}
