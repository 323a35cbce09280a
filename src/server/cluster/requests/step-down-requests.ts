/** Leaders asked to hand over: of a stream, a consumer, the meta group. */
import {
  ApiError,
  type Decoded,
  type GoStruct,
  goString,
  goStrings,
} from "../../../jetstream/index.ts";
import { readBody } from "../../api/request-body.ts";
import type { ApiCall, ApiFields } from "../../api/route-shape.ts";
import { stepDownGroup } from "../../assets/replicas.ts";
import type { RaftGroup } from "../../groups/group.ts";
import {
  type ClusterState,
  findAssignment,
  findConsumerAssignment,
  metaGroup,
} from "../cluster-state.ts";
import { groupOf } from "../leadership.ts";
import { isOffline } from "../peer-facts.ts";
import { clusterOfCall } from "./cluster-call.ts";

const placement: GoStruct = {
  go: "struct",
  name: "Placement",
  fields: { cluster: goString, tags: goStrings, preferred: goString },
};

const stepDownRequest: GoStruct = {
  go: "struct",
  name: "JSApiLeaderStepdownRequest",
  fields: { placement },
};

/** Source: nats-server `jsStreamLeaderStepDownRequest`. */
export function stepStreamDown(call: ApiCall): ApiFields {
  const stream = call.tokens.at(-1) ?? "";
  const spec = findAssignment(clusterOfCall(call), call.account.name, stream)?.spec;
  return stepDown(call, spec === undefined ? null : groupOf(call.server, spec.group.name));
}

/** Source: nats-server `jsConsumerLeaderStepDownRequest`. */
export function stepConsumerDown(call: ApiCall): ApiFields {
  const [stream = "", consumer = ""] = call.tokens.slice(-2);
  const cluster = clusterOfCall(call);
  const spec = findConsumerAssignment(cluster, call.account.name, stream, consumer)?.spec;
  return stepDown(call, spec === undefined ? null : groupOf(call.server, spec.group.name));
}

/** Source: nats-server `jsLeaderStepDownRequest`. */
export function stepMetaDown(call: ApiCall): ApiFields {
  return stepDown(call, groupOf(call.server, metaGroup));
}

/** What has one replica has nobody to hand over to, and says yes. */
function stepDown(call: ApiCall, group: RaftGroup | null): ApiFields {
  if (group === null) return { success: true };
  const isJson = /^[ \t\n\r]*[{[]/.test(call.body);
  const asked = isJson ? readBody(call, stepDownRequest).placement : undefined;
  const to = asked === undefined ? null : successor(call, group, asked as Decoded);
  stepDownGroup(call.server, call.io, group, to);
  return { success: true };
}

/** Throws 10005 when nobody fits. Source: nats-server `getStepDownPreferredPlacement`. */
function successor({ server, io }: ApiCall, group: RaftGroup, asked: Decoded): string {
  const cluster = server.jetstream?.cluster;
  const preferred = (asked.preferred as string | undefined) ?? "";
  const peers = group.core.stable.peers;
  if (preferred !== "") {
    if (preferred === server.name)
      throw noPeers(`preferred server "${preferred}" is already leader`);
    if (!peers.includes(preferred)) throw noPeers(`preferred server "${preferred}" not known`);
    return preferred;
  }
  const wanted = {
    cluster: (asked.cluster as string | undefined) ?? "",
    tags: (asked.tags as readonly string[] | undefined) ?? [],
  };
  const fit = peers.filter(
    (name) => cluster !== undefined && name !== server.name && fits(cluster, name, wanted),
  );
  const chosen = fit[io.draw("placement") % Math.max(fit.length, 1)];
  if (chosen === undefined) throw noPeers("no replacement peer connected");
  return chosen;
}

function fits(
  cluster: ClusterState,
  name: string,
  wanted: { readonly cluster: string; readonly tags: readonly string[] },
): boolean {
  if (isOffline(cluster, name)) return false;
  const report = cluster.peers.get(name)?.report ?? null;
  if (wanted.cluster !== "" && report?.cluster !== wanted.cluster) return false;
  return wanted.tags.every((tag) => report?.tags.includes(tag) === true);
}

function noPeers(err: string): ApiError {
  return new ApiError("JSClusterNoPeersErrF", { err });
}
