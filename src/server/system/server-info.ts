/** How a server names itself in what it says on `$SYS.…`. */
import { formatStoredTime } from "../../kernel/index.ts";
import { type JsonLike, randomBase62 } from "../../protocol/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { serverVersion } from "../version.ts";

/** What 2.15.2 ships with; a configuration cannot change it here. */
export const featureFlags = {
  js_ack_fc_v2: false,
  js_api_reply_v2: false,
  js_raft_delete_range: true,
  js_snapshot_sources: false,
} as const;

/** JetStream, snapshots in binary, Raft traffic in the account of the asset. `ServerCapability`. */
const capabilities = 1 | 2 | 4;

/** Counts the messages that carry it. Source: nats-server `ServerInfo`, `internalSendLoop`. */
export function serverInfo(
  server: ServerState,
  io: ServerIo,
): { readonly [field: string]: JsonLike } {
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
    feature_flags: featureFlags,
    jetstream: hasJetStream,
    flags: hasJetStream ? capabilities : 0,
    seq: ++server.systemSeq,
    time: formatStoredTime(io.wall),
  };
}

/** As long as the ids that nats-server makes. */
export function drawEventId(io: ServerIo): string {
  return randomBase62(22, () => io.draw("event-ids"));
}
