/** `/healthz`: whether the server can do its work. */

import type { JsonLike } from "../../protocol/index.ts";
import type { JetStreamAccount } from "../assets/jetstream-state.ts";
import { clusterOf } from "../cluster/cluster-state.ts";
import { clusterParts } from "../cluster-door.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { type Query, queryBool } from "./monitor-query.ts";

export interface Health {
  readonly status: number;
  readonly body: Record<string, JsonLike>;
}

/** What is wrong, and with what. Source: nats-server `HealthzError`. */
export interface Complaint {
  /** Of HTTP: 400, 404, 500 or 503. */
  readonly status: number;
  readonly type: "CONNECTION" | "BAD_REQUEST" | "JETSTREAM" | "ACCOUNT" | "STREAM" | "CONSUMER";
  readonly account?: string;
  readonly stream?: string;
  readonly consumer?: string;
  readonly text: string;
}

/** Source: nats-server `healthz`; with `details` all that is wrong as a list. */
export function healthz(server: ServerState, io: ServerIo, query: Query): Health {
  const hasDetails = queryBool(query, "details");
  const complaints = findComplaints(server, io, query);
  const [first] = complaints;
  if (first === undefined) return { status: 200, body: { status: "ok" } };
  const { status, text } = first;
  if (hasDetails) {
    const errors = complaints.map(({ type, account, stream, consumer, text: error }) => {
      return { type, account, stream, consumer, error };
    });
    return { status, body: { status: "error", errors } };
  }
  const isError = status === 400 || status === 500;
  return { status, body: { status: isError ? "error" : "unavailable", error: text } };
}

/** The same as an answer to a request, which tells of the status in the body. */
export function healthPage(
  server: ServerState,
  io: ServerIo,
  query: Query,
): Record<string, JsonLike> {
  const { status, body } = healthz(server, io, query);
  return { status: body.status, status_code: status, error: body.error, errors: body.errors };
}

function findComplaints(server: ServerState, io: ServerIo, query: Query): Complaint[] {
  const complaint = findComplaint(server, io, query);
  if (complaint !== null) return [complaint];
  const checksServer = ["js-enabled", "js-enabled-only", "js-server-only", "js-meta-only"];
  if (checksServer.some((key) => queryBool(query, key))) return [];
  return brokenStreams(server, query.get("account") ?? "", query.get("stream") ?? "");
}

/** Streams whose disk refused a message. Source: nats-server `healthz`, `getWriteErr`. */
function brokenStreams(server: ServerState, account: string, stream: string): Complaint[] {
  const found: Complaint[] = [];
  const { accounts } = server.jetstream ?? { accounts: new Map<string, JetStreamAccount>() };
  for (const [name, { streams }] of accounts) {
    if (account !== "" && account !== name) continue;
    for (const asset of streams.values()) {
      if (stream !== "" && stream !== asset.name) continue;
      const { broken } = asset;
      if (broken === undefined || broken.toldAt === null) continue;
      const where = { account: name, stream: asset.name };
      const text = `JetStream stream '${name} > ${asset.name}' write error: ${broken.error.message}`;
      found.push({ status: 503, type: "STREAM", ...where, text });
    }
  }
  return found;
}

function findComplaint(server: ServerState, io: ServerIo, query: Query): Complaint | null {
  const account = query.get("account") ?? "";
  const stream = query.get("stream") ?? "";
  const consumer = query.get("consumer") ?? "";
  const isEnabledOnly = queryBool(query, "js-enabled") || queryBool(query, "js-enabled-only");
  const isServerOnly = queryBool(query, "js-server-only");
  const isMetaOnly = queryBool(query, "js-meta-only");
  if (stream !== "" && account === "") return empty("account", "stream");
  if (consumer !== "" && stream === "") return empty("stream", "consumer");
  if (server.phase !== "running") {
    const text = "nats server is not accepting connections";
    return { status: 500, type: "CONNECTION", text };
  }
  const { jetstream } = server;
  if (jetstream === null || isServerOnly || isEnabledOnly) return null;
  const cluster = clusterOf(server);
  if (cluster !== null) {
    const wanted = { account, stream, consumer, isMetaOnly };
    return clusterParts().clusterComplaint({ server, io, cluster }, wanted);
  }
  if (account === "") return null;
  const found = jetstream.accounts.get(account);
  // nats-server looks at the disk, where streams in memory leave nothing.
  const onDisk = [...(found?.streams.values() ?? [])].filter(
    ({ state }) => state.config.storage === "file",
  );
  if (onDisk.length === 0) return missing({ account });
  if (stream === "") return null;
  const asset = onDisk.find(({ name }) => name === stream);
  if (asset === undefined) return missing({ account, stream });
  if (consumer === "" || asset.consumers.has(consumer)) return null;
  return missing({ account, stream, consumer });
}

function empty(field: string, checked: string): Complaint {
  const text = `"${field}" must not be empty when checking ${checked} health`;
  return { status: 400, type: "BAD_REQUEST", text };
}

/** What the innermost of the names stands for is not there. */
export function missing(where: {
  readonly account: string;
  readonly stream?: string;
  readonly consumer?: string;
}): Complaint {
  const [account, stream, consumer] = [where.account, where.stream, where.consumer].map((name) =>
    JSON.stringify(name),
  );
  if (where.stream === undefined) {
    return {
      status: 404,
      type: "ACCOUNT",
      ...where,
      text: `JetStream account ${account} not found`,
    };
  }
  const on = `on account ${account}`;
  if (where.consumer === undefined) {
    const text = `JetStream stream ${stream} not found ${on}`;
    return { status: 404, type: "STREAM", ...where, text };
  }
  const text = `JetStream consumer ${consumer} not found for stream ${stream} ${on}`;
  return { status: 404, type: "CONSUMER", ...where, text };
}
