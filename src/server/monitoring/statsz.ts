/** The statistics of a server as `$SYS.REQ.SERVER.PING` answers them. */
import { formatStoredTime } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import { clusterOf } from "../cluster/cluster-state.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { metaCluster } from "./cluster-pages.ts";
import { jetStreamConfig, jetStreamLimits, jetStreamStats } from "./jsz.ts";

type Fields = { readonly [field: string]: JsonLike };

/** Source: nats-server `ServerStats`, in its order. */
export function statsz(server: ServerState, io: ServerIo): Fields {
  const { totals } = server;
  const usage = io.usage?.() ?? { memory: 0, cores: 1, cpu: 0 };
  const sent = { msgs: totals.outMsgs, bytes: totals.outBytes };
  const received = { msgs: totals.inMsgs, bytes: totals.inBytes };
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
    sent,
    received,
    slow_consumers: totals.slowConsumers,
    active_servers: activeServers(server),
    jetstream: jetStream(server, io),
  };
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
    config: jetStreamConfig(server),
    stats: jetStreamStats(server),
    meta: metaCluster(server, io),
    limits: jetStreamLimits,
  };
}
