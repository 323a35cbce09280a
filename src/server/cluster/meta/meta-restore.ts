/** The picture begins anew from a snapshot, or is complete after a start. */
import { sortedKeys } from "../../../kernel/index.ts";
import {
  consumerRole,
  removeConsumerReplica,
  removeStreamReplica,
  updateConsumerReplica,
  updateStreamReplica,
} from "../../assets/replicas.ts";
import { findStream } from "../../assets/stream-lookup.ts";
import type { MetaSnapshot, StreamAssignment, StreamSnapshot } from "../assignments.ts";
import { type ClusterState, dropStream, putConsumer, putStream } from "../cluster-state.ts";
import { type ClusterPlace, takeUpConsumer, takeUpStream } from "../follow.ts";

/**
 * Makes the picture what a snapshot says. Nobody is answered: who asked was told long ago, or by
 * another. Source: nats-server `applyMetaSnapshot`.
 */
export function replacePicture(place: ClusterPlace, { streams }: MetaSnapshot): void {
  const { cluster } = place;
  removeUnnamed(place, streams);
  for (const { spec, consumers } of streams) {
    const assignment = putStream(cluster, spec);
    assignment.responded = true;
    for (const consumer of consumers) {
      const put = putConsumer(cluster, consumer);
      if (put !== null) put.responded = true;
    }
    if (!cluster.recovering) takeUpAll(place, assignment);
  }
}

/** The log that was here at the start has been replayed: assets come up. */
export function endRecovery(place: ClusterPlace): void {
  const { cluster } = place;
  if (!cluster.recovering) return;
  cluster.recovering = false;
  for (const account of sortedKeys(cluster.accounts)) {
    const streams = cluster.accounts.get(account) ?? new Map<string, StreamAssignment>();
    for (const name of sortedKeys(streams)) {
      const assignment = streams.get(name);
      if (assignment !== undefined) takeUpAll(place, assignment);
    }
  }
}

/** The stream first, then its consumers, as after a restart: their logs may be empty. */
function takeUpAll(place: ClusterPlace, assignment: StreamAssignment): void {
  const { server, io } = place;
  const { account, name: stream } = assignment;
  assignment.responded = true;
  if (findStream(server, account, stream) === null) takeUpStream(place, assignment, true);
  else updateStreamReplica(server, io, assignment);
  for (const name of sortedKeys(assignment.consumers)) {
    const consumer = assignment.consumers.get(name);
    if (consumer === undefined) continue;
    consumer.responded = true;
    const isHere = consumerRole(server, { account, stream, consumer: name }) !== null;
    if (isHere) updateConsumerReplica(server, io, consumer);
    else takeUpConsumer(place, consumer, true);
  }
}

function removeUnnamed(place: ClusterPlace, streams: readonly StreamSnapshot[]): void {
  const { server, io, cluster } = place;
  for (const assignment of allStreams(cluster)) {
    const { account, name: stream } = assignment;
    const kept = streams.find((one) => isSameStream(one, assignment));
    if (kept === undefined) {
      dropStream(cluster, account, stream);
      if (!cluster.recovering) removeStreamReplica(server, io, account, stream);
      continue;
    }
    for (const consumer of [...assignment.consumers.keys()]) {
      if (kept.consumers.some((one) => one.name === consumer)) continue;
      assignment.consumers.delete(consumer);
      if (!cluster.recovering) removeConsumerReplica(server, io, { account, stream, consumer });
    }
  }
}

function isSameStream({ spec }: StreamSnapshot, { account, name, spec: own }: StreamAssignment) {
  const isNamed = spec.account === account && spec.config.name === name;
  return isNamed && spec.group.name === own.group.name;
}

function allStreams(cluster: ClusterState): StreamAssignment[] {
  return [...cluster.accounts.values()].flatMap((streams) => [...streams.values()]);
}
