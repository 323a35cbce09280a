/** The statistics of a server as `$SYS.REQ.SERVER.PING` answers them. */
import { formatStoredTime } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import { clusterOf } from "../cluster/cluster-state.ts";
import type { ServerIo } from "../io.ts";
import { metaCluster } from "../monitoring/cluster-pages.ts";
import { jetStreamConfig, jetStreamLimits, jetStreamStats } from "../monitoring/jsz.ts";
import { registeredRoutes } from "../monitoring/routez.ts";
import type { ServerState } from "../state.ts";

type Fields = { readonly [field: string]: JsonLike };

/** Source: nats-server `ServerStats`, in its order. */
export function statsz(server: ServerState, io: ServerIo): Fields {
  const { totals } = server;
  const usage = io.usage?.() ?? { memory: 0, cores: 1, cpu: 0 };
  const routed = server.routes?.totals;
  const sentToClients = { msgs: totals.outMsgs, bytes: totals.outBytes };
  const fromClients = { msgs: totals.inMsgs, bytes: totals.inBytes };
  let subscriptions = 0;
  let active = 0;
  for (const account of server.accounts.values()) {
    subscriptions += account.interest.subs.size;
    if (account.clients > 0) active += 1;
  }
  return {
    start: formatStoredTime(server.started),
    mem: usage.memory,
    cores: usage.cores,
    cpu: usage.cpu,
    connections: server.conns.size,
    total_connections: totals.connections,
    active_accounts: active,
    subscriptions,
    sent: sum(sentToClients, routed?.outMsgs, routed?.outBytes),
    sent_to_clients: sentToClients,
    received: sum(fromClients, routed?.inMsgs, routed?.inBytes),
    received_from_clients: fromClients,
    slow_consumers: totals.slowConsumers,
    slow_consumer_stats: ofClients(totals.slowConsumers),
    stale_connections: totals.staleConnections === 0 ? undefined : totals.staleConnections,
    stale_connection_stats: ofClients(totals.staleConnections),
    routes: routeStats(server),
    active_servers: activeServers(server),
    jetstream: jetStream(server, io),
    gomaxprocs: usage.cores,
  };
}

function sum({ msgs, bytes }: Traffic, moreMsgs = 0, moreBytes = 0): Traffic {
  return { msgs: msgs + moreMsgs, bytes: bytes + moreBytes };
}

interface Traffic {
  readonly msgs: number;
  readonly bytes: number;
  readonly [field: string]: JsonLike;
}

function ofClients(count: number): Fields | undefined {
  return count === 0 ? undefined : { clients: count, routes: 0, gateways: 0, leafs: 0 };
}

/** Source: nats-server `RouteStat`. */
function routeStats(server: ServerState): JsonLike {
  const routes = registeredRoutes(server);
  if (routes.length === 0) return undefined;
  return routes.map((route) => ({
    rid: route.rid,
    name: route.remoteName,
    sent: { msgs: route.outMsgs, bytes: route.outBytes },
    received: { msgs: route.inMsgs, bytes: route.inBytes },
    pending: 0,
  }));
}

/** This server and those that it has heard of and not lost. */
function activeServers(server: ServerState): number {
  let count = 0;
  for (const { offline } of clusterOf(server)?.peers.values() ?? []) if (!offline) count += 1;
  return Math.max(count, 1);
}

function jetStream(server: ServerState, io: ServerIo): Fields | undefined {
  if (server.jetstream === null) return undefined;
  return {
    config: { ...jetStreamConfig(server), store_dir: undefined },
    stats: jetStreamStats(server),
    meta: metaCluster(server, io),
    limits: jetStreamLimits(server),
  };
}
