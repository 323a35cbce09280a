/**
 * Every server of a cluster hears every API request; here each decides whether it is the one to
 * answer. The rules are those of the handlers in nats-server's `server/jetstream_api.go`, which
 * differ from one family of requests to the next.
 */
import { ApiError } from "../../jetstream/index.ts";
import { findAssignment, findConsumerAssignment, isMember } from "../cluster/cluster-state.ts";
import {
  groupOf,
  isGroupLeaderless,
  isMetaLeader,
  isMetaLeaderless,
  isYoungAndPreferred,
  leadsConsumer,
  leadsStream,
} from "../cluster/leadership.ts";
import { consumerAhead, streamAhead } from "../cluster/meta/inflight.ts";
import { areAllOffline } from "../cluster/peer-facts.ts";
import { clusterOfCall } from "../cluster/requests/cluster-call.ts";
import { systemAccountOf } from "../connections/info.ts";
import type { ApiCall, ApiRoute, Passage } from "./route-shape.ts";

const go: Passage = { kind: "go" };
const silent: Passage = { kind: "silent" };

/** Whether this server answers. Throws `ApiError` when the answer is a refusal, at once. */
export function passGate(call: ApiCall, route: ApiRoute): Passage {
  if (route.gate !== undefined) return route.gate(call);
  switch (route.leader) {
    case "meta":
      return metaGate(call);
    case "stream":
      return streamGate(call, call.tokens.at(-1) ?? "");
    default:
      return go;
  }
}

/** The meta leader answers; everybody who knows that there is none refuses. */
export function metaGate(call: ApiCall): Passage {
  if (isMetaLeaderless(call.server, call.io)) throw notAvailable();
  return isMetaLeader(call.server) ? go : silent;
}

/** The stream's leader answers. Source: `jsMsgGetRequest`, `jsStreamLeaderStepDownRequest`. */
export function streamGate(call: ApiCall, stream: string): Passage {
  if (isMetaLeaderless(call.server, call.io)) throw notAvailable();
  return streamLeaderGate(call, stream);
}

/** The stream's leader answers a purge also without a meta leader. Source: `jsStreamPurgeRequest`. */
export function purgeGate(call: ApiCall): Passage {
  const stream = call.tokens[2] ?? "";
  const passage = streamLeaderGate(call, stream);
  if (passage === silent && isMetaLeaderless(call.server, call.io)) throw notAvailable();
  return passage;
}

/** Source: `jsStreamInfoRequest`. */
export function streamInfoGate(call: ApiCall): Passage {
  const { server, io, account } = call;
  const cluster = clusterOfCall(call);
  const stream = call.tokens[2] ?? "";
  const isLeader = isMetaLeader(server);
  const spec =
    findAssignment(cluster, account.name, stream)?.spec ??
    streamAhead(cluster, account.name, stream);
  if (spec === null) {
    if (isLeader) return missingStream(call);
    return isMetaLeaderless(server, io) ? later(notAvailable(), null) : silent;
  }
  if (isLeader && areAllOffline(cluster, spec.group)) {
    return later(new ApiError("JSStreamOfflineErr"), null);
  }
  if (leadsStream(server, account.name, stream)) return go;
  if (isGroupLeaderless(server, io, spec.group)) return go;
  if (isMetaLeaderless(server, io)) return later(notAvailable(), spec.group.name);
  return isYoungAndPreferred(server, io, spec.group) ? go : silent;
}

