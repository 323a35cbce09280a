/** `$JS.API.INFO`: what an account uses and may use. */

import { apiLevel, int64ToNumber, type StreamConfig } from "../../jetstream/index.ts";
import type { JetStreamState } from "../assets/jetstream-state.ts";
import { reservedBytes } from "../assets/reserved-bytes.ts";
import { accountLimits } from "../assets/stream-reservations.ts";
import { clusterOfCall } from "../cluster/requests/cluster-call.ts";
import { clusterParts } from "../cluster-door.ts";
import type { ServerState } from "../state.ts";
import type { ApiCall, ApiFields, ApiRoute } from "./route-shape.ts";

export const accountInfoRoute: ApiRoute = {
  subject: "$JS.API.INFO",
  type: "account_info",
  leader: "meta",
  handle: accountInfo,
  clustered: clusterAccountInfo,
};

/** Source: nats-server `server/jetstream.go` `JetStreamUsage`. */
function accountInfo({ server, js, account }: ApiCall): ApiFields {
  let consumers = 0;
  for (const stream of account.streams.values()) consumers += stream.consumers.size;
  const usage = {
    memory: account.memory,
    storage: account.storage,
    reserved_memory: reservedBytes(account, true, ""),
    reserved_storage: reservedBytes(account, false, ""),
    streams: account.streams.size,
    consumers,
  };
  const api = { level: apiLevel, total: account.apiTotal, errors: account.apiErrors };
  return { ...usage, ...limitsAndDomain(server, js, account.name), api };
}

/** Of the whole cluster: what each server told of itself, and all assignments. */
function clusterAccountInfo(call: ApiCall): ApiFields {
  const { server, js, account } = call;
  const cluster = clusterOfCall(call);
  const { apiTotal, apiErrors, memory, storage } = clusterParts().clusterUsage(server, account);
  const specs = clusterParts().assignedStreams(call);
  let consumers = 0;
  for (const assignment of cluster.accounts.get(account.name)?.values() ?? []) {
    consumers += assignment.consumers.size;
  }
  const reserved = (kind: StreamConfig["storage"]): number => {
    let bytes = 0;
    for (const { config } of specs) {
      if (config.storage === kind) bytes += Math.max(int64ToNumber(config.max_bytes), 0);
    }
    return bytes;
  };
  return {
    memory,
    storage,
    reserved_memory: reserved("memory"),
    reserved_storage: reserved("file"),
    streams: specs.length,
    consumers,
    ...limitsAndDomain(server, js, account.name),
    api: { level: apiLevel, total: apiTotal, errors: apiErrors },
  };
}

function limitsAndDomain(server: ServerState, js: JetStreamState, account: string): ApiFields {
  const limits = accountLimits(server, account);
  return {
    limits: {
      max_memory: limits.maxMemory,
      max_storage: limits.maxFile,
      max_streams: limits.maxStreams,
      max_consumers: limits.maxConsumers,
      max_ack_pending: limits.maxAckPending,
      memory_max_stream_bytes: unlimited(limits.maxMemoryStreamBytes),
      storage_max_stream_bytes: unlimited(limits.maxFileStreamBytes),
      max_bytes_required: limits.maxBytesRequired,
    },
    domain: js.domain === "" ? undefined : js.domain,
  };
}

function unlimited(bytes: number): number {
  return bytes <= 0 ? -1 : bytes;
}
