/** The accounts of a running server follow a new configuration. */
import {
  bareAccount,
  createAccount,
  globalAccount,
  mappingsOf,
  systemAccountName,
} from "./accounts/accounts.ts";
import { startServiceImports } from "./accounts/service-imports.ts";
import { compileStreamImports } from "./accounts/stream-imports.ts";
import { closeJetStreamAccount } from "./assets/jetstream-end.ts";
import { openJetStreamAccount } from "./assets/stream-start.ts";
import type { AccountConfig } from "./config/account-config.ts";
import { unlimitedJetStream } from "./config/jetstream-config.ts";
import type { ServerConfig } from "./config/server-config.ts";
import { jetStreamParts } from "./doors/jetstream-door.ts";
import { castShadowsAnew, unsubscribeInternal } from "./interest/subscribe.ts";
import type { ServerIo } from "./io.ts";
import { isSame } from "./reload-fields.ts";
import type { Account, ServerState } from "./state.ts";
import { listenForAccountRequests } from "./system/requests.ts";

/**
 * New accounts come, known ones get what they are told now, and those that are not named any more
 * go. `server.config` is the new one. Source: nats-server `configureAccounts`.
 */
export function reloadAccounts(server: ServerState, io: ServerIo, old: ServerConfig): void {
  const { config } = server;
  const wanted = new Map(config.accounts.map((account) => [account.name, account]));
  for (const name of [globalAccount, systemAccountName(config)]) {
    if (!wanted.has(name)) wanted.set(name, ownConfig(name, config));
  }
  for (const [name, given] of wanted) {
    const account = server.accounts.get(name);
    if (account === undefined) addAccount(server, given);
    else changeAccount(server, account, given);
  }
  for (const name of [...server.accounts.keys()]) {
    if (!wanted.has(name)) server.accounts.delete(name);
  }
  if (!isSame(sharingOf(old), sharingOf(config))) shareAnew(server);
  if (server.jetstream === null) return;
  for (const { name, config: given } of server.accounts.values()) {
    // In a cluster the meta group says who has what.
    if (given.jetstream === null && server.routes === undefined)
      closeJetStreamAccount(server, name);
    const isNew = server.jetstream.accounts.get(name) === undefined;
    openJetStreamAccount(server, io, name);
    const has = server.jetstream.accounts.get(name)?.streams.size ?? 0;
    if (isNew && has > 0) jetStreamParts().announceStreams(server, io, name);
  }
}

/** Of an account that the file does not name. */
function ownConfig(name: string, { jetstream, accounts, mappings }: ServerConfig): AccountConfig {
  if (name !== globalAccount) return bareAccount(name);
  const isElsewhere = jetstream === null || accounts.some((one) => one.jetstream !== null);
  return { ...bareAccount(name), jetstream: isElsewhere ? null : unlimitedJetStream, mappings };
}

function addAccount(server: ServerState, given: AccountConfig): void {
  server.accounts.set(given.name, createAccount(given, server.config));
  listenForAccountRequests(server, given.name);
}

function changeAccount(server: ServerState, account: Account, given: AccountConfig): void {
  if (!isSame(account.config.mappings, given.mappings)) {
    account.mappings = mappingsOf(given, server.config);
  }
  account.config = given;
}

function sharingOf({ accounts }: ServerConfig): unknown {
  return accounts.map(({ name, imports, exports }) => ({ name, imports, exports }));
}

/** Imports are followed from scratch; requests that wait for answers go on waiting. */
function shareAnew(server: ServerState): void {
  for (const account of server.accounts.values()) {
    for (const { id, target } of [...account.interest.subs.values()]) {
      if (target?.kind === "service-import" || target?.kind === "service-response") {
        unsubscribeInternal(server, account.name, id);
      }
    }
    account.services.length = 0;
    account.streams = compileStreamImports(account.config.imports);
  }
  startServiceImports(server);
  castShadowsAnew(server);
}
