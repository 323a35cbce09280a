/** `/healthz`: whether the server can do its work. */
import type { JsonLike } from "../../protocol/index.ts";
import type { ServerState } from "../state.ts";
import { type Query, queryBool } from "./monitor-query.ts";

export interface Health {
  readonly status: number;
  readonly body: Record<string, JsonLike>;
}

/** Source: nats-server `healthz`. */
export function healthz(server: ServerState, query: Query): Health {
  const error = complaint(server, query);
  if (error === null) return { status: 200, body: { status: "ok" } };
  const { status, text } = error;
  return { status, body: { status: status === 404 ? "error" : "unavailable", error: text } };
}

function complaint(
  server: ServerState,
  query: Query,
): { readonly status: number; readonly text: string } | null {
  if (server.phase !== "running") return { status: 503, text: "server not running" };
  const wantsJetStream = queryBool(query, "js-enabled-only") || queryBool(query, "js-enabled");
  const { jetstream } = server;
  if (jetstream === null) {
    return wantsJetStream ? { status: 503, text: "JetStream not enabled" } : null;
  }
  const account = query.get("account") ?? "";
  if (account === "") return null;
  const found = jetstream.accounts.get(account);
  if (found === undefined) {
    return { status: 404, text: `JetStream account '${account}' not found` };
  }
  const stream = query.get("stream") ?? "";
  if (stream === "") return null;
  const asset = found.streams.get(stream);
  if (asset === undefined) {
    return { status: 404, text: `JetStream stream '${account} > ${stream}' not found` };
  }
  const consumer = query.get("consumer") ?? "";
  if (consumer === "" || asset.consumers.has(consumer)) return null;
  const name = `${account} > ${stream} > ${consumer}`;
  return { status: 404, text: `JetStream consumer '${name}' not found` };
}
