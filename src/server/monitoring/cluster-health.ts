/** What `/healthz` finds wrong with a server of a cluster. Source: nats-server `healthz`. */
import { minus, seconds, sortedKeys, virtualAt } from "../../kernel/index.ts";
import { isCurrent } from "../../raft/index.ts";
import { findStream } from "../assets/stream-lookup.ts";
import type { ConsumerAssignment, StreamAssignment } from "../cluster/assignments.ts";
import { isMember, metaGroup } from "../cluster/cluster-state.ts";
import type { ClusterPlace } from "../cluster/follow.ts";
import { groupOf } from "../cluster/leadership.ts";
import { type Complaint, missing } from "./healthz.ts";

export interface HealthWanted {
  readonly account: string;
  readonly stream: string;
  readonly consumer: string;
  readonly isMetaOnly: boolean;
}

/** A consumer that was just made may not be up yet. */
const consumerPatience = seconds(5);

/** Null when all is well. */
export function clusterComplaint(place: ClusterPlace, wanted: HealthWanted): Complaint | null {
  const about = metaComplaint(place);
  if (about !== null) return { status: 503, type: "JETSTREAM", text: about };
  if (wanted.isMetaOnly) return null;
  const { server, cluster } = place;
  const { account, stream, consumer } = wanted;
  const accounts = account === "" ? sortedKeys(cluster.accounts) : [account];
  for (const name of accounts) {
    const streams = cluster.accounts.get(name);
    if (streams === undefined) return missing({ account: name });
    const found = streams.get(stream);
    if (stream !== "" && (found === undefined || !isMember(server, found.spec.group))) {
      return missing({ account: name, stream });
    }
    if (consumer !== "" && found?.consumers.has(consumer) !== true) {
      return missing({ account: name, stream, consumer });
    }
    for (const key of stream === "" ? sortedKeys(streams) : [stream]) {
      const assignment = streams.get(key);
      const wrong = assignment === undefined ? null : assetComplaint(place, assignment);
      if (wrong !== null) return wrong;
    }
  }
  return null;
}

function metaComplaint({ server, io, cluster }: ClusterPlace): string | null {
  const meta = groupOf(server, metaGroup);
  if (meta !== null && cluster.recovering) return "JetStream is still recovering meta layer";
  if (meta === null || meta.core.leader === null) {
    return "JetStream has not established contact with a meta leader";
  }
  return isCurrent(meta.core, io.now) ? null : "JetStream is not current with the meta leader";
}

/** Of a stream on this server and its consumers here; null when they are well. */
function assetComplaint(place: ClusterPlace, assignment: StreamAssignment): Complaint | null {
  const { server } = place;
  if (!isMember(server, assignment.spec.group)) return null;
  const { account, name } = assignment;
  const wrong = streamFault(place, assignment);
  if (wrong !== null) {
    const text = `JetStream stream '${account} > ${name}' is not current: ${wrong}`;
    return { status: 503, type: "STREAM", account, stream: name, text };
  }
  for (const key of sortedKeys(assignment.consumers)) {
    const consumer = assignment.consumers.get(key);
    if (consumer === undefined || !isMember(server, consumer.spec.group)) continue;
    const fault = consumerFault(place, consumer);
    if (fault === null) continue;
    const text = `JetStream consumer '${account} > ${name} > ${key}' is not current: ${fault}`;
    return { status: 503, type: "CONSUMER", account, stream: name, consumer: key, text };
  }
  return null;
}

/** Source: nats-server `isStreamHealthy`. */
function streamFault({ server, io }: ClusterPlace, { account, name, spec }: StreamAssignment) {
  if (findStream(server, account, name) === null) return "stream not found";
  if (spec.config.num_replicas <= 1) return null;
  return groupFault(groupOf(server, spec.group.name), io.now);
}

/** Source: nats-server `isConsumerHealthy`. */
function consumerFault({ server, io }: ClusterPlace, of: ConsumerAssignment): string | null {
  const { account, stream, name, spec } = of;
  if (findStream(server, account, stream)?.consumers.has(name) !== true) {
    const age = minus(virtualAt(io.wall), virtualAt(spec.created));
    return age < consumerPatience ? null : "consumer not found";
  }
  if (spec.group.peers.length <= 1) return null;
  return groupFault(groupOf(server, spec.group.name), io.now);
}

function groupFault(
  group: ReturnType<typeof groupOf>,
  now: Parameters<typeof isCurrent>[1],
): string | null {
  if (group === null) return "group node missing";
  return isCurrent(group.core, now) ? null : "group node unhealthy";
}
