/** JetStream comes up with its server: accounts, the API, and what the disk holds. */

import { assert } from "../../kernel/index.ts";
import { createNuid, isSubsetOf } from "../../protocol/index.ts";
import { accountNames } from "../accounts/accounts.ts";
import { createClusterState } from "../cluster/cluster-state.ts";
import { clusterParts } from "../cluster-door.ts";
import { jetStreamParts } from "../doors/jetstream-door.ts";
import { subscribeInternal } from "../interest/subscribe.ts";
import type { ServerIo } from "../io.ts";
import type { Account, ServerState } from "../state.ts";
import type { JetStreamAccount, JetStreamState } from "./jetstream-state.ts";
import { usedBytes } from "./reserved-bytes.ts";
import { streamsFolder } from "./stream-lookup.ts";

/**
 * Where API requests come in. Not `$JS.API.>`: a direct get, or a pull of a consumer that is not
 * there, must reach nobody, so that the client learns it at once.
 */
const apiSubjects = [
  "$JS.API.*",
  "$JS.API.STREAM.>",
  "$JS.API.CONSUMER.*",
  "$JS.API.CONSUMER.CREATE.>",
  "$JS.API.CONSUMER.DURABLE.>",
  "$JS.API.CONSUMER.NAMES.>",
  "$JS.API.CONSUMER.LIST.>",
  "$JS.API.CONSUMER.INFO.>",
  "$JS.API.CONSUMER.DELETE.>",
  "$JS.API.CONSUMER.PAUSE.>",
  "$JS.API.CONSUMER.UNPIN.>",
  // A consumer that is there answers itself; one that is not is met with silence.
  "$JS.API.CONSUMER.RESET.>",
  "$JS.API.CONSUMER.LEADER.>",
  "$JS.API.CONSUMER.PEER.>",
  "$JS.API.META.>",
  "$JS.API.SERVER.>",
  "$JS.API.ACCOUNT.>",
] as const;

/** Brings JetStream up from what the disk holds. */
export function startJetStream(server: ServerState, io: ServerIo): void {
  const config = server.config.jetstream;
  assert(config !== null, "JetStream is configured");
  // A machine that reaches no other server runs it alone, whatever it was told.
  const isClustered = server.routes !== undefined;
  const js: JetStreamState = {
    storeDir: config.storeDir,
    domain: config.domain,
    accounts: new Map(),
    memoryMax: config.maxMemory < 0 ? mostOf(io.capacity?.().memory) : config.maxMemory,
    storageMax: config.maxFile < 0 ? mostOf(io.capacity?.().disk) : config.maxFile,
    apiTotal: 0,
    apiErrors: 0,
    nuid: createNuid(() => io.draw("ids")),
    ...(isClustered ? { cluster: createClusterState(clusterParts().firstStats) } : {}),
  };
  server.jetstream = js;
  for (const name of accountNames(server.accounts)) openJetStreamAccount(server, io, name);
  // What is stored already was not free, and is JetStream's. Source: `finalizeDynamicMaxStore`.
  if (config.maxFile < 0 && io.capacity !== undefined)
    js.storageMax += mostOf(usedBytes(js, false));
  if (isClustered) clusterParts().startCluster(server, io);
}

/** Of what there is JetStream takes three quarters. Source: nats-server `dynJetStreamConfig`. */
function mostOf(bytes: number | undefined): number {
  return bytes === undefined ? Number.MAX_SAFE_INTEGER : Math.floor(bytes / 4) * 3;
}

/** What an account has of JetStream; what is there already stays. Nothing goes by a reload. */
export function openJetStreamAccount(server: ServerState, io: ServerIo, name: string): void {
  const owner = server.accounts.get(name);
  if (server.jetstream === null || owner === undefined) return;
  const { subs } = owner.interest;
  const isHeard = [...subs.values()].some(({ target }) => target?.kind === "api");
  if (!isHeard && !asksElsewhere(owner)) {
    for (const subject of apiSubjects) {
      subscribeInternal(server, name, { subject, target: { kind: "api" } });
    }
  }
  if (owner.config.jetstream === null || server.jetstream.accounts.has(name)) return;
  const account: JetStreamAccount = {
    name,
    streams: new Map(),
    memory: 0,
    storage: 0,
    apiTotal: 0,
    apiErrors: 0,
  };
  server.jetstream.accounts.set(name, account);
  // In a cluster the meta group says what of it is still wanted.
  const folder = streamsFolder(server.jetstream.storeDir, name);
  if (server.routes !== undefined || io.disk.list(folder).length === 0) return;
  jetStreamParts().restoreStreams(server, io, account);
}

/**
 * Whether an account without JetStream imports the API of another one: then nobody refuses here
 * what is answered there. Source: nats-server `enableJetStreamInfoServiceImportOnly`.
 */
function asksElsewhere({ config, services }: Account): boolean {
  return config.jetstream === null && services.some(({ to }) => isSubsetOf("$JS.API.INFO", to));
}
