/** A new configuration for a server that runs, as far as it can change. */

import { globalAccount, isAuthRequired, mappingsOf } from "./accounts/accounts.ts";
import { authenticate, userAccount } from "./accounts/authenticate.ts";
import { withGlobalUser } from "./accounts/global-user.ts";
import { createPermissions, maySubscribe } from "./accounts/permissions.ts";
import type { ServerConfig } from "./config/server-config.ts";
import { closeClient, refuseClient } from "./connections/close.ts";
import { noAuthUserFor } from "./connections/connect.ts";
import { sendErr } from "./connections/output.ts";
import { dropSubscription } from "./interest/subscribe.ts";
import type { ServerIo } from "./io.ts";
import type { ClientConn, ServerState } from "./state.ts";

/** What cannot change while the server runs; nothing was changed. */
export class ReloadError extends Error {
  override readonly name = "ReloadError";
}

/** Keys that a running server keeps, by the names that nats-server gives them. */
const fixedKeys = [
  ["name", "ServerName"],
  ["host", "Host"],
  ["port", "Port"],
  ["clientAdvertise", "ClientAdvertise"],
  ["monitoring", "HTTPPort"],
  ["websocket", "Websocket"],
  ["systemAccount", "SystemAccount"],
  ["storeDir", "StoreDir"],
  ["jetstream", "JetStream"],
  ["cluster", "Cluster"],
] as const;

/**
 * Users, permissions, mappings and limits change, for those who are connected too. Throws
 * {@link ReloadError}. Source: nats-server `ReloadOptions`, `reloadAuthorization`.
 */
export function applyConfig(server: ServerState, io: ServerIo, wanted: ServerConfig): void {
  const old = server.config;
  const process = { ...old.process, configDigest: wanted.process.configDigest };
  const config = Object.freeze({
    ...withOpenPorts(old, withGlobalUser(server, io, wanted)),
    process,
  });
  refuseFixed(old, config);
  for (const text of changes(old, config)) io.log("info", `Reloaded: ${text}`);
  server.config = config;
  for (const account of server.accounts.values()) {
    const named = config.accounts.find(({ name }) => name === account.name);
    const isGlobal = account.name === globalAccount;
    const given = isGlobal ? { ...account.config, mappings: config.mappings } : named;
    if (given === undefined) continue;
    if (!isSame(account.config.mappings, given.mappings)) {
      account.mappings = mappingsOf(given, config);
    }
    account.config = given;
  }
  for (const client of [...server.conns.values()]) recheckClient(server, io, client);
  io.log("info", `Reloaded server configuration (${process.configDigest})`);
}

/** A port that may be any stays the one that it became. */
function withOpenPorts(old: ServerConfig, wanted: ServerConfig): ServerConfig {
  const kept = <T extends { readonly port: number }>(was: T | null, is: T | null): T | null =>
    is !== null && was !== null && is.port === -1 ? { ...is, port: was.port } : is;
  return {
    ...wanted,
    port: wanted.port === -1 ? old.port : wanted.port,
    monitoring: kept(old.monitoring, wanted.monitoring),
    websocket: kept(old.websocket, wanted.websocket),
  };
}

function refuseFixed(old: ServerConfig, config: ServerConfig): void {
  for (const [key, name] of fixedKeys) {
    if (isSame(old[key], config[key])) continue;
    const values = `old=${JSON.stringify(old[key])}, new=${JSON.stringify(config[key])}`;
    throw new ReloadError(`config reload not supported for ${name}: ${values}`);
  }
  if (isSame(old.accounts.map(lasting), config.accounts.map(lasting))) return;
  throw new ReloadError("config reload not supported for Accounts");
}

/** What an account is beside its users, limits and mappings. */
function lasting({ name, jetstream, imports, exports }: ServerConfig["accounts"][number]): unknown {
  return { name, jetstream, imports, exports };
}

/** In nats-server's words (`reload.go`, the `Apply` functions). */
function changes(old: ServerConfig, config: ServerConfig): string[] {
  const was = old.authorization;
  const is = config.authorization;
  const made: string[] = [];
  if (was.username !== is.username) made.push("authorization username");
  if (was.password !== is.password) made.push("authorization password");
  if (was.token !== is.token) made.push("authorization token");
  const isUsers = !isSame(was.users, is.users);
  if (isUsers) made.push("authorization users");
  if (isUsers || !isSame(old.accounts, config.accounts)) made.push("accounts");
  const { maxPayload, maxConnections } = config.limits;
  if (old.limits.maxPayload !== maxPayload) made.push(`max_payload = ${maxPayload}`);
  if (old.limits.maxConnections !== maxConnections) {
    made.push(`max_connections = ${maxConnections}`);
  }
  return made;
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
  const identity = authenticate(config, client, noAuthUserFor(server, client), io.bcrypt);
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
  client.permissions = createPermissions(identity.permissions);
  dropForbidden(server, io, client);
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
    sendErr(server, client, `Permissions Violation for Subscription to ${what}`);
    io.log("info", `Removed sub ${what} for User ${JSON.stringify(client.user)} - not authorized`);
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
