/** `$JS.API.INFO`: what an account uses and may use. */
import { apiLevel } from "../../jetstream/index.ts";
import { accountLimits, reservedBytes } from "../assets/stream-reservations.ts";
import type { ApiCall, ApiFields, ApiRoute } from "./route-shape.ts";

export const accountInfoRoute: ApiRoute = {
  subject: "$JS.API.INFO",
  type: "account_info",
  leader: "meta",
  handle: accountInfo,
};

/** Source: nats-server `server/jetstream.go` `JetStreamUsage`. */
function accountInfo({ server, js, account }: ApiCall): ApiFields {
  const limits = accountLimits(server, account.name);
  let consumers = 0;
  for (const stream of account.streams.values()) consumers += stream.consumers.size;
  return {
    memory: account.memory,
    storage: account.storage,
    reserved_memory: reservedBytes(account, true, ""),
    reserved_storage: reservedBytes(account, false, ""),
    streams: account.streams.size,
    consumers,
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
    api: { level: apiLevel, total: account.apiTotal, errors: account.apiErrors },
  };
}

function unlimited(bytes: number): number {
  return bytes <= 0 ? -1 : bytes;
}
