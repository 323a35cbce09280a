/** An API request as the cluster's side of its handler sees it. */
import { assert } from "../../../kernel/index.ts";
import { requester } from "../../api/reply.ts";
import type { ApiCall } from "../../api/route-shape.ts";
import type { Requester } from "../assignments.ts";
import { type ClusterState, clusterOf } from "../cluster-state.ts";

export function clusterOfCall(call: ApiCall): ClusterState {
  const cluster = clusterOf(call.server);
  assert(cluster !== null, "a request to a cluster at a server without one");
  return cluster;
}

/** Who is to be told how it went. */
export function requesterOf(call: ApiCall): Requester {
  const { server, account, subject, message, client } = call;
  return {
    client: client ?? requester(server, account.name, call),
    subject,
    reply: message.reply ?? "",
  };
}
