/** `/varz`: the server's settings and counters. */
import { compareStrings, formatStoredTime, seconds } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import { isAuthRequired } from "../accounts/accounts.ts";
import type { ServerConfig } from "../config/server-config.ts";
import { systemAccountOf } from "../connections/info.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { featureFlags } from "../system/server-info.ts";
import { goVersion, protocolVersion, serverVersion } from "../version.ts";
import { jetStreamConfig, jetStreamLimits, jetStreamStats } from "./jsz.ts";
import { registeredRoutes } from "./routez.ts";
import { shownAge } from "./uptime.ts";

const noRoutes = { inMsgs: 0, inBytes: 0, outMsgs: 0, outBytes: 0, stale: 0 } as const;
const nanosPerSecond = 1_000_000_000;

/** Source: nats-server `Varz`; fields in its order. */
export function varz(server: ServerState, io: ServerIo): Record<string, JsonLike> {
  return { ...settings(server), ...counters(server, io) };
}

function settings(server: ServerState): Record<string, JsonLike> {
  const { config } = server;
  const { limits, monitoring } = config;
  return {
    server_id: server.id,
    server_name: server.name,
    version: serverVersion,
    proto: protocolVersion,
    go: goVersion,
    host: config.host,
    port: config.port,
    auth_required: isAuthRequired(config) ? true : undefined,
    tls_required: config.tls !== undefined && config.allowNonTls !== true ? true : undefined,
    tls_verify: config.tls?.verify === true ? true : undefined,
    connect_urls: urlsOrNone(server.routes?.clientUrls),
    ws_connect_urls: urlsOrNone(server.routes?.websocketUrls),
    max_connections: limits.maxConnections,
    max_subscriptions: limits.maxSubscriptions > 0 ? limits.maxSubscriptions : undefined,
    ping_interval: config.pingInterval,
    ping_max: config.pingMax,
    http_host: monitoring?.host ?? config.host,
    http_port: monitoring?.port ?? 0,
    http_base_path: "",
    https_port: 0,
    auth_timeout: config.authorization.timeout / nanosPerSecond,
    max_control_line: limits.maxControlLine,
    max_payload: limits.maxPayload,
    max_pending: limits.maxPending,
    cluster: clusterSettings(server),
    gateway: {},
    leaf: {},
    mqtt: {},
    websocket: websocketSettings(config),
    jetstream: jetStreamVarz(server),
    tls_timeout: (config.tls?.timeout ?? seconds(2)) / nanosPerSecond,
    write_deadline: config.writeDeadline,
  };
}

function urlsOrNone(urls: readonly string[] | undefined): JsonLike {
  return urls === undefined || urls.length === 0 ? undefined : [...urls];
}

/** Source: nats-server `ClusterOptsVarz`; a pool of -1 is one route a pair of servers. */
function clusterSettings({ config, routes }: ServerState): JsonLike {
  const { cluster } = config;
  if (cluster === null || routes === undefined) return {};
  const others = cluster.routes.map(({ host, port }) => `${host}:${port}`);
  return {
    name: cluster.name,
    addr: cluster.host,
    cluster_port: cluster.port,
    auth_timeout: 2,
    urls: [`${cluster.host}:${cluster.port}`, ...others].sort(compareStrings),
    tls_timeout: 2,
    pool_size: -1,
  };
}

function websocketSettings({ websocket }: ServerConfig): JsonLike {
  if (websocket === null) return {};
  return {
    host: websocket.host,
    port: websocket.port,
    no_auth_user: websocket.noAuthUser === "" ? undefined : websocket.noAuthUser,
    handshake_timeout: websocket.handshakeTimeout,
    no_tls: websocket.noTls ? true : undefined,
    same_origin: websocket.sameOrigin ? true : undefined,
    allowed_origins: websocket.allowedOrigins.length === 0 ? undefined : websocket.allowedOrigins,
    compression: websocket.compression ? true : undefined,
  };
}

function jetStreamVarz(server: ServerState): JsonLike {
  if (server.jetstream === null) return {};
  return {
    config: jetStreamConfig(server),
    stats: jetStreamStats(server),
    limits: jetStreamLimits(server),
  };
}

function counters(server: ServerState, io: ServerIo): Record<string, JsonLike> {
  const { config, totals } = server;
  const routed = server.routes?.totals ?? noRoutes;
  const usage = io.usage?.() ?? { memory: 0, cores: 1, cpu: 0 };
  let subscriptions = 0;
  for (const { interest } of server.accounts.values()) subscriptions += interest.subs.size;
  const none = { clients: 0, routes: 0, gateways: 0, leafs: 0 };
  return {
    start: formatStoredTime(server.started),
    now: formatStoredTime(io.wall),
    uptime: shownAge(server.started, io.wall),
    mem: usage.memory,
    cores: usage.cores,
    gomaxprocs: usage.cores,
    cpu: usage.cpu,
    connections: server.conns.size,
    total_connections: totals.connections,
    routes: registeredRoutes(server).length,
    remotes: server.routes?.peers.size ?? 0,
    leafnodes: 0,
    in_msgs: totals.inMsgs + routed.inMsgs,
    in_bytes: totals.inBytes + routed.inBytes,
    in_client_msgs: totals.inMsgs,
    in_client_bytes: totals.inBytes,
    out_msgs: totals.outMsgs + routed.outMsgs,
    out_bytes: totals.outBytes + routed.outBytes,
    out_client_msgs: totals.outMsgs,
    out_client_bytes: totals.outBytes,
    slow_consumers: totals.slowConsumers,
    stale_connections: totals.staleConnections + routed.stale,
    stalled_clients: 0,
    subscriptions,
    http_req_stats: Object.fromEntries(totals.httpRequests),
    config_load_time: formatStoredTime(server.configLoaded),
    config_digest: config.process.configDigest,
    tags: config.tags.length === 0 ? undefined : config.tags,
    feature_flags: featureFlags(config),
    system_account: systemAccountOf(server),
    slow_consumer_stats: { ...none, clients: totals.slowConsumers },
    stale_connection_stats: { ...none, clients: totals.staleConnections, routes: routed.stale },
    disk_io_wait_stats: { waiters: 0, waits: 0, wait_time: 0, max_wait_time: 0 },
  };
}
