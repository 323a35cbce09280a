/** A new configuration for a server that runs, as far as it can change. */

import { isAuthRequired } from "./accounts/accounts.ts";
import { authenticate, userAccount } from "./accounts/authenticate.ts";
import { withGlobalUser } from "./accounts/global-user.ts";
import { createPermissions, maySubscribe } from "./accounts/permissions.ts";
import { shutDownJetStream } from "./assets/jetstream-end.ts";
import { startJetStream } from "./assets/stream-start.ts";
import type { ServerConfig } from "./config/server-config.ts";
import { type CloseReason, closeClient, refuseClient } from "./connections/close.ts";
import { noAuthUserFor } from "./connections/connect.ts";
import { sendErr } from "./connections/output.ts";
import { dropSubscription } from "./interest/subscribe.ts";
import type { ServerIo } from "./io.ts";
import { reloadAccounts } from "./reload-accounts.ts";
import { isSame, reloadNews } from "./reload-fields.ts";
import type { ClientConn, ServerState } from "./state.ts";
import { sendStatsz } from "./system/heartbeat.ts";

/**
 * Settings change as far as a running server can change them, for those who are connected too.
 * Throws {@link ReloadError}, and then nothing was changed. Source: nats-server `ReloadOptions`.
 */
export function applyConfig(server: ServerState, io: ServerIo, wanted: ServerConfig): void {
  const old = server.config;
  const config = Object.freeze(withKept(old, withGlobalUser(server, io, wanted)));
  const said = reloadNews(old, config);
  server.config = config;
  server.configLoaded = io.wall;
  applyLimits(server, io, old);
  for (const text of said) io.log("info", `${wordFor(text)}: ${text}`);
  reloadAccounts(server, io, old);
  applyJetStream(server, io);
  for (const client of [...server.conns.values()]) recheckClient(server, io, client);
  if (said.some((text) => text === "tags" || text.startsWith("JetStream"))) sendStatsz(server, io);
  io.log("info", `Reloaded server configuration (${config.process.configDigest})`);
}

/** nats-server has another word for this one. */
function wordFor(text: string): string {
  return text.startsWith("client_advertise") ? "Reload" : "Reloaded";
}

/** A port that may be any stays the one that it became; so do those of a world's machine. */
function withKept(old: ServerConfig, wanted: ServerConfig): ServerConfig {
  const kept = <T extends { readonly port: number }>(was: T | null, is: T | null): T | null =>
    is !== null && was !== null && is.port === -1 ? { ...is, port: was.port } : is;
  return {
    ...wanted,
    port: wanted.port === -1 || wanted.port === 0 ? old.port : wanted.port,
    monitoring: kept(old.monitoring, wanted.monitoring),
    websocket: kept(old.websocket, wanted.websocket),
  };
}

/** Source: nats-server `maxConnOption.Apply`, `maxControlLineOption.Apply`. */
function applyLimits(server: ServerState, io: ServerIo, old: ServerConfig): void {
  const { maxConnections, maxControlLine } = server.config.limits;
  for (const { parser } of server.conns.values()) parser.limits.maxControlLine = maxControlLine;
  const surplus = server.conns.size - Math.max(0, maxConnections);
  if (old.limits.maxConnections === maxConnections || surplus <= 0) return;
  const clients = [...server.conns.values()];
  for (let closed = 0; closed < surplus; closed++) {
    const [client] = clients.splice(io.draw("reload") % clients.length, 1);
    if (client === undefined) break;
    const text = "maximum connections exceeded";
    refuseClient(server, io, client, { text, reason: "Maximum Connections Exceeded" });
  }
  io.log("info", `Closed ${surplus} connections to fall within max_connections`);
}

/** Source: nats-server `jetStreamLimitsOption.Apply`, `DisableJetStream`, `restartJetStream`. */
function applyJetStream(server: ServerState, io: ServerIo): void {
  const { config, jetstream } = server;
  if (config.jetstream === null) shutDownJetStream(server, io);
  else if (jetstream === null) startJetStream(server, io);
  else {
    const { maxMemory, maxFile } = config.jetstream;
    if (maxMemory >= 0) jetstream.memoryMax = maxMemory;
    if (maxFile >= 0) jetstream.storageMax = maxFile;
  }
}

/** Source: nats-server `reloadAuthorization`, `clientHasMovedToDifferentAccount`. */
function recheckClient(server: ServerState, io: ServerIo, client: ClientConn): void {
  const { config } = server;
  const { limits } = client.parser;
  if (!client.connectReceived) {
    client.parser.connectFirst = isAuthRequired(config);
    limits.maxPayload = config.limits.maxPayload;
    return;
  }
  const identity = authenticate(config, client, noAuthUserFor(server, client));
  const account = identity?.account ?? userAccount(config, client.user);
  if (account !== client.account) {
    closeClient(server, io, client, "Client Closed");
    return;
  }
  if (identity === null) {
    const reason = "Authentication Failure";
    refuseClient(server, io, client, { text: "Authorization Violation", reason });
    return;
  }
  const ofAccount = server.accounts.get(account)?.config.maxPayload ?? -1;
  const most = config.limits.maxPayload;
  limits.maxPayload = ofAccount >= 0 ? Math.min(most, ofAccount) : most;
  const surplus = beyondLimits(server, client);
  if (surplus !== null) {
    refuseClient(server, io, client, surplus);
    return;
  }
  if (isSame(client.permissions?.config ?? null, identity.permissions)) return;
  client.permissions = createPermissions(identity.permissions);
  dropForbidden(server, io, client);
}

interface Surplus {
  readonly text: string;
  readonly reason: CloseReason;
}

/**
 * Who has to log in does so again, and may be one too many. nats-server goes through its clients
 * in no order, we in theirs. Source: `registerWithAccount`, `subsAtLimit`.
 */
function beyondLimits({ config, accounts }: ServerState, client: ClientConn): Surplus | null {
  const account = accounts.get(client.account);
  if (!isAuthRequired(config) || account === undefined) return null;
  const { maxConnections, maxSubscriptions } = account.config;
  if (maxConnections >= 0 && account.clients > maxConnections) {
    const text = "maximum account active connections exceeded";
    return { text, reason: "Maximum Account Connections Exceeded" };
  }
  const own = config.limits.maxSubscriptions;
  const most = Math.min(
    maxSubscriptions >= 0 ? maxSubscriptions : Number.POSITIVE_INFINITY,
    own > 0 ? own : Number.POSITIVE_INFINITY,
  );
  if (client.subs.size < most) return null;
  return { text: "maximum subscriptions exceeded", reason: "Maximum Subscriptions Exceeded" };
}
/** Source: nats-server `processSubsOnConfigReload`. */
function dropForbidden(server: ServerState, io: ServerIo, client: ClientConn): void {
  const { permissions } = client;
  const account = server.accounts.get(client.account);
  if (permissions === null || account === undefined) return;
  for (const [sid, id] of [...client.subs]) {
    const sub = account.interest.subs.get(id);
    if (sub === undefined || maySubscribe(permissions, sub.subject, sub.queue)) continue;
    client.subs.delete(sid);
    dropSubscription(server, account, id);
    const using = sub.queue === null ? "" : ` using queue ${JSON.stringify(sub.queue)}`;
    const what = `${JSON.stringify(sub.subject)}${using} (sid ${JSON.stringify(sid)})`;
    sendErr(server, io, client, `Permissions Violation for Subscription to ${what}`);
    io.log("info", `Removed sub ${what} for User ${JSON.stringify(client.user)} - not authorized`);
  }
}
