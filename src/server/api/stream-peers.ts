/** Requests that only a cluster can carry out. */

import { ApiError } from "../../jetstream/index.ts";
import { clusterParts } from "../cluster-door.ts";
import type { ApiCall, ApiRoute } from "./route-shape.ts";

function needsCluster(subject: string, type: string): ApiRoute {
  return {
    subject,
    type,
    leader: "meta",
    needsCluster: "refuse",
    handle: refuse,
    clustered: refuseToMove,
  };
}

function refuse(): never {
  throw new ApiError("JSClusterRequiredErr");
}

/** Members of groups do not change here yet. */
function refuseToMove(): never {
  throw new ApiError("JSClusterUnSupportFeatureErr");
}

const streamStepDownRoute: ApiRoute = {
  subject: "$JS.API.STREAM.LEADER.STEPDOWN.*",
  type: "stream_leader_stepdown",
  leader: "stream",
  needsCluster: "refuse",
  gate: (call: ApiCall) => clusterParts().streamGate(call, call.tokens.at(-1) ?? ""),
  handle: refuse,
  clustered: (call) => clusterParts().stepStreamDown(call),
};

/** Asked by the system account; a server without a cluster does not listen. */
export const metaStepDownRoute: ApiRoute = {
  subject: "$JS.API.META.LEADER.STEPDOWN",
  type: "meta_leader_stepdown",
  leader: "meta",
  needsCluster: "ignore",
  gate: (call) => clusterParts().systemMetaGate(call),
  handle: () => null,
  clustered: (call) => clusterParts().stepMetaDown(call),
};

/** A single server refuses them all with 10010. */
export const clusterOnlyRoutes: readonly ApiRoute[] = [
  {
    ...needsCluster("$JS.API.STREAM.PEER.REMOVE.*", "stream_remove_peer"),
    clustered: (call) => clusterParts().removePeer(call),
  },
  needsCluster("$JS.API.STREAM.PEER.EVACUATE.*", "stream_evacuate_peer"),
  needsCluster("$JS.API.STREAM.CANCEL_MOVE.*", "stream_cancel_move"),
  streamStepDownRoute,
  needsCluster("$JS.API.CONSUMER.PEER.REMOVE.*.*", "consumer_remove_peer"),
  needsCluster("$JS.API.CONSUMER.PEER.EVACUATE.*.*", "consumer_evacuate_peer"),
];
