/** The accounts of a server, made from its configuration. */
import { compareStrings, sortedBy } from "../../kernel/index.ts";
import type { AccountConfig, MappingConfig } from "../config/account-config.ts";
import { unlimitedJetStream } from "../config/jetstream-config.ts";
import type { ServerConfig } from "../config/server-config.ts";
import { createInterest } from "../interest/interest.ts";
import type { Account, Mapping } from "../state.ts";
import { compileMappings } from "./mappings.ts";
import { compileStreamImports } from "./stream-imports.ts";

export const globalAccount = "$G";
const defaultSystemAccount = "$SYS";

/** `$G`, the system account, and what the configuration names. */
export function createAccounts(config: ServerConfig): Map<string, Account> {
  const accounts = new Map<string, Account>();
  const add = (account: AccountConfig): void => {
    accounts.set(account.name, createAccount(account, config));
  };
  // $G has JetStream unless the configuration gives it to accounts of its own.
  const isOwn = (one: AccountConfig): boolean => one.jetstream !== null;
  const given = config.jetstream === null || config.accounts.some(isOwn);
  const jetstream = given ? null : unlimitedJetStream;
  add({ ...bareAccount(globalAccount), jetstream, mappings: config.mappings });
  add(bareAccount(systemAccountName(config)));
  for (const account of sortedBy(config.accounts, ({ name }) => name)) add(account);
  return accounts;
}

export function systemAccountName({ systemAccount }: ServerConfig): string {
  return systemAccount === "" ? defaultSystemAccount : systemAccount;
}

/** Source: nats-server `configureAuthorization`. */
export function isAuthRequired(config: ServerConfig): boolean {
  const { username, token, users } = config.authorization;
  if (username !== "" || token !== "" || users.length > 0) return true;
  return config.accounts.some((account) => account.users.length > 0);
}

export function bareAccount(name: string): AccountConfig {
  return {
    name,
    users: [],
    defaultPermissions: null,
    jetstream: null,
    mappings: [],
    exports: [],
    imports: [],
    maxConnections: -1,
    maxSubscriptions: -1,
    maxPayload: -1,
  };
}

/** Names in the order in which listings show them. */
export function accountNames(accounts: ReadonlyMap<string, Account>): string[] {
  return [...accounts.keys()].sort(compareStrings);
}

/** What the configuration maps, and JetStream's domain where that leaves it room. */
export function mappingsOf(account: AccountConfig, server: ServerConfig): Mapping[] {
  const own = account.mappings;
  const domain = server.jetstream?.domain ?? "";
  const more = account.jetstream === null || domain === "" ? [] : domainMappings(domain);
  const added = more.filter(({ source }) => !own.some((mapping) => mapping.source === source));
  return compileMappings([...own, ...added], server.cluster?.name);
}

export function createAccount(config: AccountConfig, server: ServerConfig): Account {
  return {
    name: config.name,
    config,
    interest: createInterest(),
    mappings: mappingsOf(config, server),
    services: [],
    streams: compileStreamImports(config.imports),
    responses: new Map(),
    shadows: new Map(),
    clients: 0,
    past: { inMsgs: 0, inBytes: 0, outMsgs: 0, outBytes: 0, slowConsumers: 0 },
  };
}

/** What follows `$JS.<domain>.API.`, and where it goes. */
const domainSuffixes = [
  ["INFO", "$JS.API.INFO"],
  ["STREAM.>", "$JS.API.STREAM.>"],
  ["CONSUMER.>", "$JS.API.CONSUMER.>"],
  ["DIRECT.>", "$JS.API.DIRECT.>"],
  ["META.>", "$JS.API.META.>"],
  ["SERVER.>", "$JS.API.SERVER.>"],
  ["ACCOUNT.>", "$JS.API.ACCOUNT.>"],
  ["$KV.>", "$KV.>"],
  ["$OBJ.>", "$OBJ.>"],
] as const;

/** JetStream under the name of its domain. Source: nats-server `generateJSMappingTable`. */
function domainMappings(domain: string): MappingConfig[] {
  return domainSuffixes.map(([suffix, destination]) => {
    const destinations = [{ destination, weight: 100, cluster: "" }];
    return { source: `$JS.${domain}.API.${suffix}`, destinations };
  });
}
