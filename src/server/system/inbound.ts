/**
 * What the clients of the system account ask of a server, and what every client may ask about
 * itself. Source: nats-server `events.go` `zReq` and the handlers of `initEventTracking`.
 */
import {
  createMessage,
  decodeText,
  encodeContent,
  encodeJson,
  encodeText,
  getHeader,
  isSubsetOf,
  type JsonLike,
  setHeader,
} from "../../protocol/index.ts";
import type { PermissionsConfig, SubjectPermission } from "../config/account-config.ts";
import { matchInterest } from "../interest/match.ts";
import { publishInternal } from "../interest/route.ts";
import type { InternalEvent, MessageArrived } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import { accountInfo, accountz, accstatz } from "../monitoring/accountz.ts";
import { raftz } from "../monitoring/cluster-pages.ts";
import { connz } from "../monitoring/connz.ts";
import { healthPage } from "../monitoring/healthz.ts";
import { jsz, jszAccount } from "../monitoring/jsz.ts";
import { type Query, QueryError } from "../monitoring/monitor-query.ts";
import { gatewayz, leafz } from "../monitoring/other-links.ts";
import { routez } from "../monitoring/routez.ts";
import { subsz } from "../monitoring/subsz.ts";
import { varz } from "../monitoring/varz.ts";
import type { ServerState } from "../state.ts";
import { accountConnections } from "./account-counts.ts";
import { armStatsz, sendStatsz } from "./heartbeat.ts";
import { cidIn, done, kickClient, OrderError, reloadOrdered, tellLameDuck } from "./orders.ts";
import { isFilteredOut, OptionsError, readRequestOptions } from "./request-options.ts";
import { readSystemRequest, type SystemRequest } from "./requests.ts";
import { serverInfo } from "./server-info.ts";
import { statsz } from "./statsz.ts";

type Fields = { readonly [field: string]: JsonLike };
/** `undefined`: nothing is to be said at all. */
type Page = (server: ServerState, io: ServerIo, query: Query) => Fields | undefined;

/** Interest of the system account has changed, or one of its subjects was written to. */
export function onSystemEvent(server: ServerState, io: ServerIo, event: InternalEvent): void {
  if (event.kind === "interest") armStatsz(server, io);
  if (event.kind !== "message") return;
  const request = readSystemRequest(server, event.account, event.subject);
  if (request !== null) answer(server, io, event, request);
}

function answer(
  server: ServerState,
  io: ServerIo,
  event: MessageArrived,
  request: SystemRequest,
): void {
  switch (request.kind) {
    case "user-info":
      return answerUserInfo(server, io, event, request.isShared);
    case "subscribers":
      return answerSubscribers(server, io, event);
    case "server":
      if (request.what === "IDZ") return answerIdentity(server, io, event);
      return answerPage(server, io, event, { ...request, account: null, pages: serverPages });
    default: {
      if (request.what === "CONNS") return answerConnections(server, io, event, request.account);
      return answerPage(server, io, event, { ...request, pages: accountPages });
    }
  }
}

const serverPages: Readonly<Record<string, Page>> = {
  ACCOUNTZ: accountz,
  CONNZ: connz,
  GATEWAYZ: gatewayz,
  HEALTHZ: healthPage,
  IPQUEUESZ: () => ({}),
  JSZ: (server, io, query) => (isAskedInVain(server, query) ? undefined : jsz(server, io, query)),
  LEAFZ: leafz,
  RAFTZ: raftz,
  ROUTEZ: routez,
  SUBSZ: subsz,
  VARZ: varz,
  KICK: (server, io, query) => kickClient(server, io, Number(query.get("cid"))),
  LDM: (server, _io, query) => tellLameDuck(server, Number(query.get("cid"))),
  RELOAD: (server, io) => reloadOrdered(server, io),
};

/** The account stands in the query. */
const accountPages: Readonly<Record<string, Page>> = {
  CONNZ: connz,
  INFO: (server, _io, query) => accountInfo(server, query.get("acc") ?? ""),
  JSZ: (server, io, query) => jszAccount(server, io, query.get("acc") ?? "", query),
  LEAFZ: leafz,
  STATZ: (server, io, query) => someAccounts(accstatz(server, io, query), query),
  SUBSZ: (server, io, query) => subsz(server, io, new Map([...query, ["subs", "1"]])),
};

/** Nothing is said of accounts that nobody uses, unless it was asked for. */
function someAccounts(page: Fields, query: Query): Fields | undefined {
  const rows = page.account_statz;
  const isEmpty = Array.isArray(rows) && rows.length === 0;
  return isEmpty && query.get("unused") !== "true" ? undefined : page;
}

function isAskedInVain(server: ServerState, query: Query): boolean {
  if (query.get("leader-only") !== "true") return false;
  return server.jetstream === null || server.jetstream.cluster?.isLeader === false;
}

interface Asked {
  readonly what: string;
  /** Null: any, or the one that the request names. */
  readonly account: string | null;
  readonly pages: Readonly<Record<string, Page>>;
}

