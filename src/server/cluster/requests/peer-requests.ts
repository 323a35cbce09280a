/** Requests to take a server out of a group. */
import { ApiError, type GoStruct, goString } from "../../../jetstream/index.ts";
import { readRequiredBody } from "../../api/request-body.ts";
import type { ApiCall } from "../../api/route-shape.ts";
import { metaGroup } from "../cluster-state.ts";
import { groupOf } from "../leadership.ts";
import { streamAhead } from "../meta/inflight.ts";
import { peerHash } from "../peer-name.ts";
import { clusterOfCall } from "./cluster-call.ts";

const removeRequest: GoStruct = {
  go: "struct",
  name: "JSApiStreamRemovePeerRequest",
  fields: { peer: goString },
};

/**
 * Refuses in nats-server's words what it would refuse, and what it would do: members of groups do
 * not change here yet. Source: nats-server `jsStreamRemapPeerRequest`.
 */
export function removePeer(call: ApiCall): never {
  const request = readRequiredBody(call, removeRequest);
  const wanted = (request.peer as string | undefined) ?? "";
  if (wanted === "") throw new ApiError("JSBadRequestErr");
  const stream = call.tokens.at(-1) ?? "";
  const spec = streamAhead(clusterOfCall(call), call.account.name, stream);
  if (spec === null) throw new ApiError("JSStreamNotFoundErr");
  const { peers } = spec.group;
  const isMember = peers.some((name) => name === wanted || peerHash(name) === wanted);
  if (!isMember) throw new ApiError("JSClusterPeerNotMemberErr");
  const all = groupOf(call.server, metaGroup)?.core.stable.peers ?? [];
  if (all.every((name) => peers.includes(name))) throw new ApiError("JSPeerRemapErr");
  throw new ApiError("JSClusterUnSupportFeatureErr");
}
