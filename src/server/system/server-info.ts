/** How a server names itself in what it says on `$SYS.…`. */
import { formatStoredTime } from "../../kernel/index.ts";
import { type JsonLike, randomBase62 } from "../../protocol/index.ts";
import type { ServerConfig } from "../config/server-config.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { serverVersion } from "../version.ts";

/** What 2.15.2 ships with. The others than the first are about servers of a cluster. */
const shippedFlags: Readonly<Record<string, boolean>> = {
  js_ack_fc_v2: false,
  js_api_reply_v2: false,
  js_raft_delete_range: true,
  js_snapshot_sources: false,
};

/** JetStream, snapshots in binary, Raft traffic in the account of the asset. `ServerCapability`. */
const capabilities = 1 | 2 | 4;

/** With what the configuration says; unknown ones are left out. Source: `getMergedFeatureFlags`. */
export function featureFlags({ featureFlags: given = {} }: ServerConfig): Record<string, boolean> {
  const merged = { ...shippedFlags };
  for (const name of Object.keys(merged)) merged[name] = given[name] ?? merged[name] ?? false;
  return merged;
}

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
    feature_flags: featureFlags(config),
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
