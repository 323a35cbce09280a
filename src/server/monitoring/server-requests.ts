/**
 * `$SYS.REQ.SERVER.…`: monitoring pages by message, for the system account. `PING` asks every
 * server of the cluster, an id just one. Source: nats-server `events.go` `initEventTracking`.
 */

import { formatStoredTime } from "../../kernel/index.ts";
import {
  createMessage,
  decodeText,
  encodeJson,
  encodeText,
  isJsonObject,
  JsonError,
  type JsonLike,
  type JsonObject,
  parseJson,
} from "../../protocol/index.ts";
import { clusterOf } from "../cluster/cluster-state.ts";
import { systemAccountOf } from "../connections/info.ts";
import { publishInternal } from "../interest/route.ts";
import { subscribeInternal } from "../interest/subscribe.ts";
import type { MessageArrived } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { serverVersion } from "../version.ts";
import { accountz } from "./accountz.ts";
import { raftz } from "./cluster-pages.ts";
import { connz } from "./connz.ts";
import { healthz } from "./healthz.ts";
import { jsz } from "./jsz.ts";
import type { Query } from "./monitor-query.ts";
import { statsz } from "./statsz.ts";
import { subsz } from "./subsz.ts";
import { varz } from "./varz.ts";

type Fields = { readonly [field: string]: JsonLike };
type Page = (server: ServerState, io: ServerIo, query: Query) => Fields;

const pages: Readonly<Record<string, Page>> = {
  VARZ: varz,
  CONNZ: connz,
  SUBSZ: subsz,
  ACCOUNTZ: accountz,
  JSZ: jsz,
  RAFTZ: raftz,
  HEALTHZ: healthBody,
};

/** Names in a request's body that are others in a page's query. */
const queryNames: Readonly<Record<string, string>> = {
  account: "acc",
  consumer: "consumers",
  leader_only: "leader-only",
  stream_leader_only: "stream-leader-only",
  direct_consumer: "direct-consumers",
};

/** A single server does not listen for these yet; its pages are had over HTTP. */
export function listenForServerRequests(server: ServerState): void {
  const account = systemAccountOf(server);
  const target = { kind: "system" } as const;
  for (const subject of [
    "$SYS.REQ.SERVER.PING",
    "$SYS.REQ.SERVER.PING.*",
    `$SYS.REQ.SERVER.${server.id}.*`,
  ]) {
    subscribeInternal(server, account, { subject, target });
  }
}

/** Answers a request that `listenForServerRequests` let in. Source: nats-server `zReq`. */
export function answerServerRequest(
  server: ServerState,
  io: ServerIo,
  { account, message }: MessageArrived,
): void {
  if (message.reply === null) return;
  const kind = message.subject.split(".")[4] ?? "STATSZ";
  const options = readOptions(decodeText(message.payload));
  if (options === null) return;
  if (isFilteredOut(server, options)) return;
  const body = answerOf(server, io, kind, options);
  if (body === null) return;
  const answer = createMessage(message.reply, null, null, encodeText(encodeJson(body)));
  publishInternal(server, io, { account, message: answer });
}

/** Null when the body is not JSON: it is not answered. */
function readOptions(text: string): JsonObject | null {
  if (text === "") return {};
  try {
    const asked = parseJson(text);
    return isJsonObject(asked) ? asked : {};
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}

function answerOf(
  server: ServerState,
  io: ServerIo,
  kind: string,
  options: JsonObject,
): Fields | null {
  const info = serverInfo(server, io);
  if (kind === "STATSZ") return { server: info, statsz: statsz(server, io) };
  if (kind === "IDZ")
    return { server: info, data: { name: server.name, host: info.host, id: server.id } };
  if (kind === "JSZ" && options.leader_only === true && clusterOf(server)?.isLeader !== true)
    return null;
  const page = Object.hasOwn(pages, kind) ? pages[kind] : undefined;
  return page === undefined ? null : { server: info, data: page(server, io, queryOf(options)) };
}

/** Source: nats-server `ServerInfo`. Flags: JetStream, and snapshots in binary. */
function serverInfo(server: ServerState, io: ServerIo): Fields {
  const { config } = server;
  const hasJetStream = server.jetstream !== null;
  const domain = config.jetstream?.domain ?? "";
  return {
    name: server.name,
    host: config.host,
    id: server.id,
    cluster: config.cluster?.name,
    domain: domain === "" ? undefined : domain,
    ver: serverVersion,
    tags: config.tags.length === 0 ? undefined : config.tags,
    jetstream: hasJetStream,
    flags: hasJetStream ? 3 : 0,
    seq: 0,
    time: formatStoredTime(io.wall),
  };
}

/** Source: nats-server `filterRequest`. */
function isFilteredOut(server: ServerState, options: JsonObject): boolean {
  const { config } = server;
  const isExact = options.exact_match === true;
  const differs = (wanted: unknown, own: string): boolean => {
    if (typeof wanted !== "string" || wanted === "") return false;
    return isExact ? wanted !== own : !own.includes(wanted);
  };
  const tags = Array.isArray(options.tags) ? options.tags : [];
  return (
    differs(options.server_name, server.name) ||
    differs(options.host, config.host) ||
    differs(options.cluster, config.cluster?.name ?? "") ||
    tags.some((tag) => typeof tag !== "string" || !config.tags.includes(tag))
  );
}

function queryOf(options: JsonObject): Query {
  const query = new Map<string, string>();
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === "object") continue;
    query.set(queryNames[name] ?? name, String(value));
  }
  return query;
}

function healthBody(server: ServerState, io: ServerIo, query: Query): Fields {
  const { status, body } = healthz(server, io, query);
  return { ...body, status_code: status };
}
