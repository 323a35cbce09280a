/** A stream on this server: taking it up, changing it, letting it go. */
import { createStream, type StreamConfig, type StreamState } from "../../jetstream/index.ts";
import { assert, type StoredTime, type StreamSeq } from "../../kernel/index.ts";
import { compileTransform } from "../../protocol/index.ts";
import { unsubscribeInternal } from "../interest/subscribe.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { deleteConsumers } from "./consumers/consumer-side.ts";
import type { JetStreamAccount, StreamAsset } from "./jetstream-state.ts";
import { followMirrorDirect } from "./origins/stream-mirror-direct.ts";
import { followOrigins, stopOrigins } from "./origins/stream-origin-links.ts";
import { leadsStream, type StreamReplica } from "./replicas/stream-replica.ts";
import { adviseStreamAction } from "./stream-advisories.ts";
import { applyToStream, applyUntold } from "./stream-apply.ts";
import { createBatches, dropBatches } from "./stream-batches.ts";
import { expireNow } from "./stream-due.ts";
import { followDirect, followSubjects } from "./stream-listen.ts";
import { findAccount, streamPath } from "./stream-lookup.ts";
import { armExpiry, clearStreamTimers } from "./stream-timers.ts";
import { countBytes } from "./stream-usage.ts";

/** A new stream, on disk or in memory. Throws DiskError. */
export function addStream(
  server: ServerState,
  io: ServerIo,
  account: JetStreamAccount,
  config: StreamConfig,
): StreamAsset {
  const asset = placeNewStream(server, io, account, { config, created: io.wall });
  activateStream(server, io, asset);
  return asset;
}

/** A new stream that hears nothing yet: `activateStream` lets it begin. */
export function placeNewStream(
  server: ServerState,
  io: ServerIo,
  account: JetStreamAccount,
  { config, created }: { readonly config: StreamConfig; readonly created: StoredTime },
): StreamAsset {
  const js = server.jetstream;
  assert(js !== null, "a stream needs JetStream");
  const make = (): StreamState => createStream(config, created);
  const path =
    config.storage === "file" ? streamPath(js.storeDir, account.name, config.name) : null;
  const state = path === null ? make() : io.disk.open(path, make);
  const asset = placeStream({ account, state, path });
  if (path !== null) io.disk.wrote(path, 0);
  return asset;
}

export interface StreamOnDisk {
  readonly account: JetStreamAccount;
  readonly state: StreamState;
  readonly path: string | null;
  /** Not given: it has one replica, here. */
  readonly replica?: StreamReplica;
}

/** Subscribes a stream that was just made or came back from the disk. */
export function takeUpStream(server: ServerState, io: ServerIo, stream: StreamOnDisk): StreamAsset {
  const asset = placeStream(stream);
  activateStream(server, io, asset);
  return asset;
}

/** As `placeNewStream`, of what is there already. */
export function placeStream({ account, state, path, replica }: StreamOnDisk): StreamAsset {
  const asset: StreamAsset = {
    account: account.name,
    name: state.config.name,
    state,
    path,
    replica,
    consumers: new Map(),
    consumerSubs: new Map(),
    subs: new Map(),
    directSubs: [],
    transform: null,
    republish: null,
    origins: new Map(),
    mirrorDirectSubs: [],
    batches: createBatches(),
    expiryAt: null,
  };
  account.streams.set(asset.name, asset);
  countBytes(account, state, state.store.bytes);
  return asset;
}

/** Subscribes the stream, and lets it follow where it copies from. */
export function activateStream(server: ServerState, io: ServerIo, asset: StreamAsset): void {
  followConfig(server, asset);
  armExpiry(io, asset);
  if (leadsStream(asset)) followOrigins({ server, io, asset });
}

/** A configuration that `checkStreamUpdate` let through takes effect. Throws DiskError. */
export function updateStream(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  config: StreamConfig,
): void {
  const { retention, mirror_direct } = asset.state.config;
  applyToStream(server, io, asset, { kind: "update", config });
  const becameInterest = retention !== "interest" && config.retention === "interest";
  if (becameInterest && asset.consumers.size === 0) {
    // Nobody wants what is there.
    const seq = (asset.state.store.seqLast + 1) as StreamSeq;
    applyUntold(server, io, asset, { kind: "purge", filter: "", seq, keep: 0 });
  }
  followConfig(server, asset);
  expireNow({ server, io, asset });
  const { mirror_direct: helps } = config;
  if (helps !== mirror_direct) followMirrorDirect(server, asset, helps);
  if (!config.allow_atomic) dropBatches(io, asset, "atomic");
  if (!config.allow_batched) dropBatches(io, asset, "fast");
  armExpiry(io, asset);
  if (!leadsStream(asset)) return;
  followOrigins({ server, io, asset });
  adviseStreamAction(server, io, asset, "modify");
}

/** The stream goes with its consumers, its file and its timers. */
export function deleteStream(server: ServerState, io: ServerIo, asset: StreamAsset): void {
  deleteConsumers(server, io, asset);
  for (const id of asset.subs.values()) unsubscribeInternal(server, asset.account, id);
  for (const id of asset.directSubs) unsubscribeInternal(server, asset.account, id);
  clearStreamTimers(io, asset);
  dropBatches(io, asset, "atomic");
  dropBatches(io, asset, "fast");
  stopOrigins({ server, io, asset });
  for (const id of asset.mirrorDirectSubs) unsubscribeInternal(server, asset.account, id);
  const account = findAccount(server, asset.account);
  if (account !== null) {
    account.streams.delete(asset.name);
    countBytes(account, asset.state, -asset.state.store.bytes);
  }
  if (asset.path !== null) io.disk.remove(asset.path);
  if (leadsStream(asset)) adviseStreamAction(server, io, asset, "delete");
}

/** Makes subscriptions and transforms what the configuration says. */
function followConfig(server: ServerState, asset: StreamAsset): void {
  const { config } = asset.state;
  followSubjects(server, asset);
  const transform = config.subject_transform;
  asset.transform = transform === null ? null : compileTransform(transform.src, transform.dest);
  const { republish } = config;
  asset.republish =
    republish === null ? null : compileTransform(republish.src ?? ">", republish.dest);
  // A follower joins once it is up to date, and then stays.
  if (leadsStream(asset) || !config.allow_direct) followDirect(server, asset);
}
