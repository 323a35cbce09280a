/** Advisories about elections and lost quorums: to the asset's account and to the system's. */
import { minus, seconds } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import { publishAdvisory } from "../assets/stream-advisories.ts";
import { systemAccountOf } from "../connections/info.ts";
import type { RaftGroup } from "../groups/group.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { AssetPlace } from "./asset-events.ts";
import { printReplicas } from "./cluster-info.ts";
import { clusterOf } from "./cluster-state.ts";
import { peerHash } from "./peer-name.ts";

const types = "io.nats.jetstream.advisory.v1";
/** `lostQuorumAdvInterval`. */
const quorumLostEvery = seconds(10);

/** Source: nats-server `sendStreamLeaderElectAdvisory`, `sendConsumerLeaderElectAdvisory`. */
export function adviseElected(place: AssetPlace, group: RaftGroup): void {
  const leader = group.core.leader ?? "";
  advise(place, "LEADER_ELECTED", "leader_elected", {
    leader,
    replicas: printReplicas(place.server, place.io, group),
  });
}

/** Source: nats-server `sendStreamLostQuorumAdvisory`, `sendConsumerLostQuorumAdvisory`. */
export function adviseQuorumLost(place: AssetPlace, group: RaftGroup): void {
  const { server, io } = place;
  const told = clusterOf(server)?.quorumLostAt;
  const last = told?.get(group.name);
  if (told === undefined) return;
  if (last !== undefined && minus(io.now, last) < quorumLostEvery) return;
  told.set(group.name, io.now);
  const replicas = printReplicas(server, io, group);
  advise(place, "QUORUM_LOST", "quorum_lost", { replicas });
}

/** Source: nats-server `sendDomainLeaderElectAdvisory`, which shows the leader's hash. */
export function adviseDomainLeader(server: ServerState, io: ServerIo, meta: RaftGroup): void {
  publishAdvisory(server, io, {
    account: systemAccountOf(server),
    subject: "$JS.EVENT.ADVISORY.DOMAIN.LEADER_ELECTED",
    type: `${types}.domain_leader_elected`,
    fields: {
      leader: peerHash(meta.core.leader ?? ""),
      replicas: printReplicas(server, io, meta),
      cluster: server.config.cluster?.name ?? "",
    },
  });
}

function advise(
  { server, io, asset, consumer }: AssetPlace,
  event: string,
  type: string,
  fields: { readonly [field: string]: JsonLike },
): void {
  const { account, name: stream } = asset;
  const kind = consumer === null ? "stream" : "consumer";
  const names = consumer === null ? { stream } : { stream, consumer };
  const path = consumer === null ? stream : `${stream}.${consumer}`;
  const subject = `$JS.EVENT.ADVISORY.${kind.toUpperCase()}.${event}.${path}`;
  const system = systemAccountOf(server);
  const common = { subject, type: `${types}.${kind}_${type}` };
  if (account !== system) {
    publishAdvisory(server, io, { account, ...common, fields: { ...names, ...fields } });
  }
  const shown = { account, ...names, ...fields };
  const isCopy = account !== system;
  publishAdvisory(server, io, { account: system, ...common, fields: shown, isCopy });
}
