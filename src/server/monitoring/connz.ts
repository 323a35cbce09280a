/** `/connz`: the connections, present and past. */
import { formatGoDuration } from "../../jetstream/index.ts";
import {
  compareStoredTime,
  compareStrings,
  type DurationNanos,
  formatStoredTime,
  nanos,
  type StoredTime,
} from "../../kernel/index.ts";
import { type JsonLike, subjectsCollide } from "../../protocol/index.ts";
import { globalAccount } from "../accounts/accounts.ts";
import { subscriptionsOf } from "../interest/subscribe.ts";
import type { Subscription } from "../interest/subscription.ts";
import type { ServerIo } from "../io.ts";
import type { ClosedConn, ConnFacts, ServerState } from "../state.ts";
import { rawUser } from "../system/events.ts";
import { exactInteger, type Query, QueryError, queryBool, queryInteger } from "./monitor-query.ts";
import { shownAge } from "./uptime.ts";

/** Source: `DefaultConnListSize`. */
const limitDefault = 1024;

interface Row {
  readonly client: ConnFacts;
  /** When it ended, or now. */
  readonly end: StoredTime;
  readonly pending: number;
  readonly closed: ClosedConn | null;
  readonly subs: readonly ShownSub[];
}

/** What is shown of a subscription, also when it has ended. */
type ShownSub = Pick<Subscription, "subject" | "queue" | "sid" | "delivered" | "max">;

/** Source: nats-server `HandleConnz`, `Connz`. Throws {@link QueryError}. */
export function connz(server: ServerState, io: ServerIo, query: Query): Record<string, JsonLike> {
  const wanted = readWanted(query);
  const { offset, limit } = wanted;
  const told = {
    offset: exactInteger(query, "offset", offset),
    limit: exactInteger(query, "limit", limit),
  };
  const isKnown = wanted.account === "" || server.accounts.has(wanted.account);
  const head = { server_id: isKnown ? server.id : "", now: formatStoredTime(io.wall) };
  const none = { num_connections: 0, total: 0, ...told };
  if (!isKnown) return { ...head, ...none, connections: null };
  const { rows, total } = selectRows(server, io, wanted);
  rows.sort(orders[wanted.sort] ?? byCid);
  const page = rows.slice(offset, offset + limit);
  return {
    ...head,
    num_connections: page.length,
    total,
    ...told,
    connections: page.map((row) => connInfo(row, wanted)),
  };
}

interface Wanted {
  readonly sort: string;
  readonly auth: boolean;
  readonly detail: boolean;
  readonly names: boolean;
  readonly offset: number;
  readonly limit: number;
  readonly cid: number;
  readonly open: boolean;
  readonly closed: boolean;
  readonly account: string;
  readonly user: string;
  /** No client here is one of MQTT: who asks for one gets nobody. */
  readonly isMqtt: boolean;
  readonly filter: string;
}

function readWanted(query: Query): Wanted {
  const auth = queryBool(query, "auth");
  const detail = (query.get("subs") ?? "").toLowerCase() === "detail";
  const names = !detail && queryBool(query, "subs");
  const offset = Math.max(queryInteger(query, "offset"), 0);
  const limit = queryInteger(query, "limit");
  const cid = queryInteger(query, "cid", "uint64");
  const { open, closed } = readState(query.get("state") ?? "");
  const account = query.get("acc") ?? "";
  const filter = query.get("filter_subject") ?? "";
  const sort = readSort(query.get("sort") ?? "", closed && !open);
  if (filter !== "" && filter !== ">" && account === "") {
    throw new QueryError("filter by subject only valid with account filtering");
  }
  return {
    sort,
    auth,
    detail,
    names,
    offset,
    limit: cid > 0 ? 1 : limit <= 0 ? limitDefault : limit,
    cid,
    open,
    closed,
    account,
    user: query.get("user") ?? "",
    isMqtt: (query.get("mqtt_client") ?? "") !== "",
    filter: filter === ">" ? "" : filter,
  };
}

function readState(text: string): { readonly open: boolean; readonly closed: boolean } {
  const state = text.toLowerCase();
  if (state === "" || state === "open") return { open: true, closed: false };
  if (state === "closed") return { open: false, closed: true };
  if (state === "any" || state === "all") return { open: true, closed: true };
  throw new QueryError(`Error decoding state for ${text}`);
}

function readSort(sort: string, isClosedOnly: boolean): string {
  if (sort === "") return "cid";
  if (!Object.hasOwn(orders, sort)) throw new QueryError(`invalid sorting option: ${sort}`);
  if ((sort === "stop" || sort === "reason") && !isClosedOnly) {
    throw new QueryError(`sort by ${sort} only valid on closed connections`);
  }
  return sort;
}

