/** A stream on this server: taking it up, changing it, letting it go. */
import { createStream, type StreamConfig, type StreamState } from "../../jetstream/index.ts";
import { assert, type StreamSeq } from "../../kernel/index.ts";
import { compileTransform } from "../../protocol/index.ts";
import { subscribeInternal, unsubscribeInternal } from "../interest/subscribe.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { deleteConsumers } from "./consumers/consumer-side.ts";
import type { JetStreamAccount, StreamAsset } from "./jetstream-state.ts";
import { followOrigins, stopOrigins } from "./origins/stream-origin-links.ts";
import { adviseStreamAction } from "./stream-advisories.ts";
import { applyToStream } from "./stream-apply.ts";
import { createBatches, dropBatches } from "./stream-batches.ts";
import { findAccount, streamsFolder } from "./stream-lookup.ts";
import { armExpiry, clearStreamTimers } from "./stream-timers.ts";
import { countBytes } from "./stream-usage.ts";

/** A new stream, on disk or in memory. */
export function addStream(
  server: ServerState,
  io: ServerIo,
  account: JetStreamAccount,
  config: StreamConfig,
): StreamAsset {
  const js = server.jetstream;
  assert(js !== null, "a stream needs JetStream");
  const make = (): StreamState => createStream(config, io.wall);
  const path =
    config.storage === "file"
      ? `${streamsFolder(js.storeDir, account.name)}${config.name}/msgs`
      : null;
  const state = path === null ? make() : io.disk.open(path, make);
  const asset = takeUpStream(server, io, { account, state, path });
  if (path !== null) io.disk.wrote(path, 0);
  return asset;
}

export interface StreamOnDisk {
  readonly account: JetStreamAccount;
  readonly state: StreamState;
  readonly path: string | null;
}

/** Subscribes a stream that was just made or came back from the disk. */
export function takeUpStream(
  server: ServerState,
  io: ServerIo,
  { account, state, path }: StreamOnDisk,
): StreamAsset {
  const asset: StreamAsset = {
    account: account.name,
    name: state.config.name,
    state,
    path,
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
  followConfig(server, asset);
  armExpiry(io, asset);
  followOrigins({ server, io, asset });
  return asset;
}

/** A configuration that `checkStreamUpdate` let through takes effect. */
export function updateStream(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  config: StreamConfig,
): void {
  const { retention } = asset.state.config;
  applyToStream(server, io, asset, { kind: "update", config });
  const becameInterest = retention !== "interest" && config.retention === "interest";
  if (becameInterest && asset.consumers.size === 0) {
    // Nobody wants what is there.
    const seq = (asset.state.store.seqLast + 1) as StreamSeq;
    applyToStream(server, io, asset, { kind: "purge", filter: "", seq, keep: 0 });
  }
  followConfig(server, asset);
  if (!config.allow_atomic) dropBatches(io, asset, "atomic");
  if (!config.allow_batched) dropBatches(io, asset, "fast");
  armExpiry(io, asset);
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
  adviseStreamAction(server, io, asset, "delete");
}

/** Makes subscriptions and transforms what the configuration says. */
function followConfig(server: ServerState, asset: StreamAsset): void {
  const { config } = asset.state;
  const wanted = new Set(config.subjects);
  for (const [subject, id] of asset.subs) {
    if (wanted.has(subject)) continue;
    unsubscribeInternal(server, asset.account, id);
    asset.subs.delete(subject);
  }
  const target = { kind: "stream", stream: asset.name } as const;
  for (const subject of wanted) {
    if (asset.subs.has(subject)) continue;
    asset.subs.set(subject, subscribeInternal(server, asset.account, { subject, target }));
  }
  const transform = config.subject_transform;
  asset.transform = transform === null ? null : compileTransform(transform.src, transform.dest);
  const { republish } = config;
  asset.republish =
    republish === null ? null : compileTransform(republish.src ?? ">", republish.dest);
  followDirect(server, asset);
}

/**
 * Direct gets are answered by one of all that can, so they are subscribed in a queue group.
 * Source: nats-server `subscribeToDirect`, `sysGroup`.
 */
function followDirect(server: ServerState, asset: StreamAsset): void {
  const { allow_direct: wanted } = asset.state.config;
  if (wanted === asset.directSubs.length > 0) return;
  if (!wanted) {
    for (const id of asset.directSubs) unsubscribeInternal(server, asset.account, id);
    asset.directSubs.length = 0;
    return;
  }
  const target = { kind: "direct-get", stream: asset.name } as const;
  for (const suffix of ["", ".>"]) {
    const subject = `$JS.API.DIRECT.GET.${asset.name}${suffix}`;
    const sub = { subject, target, queue: "_sys_" };
    asset.directSubs.push(subscribeInternal(server, asset.account, sub));
  }
}