/** Source: `jsConsumerInfoRequest`. */
export function consumerInfoGate(call: ApiCall): Passage {
  const { server, io, account, tokens } = call;
  const cluster = clusterOfCall(call);
  const [, , stream = "", consumer = ""] = tokens;
  const isLeader = isMetaLeader(server);
  const spec =
    findConsumerAssignment(cluster, account.name, stream, consumer)?.spec ??
    consumerAhead(cluster, account.name, stream, consumer);
  const isLeaderless = !isLeader && isMetaLeaderless(server, io);
  if (spec === null) {
    if (isLeader) return missingConsumer(call, stream);
    return isLeaderless ? later(notAvailable(), null) : silent;
  }
  if (isLeader && areAllOffline(cluster, spec.group)) {
    return later(new ApiError("JSConsumerOfflineErr"), null);
  }
  if (isGroupLeaderless(server, io, spec.group)) throw notAvailable();
  if (leadsConsumer(server, { account: account.name, stream, consumer })) return go;
  if (isLeaderless) return later(notAvailable(), spec.group.name);
  if (!isMember(server, spec.group)) return silent;
  const group = groupOf(server, spec.group.name);
  if (group === null || group.core.leader !== null || group.core.hadLeader) return silent;
  return isYoungAndPreferred(server, io, spec.group) ? go : silent;
}

/** Source: `jsConsumerLeaderStepDownRequest`. */
export function consumerStepDownGate(call: ApiCall): Passage {
  const { server, io, account } = call;
  if (isMetaLeaderless(server, io)) throw notAvailable();
  const cluster = clusterOfCall(call);
  const [stream = "", consumer = ""] = call.tokens.slice(-2);
  const assignment = findAssignment(cluster, account.name, stream);
  if (assignment === null) return isMetaLeader(server) ? missingStream(call) : silent;
  const spec = assignment.consumers.get(consumer)?.spec;
  if (spec === undefined) throw new ApiError("JSConsumerNotFoundErr");
  if (isGroupLeaderless(server, io, spec.group)) throw notAvailable();
  return leadsConsumer(server, { account: account.name, stream, consumer }) ? go : silent;
}

/** Everybody refuses what is not there; the consumer's leader does the rest. `…UnpinRequest`. */
export function unpinGate(call: ApiCall): Passage {
  const [, , stream = "", consumer = ""] = call.tokens;
  const { server, account } = call;
  const assignment = findAssignment(clusterOfCall(call), account.name, stream);
  if (assignment === null) throw new ApiError("JSStreamNotFoundErr");
  if (!assignment.consumers.has(consumer)) throw new ApiError("JSConsumerNotFoundErr");
  return leadsConsumer(server, { account: account.name, stream, consumer }) ? go : silent;
}

/** Only the stream's leader, and else silence. Source: `jsStreamSnapshotRequest`. */
export function streamLeaderOnly(call: ApiCall): Passage {
  const stream = call.tokens[2] ?? "";
  return leadsStream(call.server, call.account.name, stream) ? go : silent;
}

/** What only the system account may ask, and only of the meta leader. */
export function systemMetaGate(call: ApiCall): Passage {
  return isMetaLeader(call.server) && call.account.name === systemAccountOf(call.server)
    ? go
    : silent;
}

function streamLeaderGate(call: ApiCall, stream: string): Passage {
  const { server, io, account } = call;
  const assignment = findAssignment(clusterOfCall(call), account.name, stream);
  if (assignment === null) return isMetaLeader(server) ? missingStream(call) : silent;
  if (isGroupLeaderless(server, io, assignment.spec.group)) throw notAvailable();
  return leadsStream(server, account.name, stream) ? go : silent;
}

/** The meta leader knows that a stream is not there, or that the account has no JetStream. */
function missingStream({ js, account }: ApiCall): never {
  if (!js.accounts.has(account.name)) throw new ApiError("JSNotEnabledForAccountErr");
  throw new ApiError("JSStreamNotFoundErr");
}

function missingConsumer(call: ApiCall, stream: string): never {
  const { js, account } = call;
  const isThere = streamAhead(clusterOfCall(call), account.name, stream) !== null;
  if (!isThere || !js.accounts.has(account.name)) return missingStream(call);
  throw new ApiError("JSConsumerNotFoundErr");
}

function later(error: ApiError, group: string | null): Passage {
  return { kind: "later", error, group };
}

function notAvailable(): ApiError {
  return new ApiError("JSClusterNotAvailErr");
}
