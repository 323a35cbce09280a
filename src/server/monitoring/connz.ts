/** `/connz`: the connections, present and past. */
import { formatGoDuration } from "../../jetstream/index.ts";
import { compareStoredTime, compareStrings, formatStoredTime } from "../../kernel/index.ts";
import { isSubsetOf, type JsonLike } from "../../protocol/index.ts";
import { globalAccount } from "../accounts/accounts.ts";
import type { Subscription } from "../interest/subscription.ts";
import type { ServerIo } from "../io.ts";
import type { ClientConn, ClosedConn, ConnFacts, ServerState } from "../state.ts";
import { type Query, QueryError, queryBool, queryInteger } from "./monitor-query.ts";
import { shownAge } from "./uptime.ts";

/** Source: `DefaultConnListSize`. */
const limitDefault = 1024;

interface Row {
  readonly client: ConnFacts;
  readonly closed: ClosedConn | null;
  readonly subs: readonly Subscription[];
}

/** Source: nats-server `HandleConnz`, `Connz`. Throws {@link QueryError}. */
export function connz(server: ServerState, io: ServerIo, query: Query): Record<string, JsonLike> {
  const sort = query.get("sort") ?? "";
  if (sort !== "" && !Object.hasOwn(orders, sort)) {
    throw new QueryError(`invalid sorting option: ${sort}`);
  }
  const detail = (query.get("subs") ?? "").toLowerCase() === "detail";
  const options = {
    auth: queryBool(query, "auth"),
    detail,
    names: !detail && queryBool(query, "subs"),
    offset: queryInteger(query, "offset"),
    limit: queryInteger(query, "limit") || limitDefault,
    cid: queryInteger(query, "cid", "uint64"),
  };
  const rows = selectRows(server, query, options.cid);
  rows.sort(orders[sort === "" ? "cid" : sort] ?? byCid);
  const page = rows.slice(options.offset, options.offset + options.limit);
  return {
    server_id: server.id,
    now: formatStoredTime(io.wall),
    num_connections: page.length,
    total: rows.length,
    offset: options.offset,
    limit: options.limit,
    connections: page.map((row) => connInfo(io, row, options)),
  };
}

function selectRows(server: ServerState, query: Query, cid: number): Row[] {
  const state = (query.get("state") ?? "open").toLowerCase();
  const rows: Row[] = [];
  const wantsOpen = ["open", "any", "all", ""].includes(state) || cid > 0;
  const wantsClosed = ["closed", "any", "all"].includes(state) || cid > 0;
  if (wantsOpen) {
    for (const client of server.conns.values()) {
      rows.push({ client, closed: null, subs: subsOf(server, client) });
    }
  }
  if (wantsClosed) {
    for (const closed of server.closed) rows.push({ client: closed, closed, subs: [] });
  }
  const account = query.get("acc") ?? "";
  const user = query.get("user") ?? "";
  const filter = query.get("filter_subject") ?? "";
  return rows.filter(({ client, subs }) => {
    if (cid > 0 && client.cid !== cid) return false;
    if (account !== "" && client.account !== account) return false;
    if (user !== "" && client.user !== user) return false;
    return filter === "" || subs.some(({ subject }) => isSubsetOf(filter, subject));
  });
}

export function subsOf(server: ServerState, client: ClientConn): Subscription[] {
  const interest = server.accounts.get(client.account)?.interest;
  const subs: Subscription[] = [];
  for (const id of client.subs.values()) {
    const sub = interest?.subs.get(id);
    if (sub !== undefined) subs.push(sub);
  }
  return subs;
}

interface Shown {
  readonly auth: boolean;
  readonly detail: boolean;
  readonly names: boolean;
}

/** Source: nats-server `ConnInfo.fill`. */
function connInfo(io: ServerIo, { client, closed, subs }: Row, shown: Shown): JsonLike {
  const { options } = client;
  const end = closed?.stop ?? io.wall;
  const text = (value: string): string | undefined => (value === "" ? undefined : value);
  return {
    cid: client.cid,
    kind: "Client",
    type: client.transport === "ws" ? "websocket" : "nats",
    ip: client.ip,
    port: client.port,
    start: formatStoredTime(client.start),
    last_activity: formatStoredTime(client.lastActivity),
    stop: closed === null ? undefined : formatStoredTime(closed.stop),
    reason: closed?.reason,
    rtt: client.rtt > 0 ? formatGoDuration(client.rtt) : undefined,
    uptime: shownAge(client.start, end),
    idle: shownAge(client.lastActivity, end),
    pending_bytes: io.pending?.(client.conn) ?? 0,
    in_msgs: client.inMsgs,
    out_msgs: client.outMsgs,
    in_bytes: client.inBytes,
    out_bytes: client.outBytes,
    subscriptions: subs.length,
    name: text(options.name),
    lang: text(options.lang),
    version: text(options.version),
    tls_version: client.secured?.version,
    tls_cipher_suite: client.secured?.cipher,
    tls_first: client.secured?.first === true ? true : undefined,
    authorized_user: shown.auth ? text(client.user) : undefined,
    account: shown.auth && client.account !== globalAccount ? text(client.account) : undefined,
    subscriptions_list:
      shown.names && subs.length > 0 ? subs.map(({ subject }) => subject) : undefined,
    subscriptions_list_detail:
      shown.detail && subs.length > 0
        ? subs.map((sub) => subDetail(sub, client.cid, {}))
        : undefined,
    name_tag: shown.auth ? text(client.account) : undefined,
  };
}

/** Source: nats-server `newSubDetail`. */
export function subDetail(
  sub: Subscription,
  cid: number,
  of: { readonly account?: string },
): JsonLike {
  return {
    account: of.account,
    account_tag: of.account,
    subject: sub.subject,
    qgroup: sub.queue ?? undefined,
    sid: sub.sid,
    msgs: sub.delivered,
    max: sub.max > 0 ? sub.max : undefined,
    cid,
  };
}

type Order = (a: Row, b: Row) => number;

const byCid: Order = (a, b) => a.client.cid - b.client.cid;
const falling =
  (value: (row: Row) => number): Order =>
  (a, b) =>
    value(b) - value(a);

/** Source: nats-server `monitor_sort_opts.go`. */
const orders: Readonly<Record<string, Order>> = {
  cid: byCid,
  start: byCid,
  subs: falling(({ subs }) => subs.length),
  pending: byCid,
  msgs_to: falling(({ client }) => client.outMsgs),
  msgs_from: falling(({ client }) => client.inMsgs),
  bytes_to: falling(({ client }) => client.outBytes),
  bytes_from: falling(({ client }) => client.inBytes),
  last: (a, b) => compareStoredTime(b.client.lastActivity, a.client.lastActivity),
  idle: (a, b) => compareStoredTime(a.client.lastActivity, b.client.lastActivity),
  uptime: (a, b) => compareStoredTime(a.client.start, b.client.start),
  stop: (a, b) => compareStoredTime(stopOf(b), stopOf(a)),
  reason: (a, b) => compareStrings(a.closed?.reason ?? "", b.closed?.reason ?? ""),
  rtt: falling(({ client }) => client.rtt),
};

function stopOf({ client, closed }: Row): ClientConn["start"] {
  return closed?.stop ?? client.start;
}
