/** Where clients may go instead: the URLs of all servers of the cluster that are up. */
import { sortedBy } from "../../kernel/index.ts";
import { sendUrlsInfo } from "../connections/info.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { RouteConn } from "./route-conn.ts";

/** Of this server alone. Source: nats-server `getConnectURLs`. */
export function ownClientUrls({ config, phase }: ServerState): readonly string[] {
  if (phase === "lame-duck") return [];
  return [config.clientAdvertise === "" ? `${config.host}:${config.port}` : config.clientAdvertise];
}

export function ownWebsocketUrls({ config, phase }: ServerState): readonly string[] {
  const { websocket } = config;
  if (websocket === null || phase === "lame-duck") return [];
  const { port, advertise = "" } = websocket;
  // What names no port means the one it listens on. Source: nats-server `parseHostPort`.
  if (advertise !== "") return [/:\d+$/.test(advertise) ? advertise : `${advertise}:${port}`];
  const { clientAdvertise } = config;
  const host = clientAdvertise === "" ? websocket.host : clientAdvertise.replace(/:\d+$/, "");
  return [`${host}:${port}`];
}

/**
 * Tells the clients when URLs came or went. The first change is that of the first route: a server
 * that never had one advertises nothing. Source: nats-server `updateServerINFOAndSendINFOToClients`.
 */
export function announceUrls(server: ServerState, _io: ServerIo): void {
  const { routes } = server;
  if (routes === undefined) return;
  const isClientNews = take(routes.clientUrls, ownClientUrls(server), others(server, "clientUrls"));
  const known = others(server, "websocketUrls");
  const isWebsocketNews = take(routes.websocketUrls, ownWebsocketUrls(server), known);
  if (isClientNews) sendUrlsInfo(server, "tcp");
  if (isWebsocketNews) sendUrlsInfo(server, "ws");
}

/** Looks again at which URLs there are; the clients hear of it with what is sent to them next. */
export function refreshUrls(server: ServerState): void {
  const { routes } = server;
  if (routes === undefined) return;
  take(routes.clientUrls, ownClientUrls(server), others(server, "clientUrls"));
  take(routes.websocketUrls, ownWebsocketUrls(server), others(server, "websocketUrls"));
}

/** Puts this server's URLs before the others'; false when those of the others stay as they were. */
function take(list: string[], own: readonly string[], known: readonly string[]): boolean {
  const before = list.filter((url) => !own.includes(url));
  if (before.length === known.length && before.every((url, at) => url === known[at])) return false;
  list.splice(0, list.length, ...own, ...known);
  return true;
}

/** Each URL once, in the order of the servers' names. */
function others(server: ServerState, of: "clientUrls" | "websocketUrls"): string[] {
  const registered: RouteConn[] = [];
  for (const route of server.routes?.conns.values() ?? []) {
    if (route.phase === "registered") registered.push(route);
  }
  const own = of === "clientUrls" ? ownClientUrls(server) : ownWebsocketUrls(server);
  const urls = sortedBy(registered, (route) => route.remoteName).flatMap((route) => route[of]);
  return [...new Set(urls)].filter((url) => !own.includes(url));
}
