/** The HTTP monitoring endpoints: a path and a query in, a page of JSON out. */
import { encodeJson, encodeJsonLines, type JsonLike } from "../../protocol/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { accountz, accstatz } from "./accountz.ts";
import { raftz } from "./cluster-pages.ts";
import { connz } from "./connz.ts";
import { healthz } from "./healthz.ts";
import { jsz } from "./jsz.ts";
import { parseQuery, type Query, QueryError } from "./monitor-query.ts";
import { gatewayz, leafz } from "./other-links.ts";
import { routez } from "./routez.ts";
import { startPage } from "./start-page.ts";
import { subsz } from "./subsz.ts";
import { varz } from "./varz.ts";

export interface MonitorResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

type Endpoint = (server: ServerState, io: ServerIo, query: Query) => Record<string, JsonLike>;

const endpoints: Readonly<Record<string, Endpoint>> = {
  "/varz": varz,
  // A filter by subject is only for who asks by message.
  "/connz": (server, io, query) => connz(server, io, without(query, "filter_subject")),
  "/subsz": subsz,
  "/subscriptionsz": subsz,
  "/accountz": accountz,
  // So is one by account.
  "/accstatz": (server, io, query) => accstatz(server, io, without(query, "acc")),
  "/jsz": jsz,
  "/ipqueuesz": () => ({}),
  "/routez": routez,
  "/leafz": leafz,
  "/gatewayz": gatewayz,
};

/** What a GET of `path` answers; `query` is what stood behind its `?`. Source: `monitor.go`. */
export function monitor(
  server: ServerState,
  io: ServerIo,
  path: string,
  query: string,
): MonitorResponse {
  const parsed = parseQuery(query);
  count(server, path);
  if (path === "/")
    return { status: 200, contentType: "text/html; charset=utf-8", body: startPage };
  if (path === "/raftz") return raftPage(server, io, parsed);
  const endpoint = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined;
  try {
    if (path === "/healthz") {
      const { status, body } = healthz(server, io, parsed);
      return json(status, encodeJson(body));
    }
    if (endpoint === undefined) return plainText(404, "404 page not found\n");
    return json(200, encodeJsonLines(endpoint(server, io, parsed)));
  } catch (error) {
    if (error instanceof QueryError) return plainText(400, error.message);
    throw error;
  }
}

function raftPage(server: ServerState, io: ServerIo, query: Query): MonitorResponse {
  if (server.groups === undefined) return plainText(404, "No Raft nodes registered");
  // This page alone is indented by three.
  const text = encodeJsonLines(raftz(server, io, query)).replace(/^ +/gm, widened);
  return json(200, text);
}

function widened(indent: string): string {
  return " ".repeat((indent.length / 2) * 3);
}

function json(status: number, body: string): MonitorResponse {
  return { status, contentType: "application/json", body };
}

function plainText(status: number, body: string): MonitorResponse {
  return { status, contentType: "text/plain; charset=utf-8", body };
}

function without(query: Query, name: string): Query {
  return new Map([...query].filter(([key]) => key !== name));
}

/** Only paths that exist are counted. */
function count(server: ServerState, path: string): void {
  const counted = Object.hasOwn(endpoints, path) || ["/", "/healthz", "/raftz"].includes(path);
  if (!counted) return;
  const { httpRequests } = server.totals;
  httpRequests.set(path, (httpRequests.get(path) ?? 0) + 1);
}