/** `total` counts what an account has in the states that were asked for, whatever else filters. */
function selectRows(
  server: ServerState,
  io: ServerIo,
  wanted: Wanted,
): { readonly rows: Row[]; readonly total: number } {
  const { account, user, cid, filter, isMqtt } = wanted;
  const inAccount = (one: ConnFacts): boolean => account === "" || accountOf(one) === account;
  const open: Row[] = [];
  for (const client of wanted.open ? server.conns.values() : []) {
    if (!inAccount(client)) continue;
    const pending = io.pending?.(client.conn) ?? 0;
    const subs = subscriptionsOf(server, client);
    open.push({ client, end: io.wall, pending, closed: null, subs });
  }
  let closed: Row[] = [];
  for (const one of wanted.closed ? server.closed : []) {
    if (!inAccount(one)) continue;
    closed.push({ client: one, end: one.stop, pending: 0, closed: one, subs: one.subs });
  }
  const total = open.length + closed.length;
  const fits = ({ client }: Row): boolean =>
    !isMqtt && (cid === 0 || client.cid === cid) && (user === "" || shownUser(client) === user);
  const chosen = open.filter(fits);
  if (cid > 0 && chosen.length > 0) closed = [];
  const heard = chosen.filter(
    ({ subs }) => filter === "" || subs.some(({ subject }) => subjectsCollide(filter, subject)),
  );
  return { rows: [...heard, ...closed.filter(fits)], total };
}

/** Whoever did not say yet who it is belongs to the global account. */
function accountOf({ account }: ConnFacts): string {
  return account === "" ? globalAccount : account;
}

function shownUser(client: ConnFacts): string {
  return rawUser(client);
}

/** Source: nats-server `ConnInfo.fill`. */
function connInfo({ client, end, pending, closed, subs }: Row, shown: Wanted): JsonLike {
  const { options } = client;
  const text = (value: string): string | undefined => (value === "" ? undefined : value);
  const account = accountOf(client);
  const isKeyUser = closed === null && options.nkey !== "" && client.user === options.nkey;
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
    rtt: formatGoDuration(shownRtt(client.rtt)),
    uptime: shownAge(client.start, end),
    idle: shownAge(client.lastActivity, end),
    pending_bytes: pending,
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
    authorized_user: shown.auth ? text(rawUser(client)) : undefined,
    account: shown.auth && account !== globalAccount ? account : undefined,
    subscriptions_list:
      shown.names && subs.length > 0 ? subs.map(({ subject }) => subject) : undefined,
    subscriptions_list_detail:
      shown.detail && subs.length > 0
        ? subs.map((sub) => subDetail(sub, client.cid, closed === null ? {} : { account }))
        : undefined,
    issuer_key: shown.auth && isKeyUser ? account : undefined,
    name_tag: shown.auth && (closed === null || account !== globalAccount) ? account : undefined,
  };
}

/** Whole microseconds below a millisecond. Source: nats-server `getRTT`. */
function shownRtt(rtt: DurationNanos): DurationNanos {
  return nanos(rtt > 1_000 && rtt < 1_000_000 ? rtt - (rtt % 1_000) : rtt);
}

/** Source: nats-server `newSubDetail`. */
export function subDetail(sub: ShownSub, cid: number, of: { readonly account?: string }): JsonLike {
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
  pending: falling(({ pending }) => pending),
  msgs_to: falling(({ client }) => client.outMsgs),
  msgs_from: falling(({ client }) => client.inMsgs),
  bytes_to: falling(({ client }) => client.outBytes),
  bytes_from: falling(({ client }) => client.inBytes),
  last: (a, b) => compareStoredTime(b.client.lastActivity, a.client.lastActivity),
  idle: (a, b) => compareStoredTime(a.client.lastActivity, b.client.lastActivity),
  uptime: (a, b) => upFor(a) - upFor(b),
  stop: (a, b) => compareStoredTime(stopOf(b), stopOf(a)),
  reason: (a, b) => compareStrings(a.closed?.reason ?? "", b.closed?.reason ?? ""),
  rtt: falling(({ client }) => client.rtt),
};

/** In seconds. */
function upFor({ client: { start }, end }: Row): number {
  return end.s - start.s + (end.n - start.n) / 1e9;
}

function stopOf({ client, closed }: Row): ConnFacts["start"] {
  return closed?.stop ?? client.start;
}
