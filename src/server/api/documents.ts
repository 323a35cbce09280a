/** Streams and consumers as their INFO requests describe them, for who looks in unasked. */

import {
  type ConsumerState,
  consumerInfo,
  printStreamConfig,
  withDynamicMetadata,
} from "../../jetstream/index.ts";
import { fork, formatStoredTime } from "../../kernel/index.ts";
import { consumerScene } from "../assets/consumers/consumer-scene.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";
import { clusterOf } from "../cluster/cluster-state.ts";
import { clusterParts } from "../cluster-door.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { ApiFields } from "./route-shape.ts";
import { clusterOfStream, printState } from "./stream-info.ts";

/** `STREAM.INFO` without paging. Looking changes nothing. */
export function streamDocument(server: ServerState, io: ServerIo, asset: StreamAsset): ApiFields {
  const { config, created } = asset.state;
  const { metadata } = config;
  return {
    config: printStreamConfig({ ...config, metadata: withDynamicMetadata(metadata) }),
    created: formatStoredTime(created),
    state: printState(asset),
    cluster: clusterOfStream({ server, io }, asset),
  };
}

/** `CONSUMER.INFO`. A request for it goes through the waiting pulls; this looks at a copy. */
export function consumerDocument(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  consumer: ConsumerState,
): ApiFields {
  const info = consumerInfo(fork(consumer), consumerScene(server, io, asset), "single", []);
  if (clusterOf(server) === null) return { ...info, cluster: undefined };
  return {
    ...info,
    cluster: clusterParts().printConsumerCluster(server, io, asset, consumer.name),
  };
}
