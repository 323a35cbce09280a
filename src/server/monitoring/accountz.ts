/** `/accountz` and `/accstatz`: the accounts of a server. */
import { formatStoredTime } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import { accountNames } from "../accounts/accounts.ts";
import { systemAccountOf } from "../connections/info.ts";
import type { ServerIo } from "../io.ts";
import type { Account, ServerState } from "../state.ts";
import { type Query, QueryError, queryBool } from "./monitor-query.ts";

/** Source: nats-server `Accountz`. */
export function accountz(
  server: ServerState,
  io: ServerIo,
  query: Query,
): Record<string, JsonLike> {
  const name = query.get("acc") ?? "";
  const head = {
    server_id: server.id,
    now: formatStoredTime(io.wall),
    system_account: systemAccountOf(server),
  };
  if (name === "") return { ...head, accounts: accountNames(server.accounts) };
  const account = server.accounts.get(name);
  if (account === undefined) {
    throw new QueryError(`Account ${name} does not exist`);
  }
  return { ...head, account_detail: accountDetail(server, account) };
}

function accountDetail(server: ServerState, account: Account): JsonLike {
  const { subs, lastId } = account.interest;
  return {
    account_name: account.name,
    update_time: formatStoredTime(server.started),
    is_system: account.name === systemAccountOf(server) ? true : undefined,
    expired: false,
    complete: true,
    jetstream_enabled: server.jetstream?.accounts.has(account.name) === true,
    leafnode_connections: 0,
    client_connections: account.clients,
    subscriptions: subs.size,
    name_tag: account.name,
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
export function accstatz(
  server: ServerState,
  io: ServerIo,
  query: Query,
): Record<string, JsonLike> {
  const unused = queryBool(query, "unused");
  const rows: JsonLike[] = [];
  for (const name of accountNames(server.accounts)) {
    const account = server.accounts.get(name);
    if (account === undefined || (account.clients === 0 && !unused)) continue;
    rows.push(accountStat(server, account));
  }
  return { server_id: server.id, now: formatStoredTime(io.wall), account_statz: rows };
}

function accountStat(server: ServerState, account: Account): JsonLike {
  const sent = { msgs: 0, bytes: 0 };
  const received = { msgs: 0, bytes: 0 };
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
    slow_consumers: 0,
  };
}
