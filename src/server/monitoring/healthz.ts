/** `/healthz`: whether the server can do its work. */

import type { JsonLike } from "../../protocol/index.ts";
import { clusterOf } from "../cluster/cluster-state.ts";
import { clusterParts } from "../cluster-door.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { type Query, queryBool } from "./monitor-query.ts";

export interface Health {
  readonly status: number;
  readonly body: Record<string, JsonLike>;
}

/** Source: nats-server `healthz`. */
export function healthz(server: ServerState, io: ServerIo, query: Query): Health {
  const complaint = findComplaint(server, io, query);
  if (complaint === null) return { status: 200, body: { status: "ok" } };
  const { status, text } = complaint;
  return { status, body: { status: status === 400 ? "error" : "unavailable", error: text } };
}

export interface Complaint {
  readonly status: number;
  readonly text: string;
}

function findComplaint(server: ServerState, io: ServerIo, query: Query): Complaint | null {
  const account = query.get("account") ?? "";
  const stream = query.get("stream") ?? "";
  const consumer = query.get("consumer") ?? "";
  if (stream !== "" && account === "") return empty("account", "stream");
  if (consumer !== "" && stream === "") return empty("stream", "consumer");
  if (server.phase !== "running") return { status: 503, text: "server not running" };
  const wantsJetStream = queryBool(query, "js-enabled-only") || queryBool(query, "js-enabled");
  const { jetstream } = server;
  if (jetstream === null) {
    return wantsJetStream ? { status: 503, text: "JetStream not enabled" } : null;
  }
  if (queryBool(query, "js-server-only") || wantsJetStream) return null;
  const cluster = clusterOf(server);
  if (cluster !== null) {
    const isMetaOnly = queryBool(query, "js-meta-only");
    const wanted = { account, stream, consumer, isMetaOnly };
    return clusterParts().clusterComplaint({ server, io, cluster }, wanted);
  }
  if (account === "") return null;
  const found = jetstream.accounts.get(account);
  if (found === undefined) return missing("account", account);
  if (stream === "") return null;
  const asset = found.streams.get(stream);
  if (asset === undefined) return missing("stream", stream);
  if (consumer === "" || asset.consumers.has(consumer)) return null;
  return missing("consumer", consumer);
}

function empty(field: string, checked: string): Complaint {
  const text = `"${field}" must not be empty when checking ${checked} health`;
  return { status: 400, text };
}

function missing(noun: string, name: string): Complaint {
  return { status: 404, text: `JetStream ${noun} ${JSON.stringify(name)} not found` };
}