/** Source: nats-server `zReq`, and `statszReq` for its one exception. */
function answerPage(
  server: ServerState,
  io: ServerIo,
  event: MessageArrived,
  { what, account, pages }: Asked,
): void {
  const { reply } = event.message;
  const isStats = what === "STATSZ";
  const body = decodeText(event.message.payload);
  if (reply === null && !isStats) return;
  const cid = what === "KICK" || what === "LDM" ? cidIn(io, body) : undefined;
  if (cid === null) return;
  let said: Fields;
  try {
    const options = readRequestOptions(what, body);
    if (isFilteredOut(server, options)) return;
    if (reply === null) return sendStatsz(server, io);
    const more: [string, string][] = account === null ? [] : [["acc", account]];
    if (cid !== undefined) more.push(["cid", String(cid)]);
    const query: Query = new Map([...options.query, ...more]);
    const page = isStats ? undefined : pages[what]?.(server, io, query);
    if (page === undefined && !isStats) return;
    const info = serverInfo(server, io);
    // An order that was carried out has nothing to tell.
    if (isStats) said = { server: info, statsz: statsz(server, io) };
    else said = page === done ? { server: info } : { server: info, data: page };
  } catch (error) {
    const why = complaintOf(error);
    if (why === null) throw error;
    said = { server: serverInfo(server, io), ...why };
  }
  if (reply !== null) send(server, io, event, { body: said, accept: acceptedBy(event, said) });
}

/** An error is told as it is. Source: nats-server `zReq`, and `statszReq`, which reads no header. */
function acceptedBy({ message }: MessageArrived, said: Fields): string {
  const isPlain = said.error !== undefined || said.statsz !== undefined;
  return isPlain ? "" : (getHeader(message.headers, "Accept-Encoding") ?? "");
}

/** Source: a Go error beside the nil of a page's type, which JSON shows as null. */
function complaintOf(error: unknown): Fields | null {
  const description = error instanceof Error ? error.message : "";
  if (error instanceof OptionsError) return { error: { code: 400, description } };
  if (error instanceof OrderError) return { error: { code: 500, description } };
  if (error instanceof QueryError) return { data: null, error: { code: 500, description } };
  return null;
}

function answerIdentity(server: ServerState, io: ServerIo, event: MessageArrived): void {
  if (event.message.reply === null) return;
  respond(server, io, event, { name: server.name, host: server.config.host, id: server.id });
}

/** Source: nats-server `connsRequest`: an account without connections is silent. */
function answerConnections(
  server: ServerState,
  io: ServerIo,
  event: MessageArrived,
  name: string | null,
): void {
  const account = server.accounts.get(name ?? "");
  if (event.message.reply === null || account === undefined || account.clients === 0) return;
  respond(server, io, event, accountConnections(server, io, account));
}

/** Source: nats-server `userInfoReq`; who asks for another account's users is told of nobody. */
function answerUserInfo(
  server: ServerState,
  io: ServerIo,
  event: MessageArrived,
  isShared: boolean,
): void {
  if (event.message.reply === null) return;
  const client = event.conn === null ? undefined : server.conns.get(event.conn);
  if (client === undefined) return;
  const permissions = client.permissions?.config;
  respond(server, io, event, {
    server: serverInfo(server, io),
    data: {
      user: isShared ? client.user : "",
      account: isShared ? client.account : "",
      account_name: isShared ? client.account : undefined,
      permissions: permissions === undefined ? undefined : shownPermissions(permissions),
    },
  });
}

/** Source: nats-server `publicPermissions`. */
function shownPermissions({ publish, subscribe, responses }: PermissionsConfig): JsonLike {
  const shown = (one: SubjectPermission | null): JsonLike => ({
    allow: one?.allow == null || one.allow.length === 0 ? undefined : one.allow,
    deny: one === null || one.deny.length === 0 ? undefined : one.deny,
  });
  return {
    publish: shown(publish),
    subscribe: shown(subscribe),
    responses: responses === null ? undefined : { max: responses.max, ttl: responses.expires },
  };
}

/** `subject [queue]` in the asker's account: how many clients hear it. `debugSubscribers`. */
function answerSubscribers(server: ServerState, io: ServerIo, event: MessageArrived): void {
  const { reply, payload } = event.message;
  const client = event.conn === null ? undefined : server.conns.get(event.conn);
  const account = server.accounts.get(client?.account ?? "");
  if (reply === null || account === undefined) return;
  const [subject = "", queue] = decodeText(payload).trim().split(" ");
  const { interest } = account;
  let heard = 0;
  if (/(^|\.)[*>](\.|$)/.test(subject)) {
    for (const sub of interest.subs.values()) {
      if (sub.conn === null || !isSubsetOf(sub.subject, subject)) continue;
      if (queue === undefined || sub.queue === queue) heard++;
    }
  } else {
    const { plain, queues } = matchInterest(interest, subject);
    for (const sub of queue === undefined ? [...plain, ...queues.flat()] : queues.flat()) {
      if (sub.conn !== null && (queue === undefined || sub.queue === queue)) heard++;
    }
  }
  const message = createMessage(reply, null, null, encodeText(String(heard)));
  publishInternal(server, io, { account: event.account, message });
}

function respond(server: ServerState, io: ServerIo, event: MessageArrived, body: Fields): void {
  send(server, io, event, { body, accept: "" });
}

interface Answer {
  readonly body: Fields;
  /** The request's `Accept-Encoding`; "" for a plain answer. */
  readonly accept: string;
}

function send(
  server: ServerState,
  io: ServerIo,
  { account, message: { reply } }: MessageArrived,
  { body, accept }: Answer,
): void {
  if (reply === null) return;
  const { encoding, bytes } = encodeContent(accept, encodeText(encodeJson(body)));
  const headers = encoding === null ? null : setHeader(null, "Content-Encoding", encoding);
  publishInternal(server, io, { account, message: createMessage(reply, null, headers, bytes) });
}
