/** Consumers that the meta layer assigns to this server: taken up, changed, let go. */
import {
  type ConsumerConfig,
  type ConsumerStore,
  createConsumerStore,
  createMember,
  sameConsumerConfig,
} from "../../../jetstream/index.ts";
import { assert, fork } from "../../../kernel/index.ts";
import type { ConsumerAssignment, ConsumerSpec } from "../../cluster/assignments.ts";
import { metaGroup } from "../../cluster/cluster-state.ts";
import { closeGroup, isCatchingUp, openGroup } from "../../groups/open.ts";
import type { ServerIo } from "../../io.ts";
import type { ServerState } from "../../state.ts";
import { forgetAudience } from "../consumers/audience.ts";
import { letGo, placeConsumer, reviveConsumer } from "../consumers/consumer-asset.ts";
import { changeConsumer } from "../consumers/consumer-create.ts";
import { dropConsumer } from "../consumers/consumer-drop.ts";
import { consumerPath, consumersFolder } from "../consumers/consumer-effects.ts";
import { consumerGround, consumerScene } from "../consumers/consumer-scene.ts";
import type { StreamAsset } from "../jetstream-state.ts";
import { findStream, streamPath } from "../stream-lookup.ts";
import { tellNews } from "./news.ts";
import type { ConsumerId } from "./roles.ts";
import { groupOfFile, removeFiles, storeDir } from "./stream-members.ts";
import { groupOfConsumer } from "./stream-replica.ts";

/** As `startStreamReplica`; the stream has been taken up before. */
export function startConsumerReplica(
  server: ServerState,
  io: ServerIo,
  assignment: ConsumerAssignment,
  recovering: boolean,
): void {
  const { account, stream, name, spec } = assignment;
  const asset = findStream(server, account, stream);
  if (asset === null) return;
  const isAlone = spec.group.peers.length === 1;
  if (asset.consumers.has(name)) {
    const group = asset.replica?.consumerGroups.get(name);
    if (group === (isAlone ? undefined : spec.group.name)) return;
    const id = { account, stream, consumer: name };
    if (spec.state === undefined) removeConsumerReplica(server, io, id);
    else releaseConsumer(server, io, id);
  }
  if (isAlone) {
    startAlone(server, io, asset, spec);
    // The disk may hold a configuration from before what was decided meanwhile.
    updateConsumerReplica(server, io, assignment);
  } else startMember(server, io, asset, { spec, recovering });
}

/** A new configuration of the consumer, on every member. */
export function updateConsumerReplica(
  server: ServerState,
  io: ServerIo,
  assignment: ConsumerAssignment,
): void {
  const { account, stream, name, spec } = assignment;
  const asset = findStream(server, account, stream);
  const consumer = asset?.consumers.get(name);
  if (asset === null || consumer === undefined) return;
  const { config } = spec;
  if (sameConsumerConfig(config, consumer.config)) return;
  if (consumer.leader) {
    changeConsumer({ server, io, asset, consumer }, config);
    return;
  }
  const { store, replicated } = consumer;
  if (store === null) return;
  store.config = config;
  const identity = identityOf(server, asset, spec);
  const member = createMember(identity, store, consumerScene(server, io, asset), false);
  asset.consumers.set(name, { ...member, replicated });
  forgetAudience(asset);
}

/** The consumer goes with its group and file; also one that is only on disk. */
export function removeConsumerReplica(
  server: ServerState,
  io: ServerIo,
  { account, stream, consumer: name }: ConsumerId,
): void {
  const asset = findStream(server, account, stream);
  const consumer = asset?.consumers.get(name);
  if (asset === null || consumer === undefined) {
    const folder = consumersFolder(streamPath(storeDir(server), account, stream));
    removeFiles(server, io, `${folder}${name}/`);
    return;
  }
  const group = groupOfConsumer(server, asset, name);
  dropConsumer({ server, io, asset, consumer });
  if (group === null) return;
  asset.replica?.consumerGroups.delete(name);
  closeGroup(server, io, group, { remove: true });
}

/** The consumer goes on elsewhere, or in a group: nobody is told. */
export function releaseConsumer(
  server: ServerState,
  io: ServerIo,
  { account, stream, consumer: name }: ConsumerId,
): void {
  const asset = findStream(server, account, stream);
  const consumer = asset?.consumers.get(name);
  if (asset === null || consumer === undefined) return;
  const place = { server, io, asset, consumer };
  if (consumer.leader) letGo(place);
  asset.consumers.delete(name);
  forgetAudience(asset);
  const path = consumerPath(place);
  if (path !== null) io.disk.remove(path);
}

/** One replica: it leads itself. Its state is on disk after a restart. */
function startAlone(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  spec: ConsumerSpec,
): void {
  const { account, stream, name, config, created } = spec;
  const path = pathOf(asset, spec);
  if (path !== null && groupOfFile(io, path) !== null) removeFiles(server, io, path);
  const make = (): ConsumerStore => newStore(spec);
  if (path !== null && (io.disk.has(path) || spec.state !== undefined)) {
    reviveConsumer(server, io, asset, io.disk.open<ConsumerStore>(path, make));
  } else if (spec.state !== undefined) {
    reviveConsumer(server, io, asset, make());
  } else {
    placeConsumer(server, io, asset, { name, config, created });
  }
  tellNews(server, { account, stream, consumer: name, kind: "leader", isLeader: true });
}

function startMember(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  { spec, recovering }: { readonly spec: ConsumerSpec; readonly recovering: boolean },
): void {
  const { account, stream, name, config, group: wanted } = spec;
  const { replica } = asset;
  assert(replica !== undefined, `${name} has replicas and ${stream} has none`);
  const path = pathOf(asset, spec);
  if (path !== null && io.disk.has(path) && groupOfFile(io, path) !== wanted.name) {
    removeFiles(server, io, path);
  }
  const isFirst = !recovering && wanted.preferred === server.name;
  const group = openGroup(server, io, {
    name: wanted.name,
    of: { kind: "consumer", account, stream, consumer: name },
    peers: wanted.peers,
    storage: path === null ? "memory" : "file",
    bootstrap: isFirst ? "preferred" : "none",
    recovering: recovering || isCatchingUp(server.groups?.get(metaGroup)),
    ...(path === null ? {} : { filePath: path }),
    createState: () => newStore(spec),
  });
  replica.consumerGroups.set(name, group.name);
  const store = group.file.state as ConsumerStore;
  store.config = config;
  const identity = identityOf(server, asset, spec);
  asset.consumers.set(name, createMember(identity, store, consumerScene(server, io, asset), false));
  forgetAudience(asset);
}

function newStore(spec: ConsumerSpec): ConsumerStore {
  return spec.state === undefined ? createConsumerStore(spec, spec.config) : fork(spec.state);
}

function identityOf(server: ServerState, asset: StreamAsset, spec: ConsumerSpec) {
  const { name, created, config } = spec;
  const onDisk = pathOf(asset, { config, name }) !== null;
  return { ...consumerGround(server, asset), name, created, onDisk };
}

/** Null for what is in memory only. */
function pathOf(
  asset: StreamAsset,
  { config, name }: { readonly config: ConsumerConfig; readonly name: string },
): string | null {
  const isOnDisk = asset.path !== null && !config.mem_storage && !config.direct;
  return isOnDisk ? `${consumersFolder(asset.path)}${name}/state` : null;
}
