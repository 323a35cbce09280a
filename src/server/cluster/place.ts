/** The meta leader chooses servers for what is to be made. */
import { ApiError, type ConsumerConfig, type StreamConfig } from "../../jetstream/index.ts";
import { seconds } from "../../kernel/index.ts";
import { peerViews } from "../../raft/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { GroupSpec, StreamSpec } from "./assignments.ts";
import { type ClusterState, metaGroup } from "./cluster-state.ts";
import { groupOf } from "./leadership.ts";
import { consumersAhead, streamsAhead } from "./meta/inflight.ts";
import { type Candidate, choosePreferred, selectPeers, shuffled } from "./meta/placement.ts";
import { isOffline } from "./peer-facts.ts";
import { newGroupName } from "./peer-name.ts";

/** A peer that was heard from within this is fit for more. `withinLiveWindow`. */
const liveFor = seconds(3);

/** A server of a cluster, on behalf of a client. */
export interface PlacementScene {
  readonly server: ServerState;
  readonly io: ServerIo;
  readonly cluster: ClusterState;
}

/** The group of a new stream. Throws 10005. Source: nats-server `createGroupForStream`. */
export function placeStream(
  scene: PlacementScene,
  config: StreamConfig,
  clientCluster: string,
): GroupSpec {
  const { server, io, cluster } = scene;
  const replicas = Math.max(config.num_replicas, 1);
  const wanted = config.placement?.cluster ?? "";
  const target = wanted === "" ? clientCluster : wanted;
  const draw = drawOf(io);
  const peers = selectPeers(
    {
      replicas,
      cluster: target,
      config,
      haCost: replicas > 1 ? 1 : 0,
      haMax: server.config.jetstream?.limits.maxHaAssets ?? 0,
      existing: [],
      candidates: candidates(scene),
    },
    draw,
  );
  const { storage } = config;
  const preferred = choosePreferred(peers, (name) => !isOffline(cluster, name), draw);
  return groupSpec(scene, { prefix: "S", peers, storage, preferred, cluster: target });
}

/**
 * The group of a new consumer: the stream's servers, or some of them that are online, caught up
 * ones first. Throws 10023. Source: nats-server `createGroupForConsumer`.
 */
export function placeConsumer(
  scene: PlacementScene,
  config: ConsumerConfig,
  stream: StreamSpec,
): GroupSpec {
  const { server, io, cluster } = scene;
  const draw = drawOf(io);
  const all = stream.group.peers;
  const replicas = consumerReplicas(config, stream.config);
  if (config.num_replicas > all.length || replicas > all.length) throw noRoom();
  const isOnline = (name: string): boolean => !isOffline(cluster, name);
  const active = all.filter(isOnline);
  if (active.length < Math.floor(replicas / 2) + 1) throw noRoom();
  let peers = all;
  if (replicas < all.length) {
    if (active.length < replicas) throw noRoom();
    const lagging = laggards(server, io);
    const mixed = shuffled(active, draw);
    const ordered = [
      ...mixed.filter((name) => !lagging.has(name)),
      ...mixed.filter((name) => lagging.has(name)),
    ];
    peers = ordered.slice(0, replicas);
  }
  const storage = config.mem_storage ? "memory" : stream.config.storage;
  const preferred = choosePreferred(peers, isOnline, draw);
  const target = stream.group.cluster;
  return groupSpec(scene, { prefix: "C", peers, storage, preferred, cluster: target });
}

/**
 * How many servers a consumer is on: what it says, or as its stream; an ephemeral one of a stream
 * that keeps messages by its own limits is on one. Source: nats-server `ConsumerConfig.replicas`.
 */
export function consumerReplicas(config: ConsumerConfig, stream: StreamConfig): number {
  const { num_replicas: own, durable_name } = config;
  if (own > 0 && own <= stream.num_replicas) return own;
  const isAlone = own === 0 && durable_name === "" && stream.retention === "limits";
  return isAlone ? 1 : Math.max(stream.num_replicas, 1);
}

interface NewGroup extends Omit<GroupSpec, "name"> {
  readonly prefix: "S" | "C";
}

function groupSpec({ server, io }: PlacementScene, made: NewGroup): GroupSpec {
  const { prefix, peers, storage, preferred, cluster } = made;
  const js = server.jetstream;
  if (js === null) throw noRoom();
  const name = newGroupName(js, io, { prefix, replicas: peers.length, storage });
  return Object.freeze({ name, peers: Object.freeze([...peers]), storage, preferred, cluster });
}

/** The members of the meta group as placement weighs them. */
function candidates({ server, io, cluster }: PlacementScene): Candidate[] {
  const lagging = laggards(server, io);
  const assets = countAssets(cluster);
  const peers = groupOf(server, metaGroup)?.core.stable.peers ?? [];
  return peers.map((name) => ({
    name,
    offline: isOffline(cluster, name),
    isLagging: lagging.has(name),
    report: cluster.peers.get(name)?.report ?? null,
    streams: assets.get(name)?.streams ?? 0,
    haAssets: assets.get(name)?.haAssets ?? 0,
  }));
}

/** Members of the meta group that have not confirmed its log. Source: `IsFollowerCaughtUp`. */
function laggards(server: ServerState, io: ServerIo): ReadonlySet<string> {
  const meta = groupOf(server, metaGroup);
  const names = new Set<string>();
  if (meta === null) return names;
  for (const { id, heardAt, lag } of peerViews(meta.core, io.now)) {
    const isLive = heardAt !== null && io.now - heardAt <= liveFor;
    if (lag > 0 || !isLive) names.add(id);
  }
  return names;
}

interface AssetCount {
  streams: number;
  haAssets: number;
}

/** Source: nats-server `rebuildAssetCounts`, `consumerHAPeers`. */
function countAssets(cluster: ClusterState): Map<string, AssetCount> {
  const counts = new Map<string, AssetCount>();
  const add = (peers: readonly string[], streams: number, haAssets: number): void => {
    for (const name of peers) {
      const count = counts.get(name) ?? { streams: 0, haAssets: 0 };
      counts.set(name, {
        streams: count.streams + streams,
        haAssets: count.haAssets + haAssets,
      });
    }
  };
  for (const spec of allAhead(cluster)) {
    add(spec.group.peers, 1, spec.config.num_replicas > 1 ? 1 : 0);
    for (const consumer of consumersAhead(cluster, spec.account, spec.config.name)) {
      if (consumerReplicas(consumer.config, spec.config) <= 1) continue;
      const isTied = spec.config.retention !== "limits";
      add(isTied ? spec.group.peers : consumer.group.peers, 0, 1);
    }
  }
  return counts;
}

function allAhead(cluster: ClusterState): StreamSpec[] {
  const accounts = new Set(cluster.accounts.keys());
  for (const { spec } of cluster.inflight.values()) if (spec !== null) accounts.add(spec.account);
  return [...accounts].flatMap((account) => streamsAhead(cluster, account));
}

function drawOf(io: ServerIo): (below: number) => number {
  return (below) => io.draw("placement") % below;
}

function noRoom(): ApiError {
  return new ApiError("JSInsufficientResourcesErr");
}
