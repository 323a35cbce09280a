/** Requests that only a cluster can carry out. */
import { ApiError } from "../../jetstream/index.ts";
import type { ApiRoute } from "./route-shape.ts";

function needsCluster(subject: string, type: string): ApiRoute {
  return {
    subject,
    type,
    leader: "meta",
    handle: () => {
      throw new ApiError("JSClusterRequiredErr");
    },
  };
}

/** A single server refuses them all with 10010. */
export const clusterOnlyRoutes: readonly ApiRoute[] = [
  needsCluster("$JS.API.STREAM.PEER.REMOVE.*", "stream_remove_peer"),
  needsCluster("$JS.API.STREAM.PEER.EVACUATE.*", "stream_evacuate_peer"),
  needsCluster("$JS.API.STREAM.CANCEL_MOVE.*", "stream_cancel_move"),
  needsCluster("$JS.API.STREAM.LEADER.STEPDOWN.*", "stream_leader_stepdown"),
  needsCluster("$JS.API.CONSUMER.LEADER.STEPDOWN.*.*", "consumer_leader_stepdown"),
  needsCluster("$JS.API.CONSUMER.PEER.REMOVE.*.*", "consumer_remove_peer"),
  needsCluster("$JS.API.CONSUMER.PEER.EVACUATE.*.*", "consumer_evacuate_peer"),
];
