/** `/accountz` and `/accstatz`: the accounts of a server. */
import { formatStoredTime } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import { accountNames } from "../accounts/accounts.ts";
import { systemAccountOf } from "../connections/info.ts";
import type { ServerIo } from "../io.ts";
import type { Account, ServerState } from "../state.ts";
import { exportsOf, importsOf, mappingsShown } from "./account-sharing.ts";
import { type Query, QueryError, queryBool } from "./monitor-query.ts";

type Fields = Record<string, JsonLike>;

/** Source: nats-server `Accountz`. */
export function accountz(server: ServerState, io: ServerIo, query: Query): Fields {
  const name = query.get("acc") ?? "";
  const head = {
    server_id: server.id,
    now: formatStoredTime(io.wall),
    system_account: systemAccountOf(server),
  };
  if (name === "") return { ...head, accounts: accountNames(server.accounts) };
  return { ...head, account_detail: accountInfo(server, name) };
}

/** Source: nats-server `accountInfo`. Throws {@link QueryError}. */
export function accountInfo(server: ServerState, name: string): Fields {
  const account = server.accounts.get(name);
  if (account === undefined) throw new QueryError(`Account ${name} does not exist`);
  const { subs, lastId } = account.interest;
  const isSystem = name === systemAccountOf(server);
  return {
    account_name: name,
    update_time: formatStoredTime(server.started),
    is_system: isSystem ? true : undefined,
    expired: false,
    complete: true,
    jetstream_enabled: server.jetstream?.accounts.has(name) === true,
    leafnode_connections: 0,
    client_connections: account.clients,
    subscriptions: subs.size,
    mappings: mappingsShown(account.config.mappings),
    exports: exportsOf(server, account),
    imports: importsOf(server, account),
    name_tag: name,
    sublist_stats: {
      num_subscriptions: subs.size,
      num_cache: 0,
      num_inserts: lastId,
      num_removes: lastId - subs.size,
      num_matches: 0,
      cache_hit_rate: 0,
      max_fanout: 0,
      avg_fanout: 0,
    },
  };
}

/** Source: nats-server `AccountStatz`: accounts with a connection, or all with `unused`. */
export function accstatz(server: ServerState, io: ServerIo, query: Query): Fields {
  const unused = queryBool(query, "unused");
  const wanted = query.get("acc") ?? "";
  const rows: JsonLike[] = [];
  for (const name of accountNames(server.accounts)) {
    const account = server.accounts.get(name);
    if (account === undefined || (wanted !== "" && wanted !== name)) continue;
    if (account.clients > 0 || unused) rows.push(accountStat(server, account));
  }
  return { server_id: server.id, now: formatStoredTime(io.wall), account_statz: rows };
}

/** Source: nats-server `AccountStat`: those who have gone count too. */
export function accountStat(server: ServerState, account: Account): Fields {
  const { past } = account;
  const sent = { msgs: past.outMsgs, bytes: past.outBytes };
  const received = { msgs: past.inMsgs, bytes: past.inBytes };
  for (const client of server.conns.values()) {
    if (client.account !== account.name) continue;
    sent.msgs += client.outMsgs;
    sent.bytes += client.outBytes;
    received.msgs += client.inMsgs;
    received.bytes += client.inBytes;
  }
  const none = { msgs: 0, bytes: 0 };
  return {
    acc: account.name,
    name: account.name,
    conns: account.clients,
    leafnodes: 0,
    total_conns: account.clients,
    num_subscriptions: account.interest.subs.size,
    sent: { ...sent, gateways: none, routes: none, leafs: none },
    received: { ...received, gateways: none, routes: none, leafs: none },
    slow_consumers: past.slowConsumers,
  };
}
