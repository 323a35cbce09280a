/** JetStream comes up in a cluster: the meta group, then everything that its log knows of. */
import { type DurationNanos, nanos, plus, seconds, unreachable } from "../../kernel/index.ts";
import { isCurrent } from "../../raft/index.ts";
import { listenForApiAnswers } from "../accounts/api-answers.ts";
import { removeConsumerReplica, removeStreamReplica } from "../assets/replicas.ts";
import { streamsFolder } from "../assets/stream-lookup.ts";
import { metaGroupOf } from "../groups/group.ts";
import { openGroup } from "../groups/open.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { armUsage, onUsageTimer } from "./account-usage.ts";
import { clusterOf, findAssignment, metaGroup } from "./cluster-state.ts";
import type { ClusterPlace } from "./follow.ts";
import { groupOf } from "./leadership.ts";
import { endRecovery } from "./meta/meta-restore.ts";
import { armStats, onStatsTimer, onSweepTimer } from "./peer-stats.ts";
import { sendDelayed } from "./requests/delayed-replies.ts";
import { answerPolitely, endGathering } from "./requests/gather.ts";

/** A timer of the meta layer; `id` names one of several of a step. */
export interface ClusterTimer {
  readonly kind: "cluster";
  readonly step:
    | "recovered"
    | "stats"
    | "usage"
    | "sweep"
    | "orphans"
    | "reply"
    | "gather"
    | "polite";
  readonly id: number;
}

/** Long enough to hear the meta leader's news before anything is taken for an orphan. */
const orphansAfter = seconds(30);

/** Source: nats-server `setupMetaGroup`, `monitorCluster`. */
export function startCluster(server: ServerState, io: ServerIo): void {
  const peers = server.config.cluster?.peers ?? [];
  const group = openGroup(server, io, {
    name: metaGroup,
    of: metaGroupOf,
    peers: peers.includes(server.name) ? peers : [...peers, server.name],
    storage: "file",
    bootstrap: "campaign",
    recovering: false,
    persistsCommit: true,
  });
  io.log("info", `Starting JetStream cluster, ${group.core.stable.peers.length} peers`);
  // What the log holds is applied before this event ends, so right behind it all is known.
  arm(io, "recovered", nanos(0));
  armStats(server, io);
  armUsage(io);
  listenForApiAnswers(server);
}

export function onClusterTimer(server: ServerState, io: ServerIo, timer: ClusterTimer): void {
  const cluster = clusterOf(server);
  if (cluster === null) return;
  const place = { server, io, cluster };
  switch (timer.step) {
    case "recovered":
      endRecovery(place);
      arm(io, "orphans", orphansAfter);
      return;
    case "stats":
      return onStatsTimer(server, io);
    case "usage":
      return onUsageTimer(server, io);
    case "sweep":
      return onSweepTimer(server, io);
    case "orphans":
      return removeOrphans(place);
    case "reply":
      return sendDelayed(server, io, timer.id);
    case "polite":
      return answerPolitely(server, io, timer.id);
    case "gather":
      return endGathering(place, timer.id);
    default:
      unreachable(timer.step);
  }
}

/**
 * Removes what the disk holds and nobody knows of, if this server is sure to know all.
 * Source: nats-server `checkForOrphans`.
 */
function removeOrphans(place: ClusterPlace): void {
  const { server, io, cluster } = place;
  const meta = groupOf(server, metaGroup);
  if (meta === null || meta.core.leader === null || !isCurrent(meta.core, io.now)) return;
  const js = server.jetstream;
  for (const account of js?.accounts.keys() ?? []) {
    const folder = streamsFolder(js?.storeDir ?? "", account);
    for (const path of io.disk.list(folder)) {
      const [stream = "", kind = "", consumer = ""] = path.slice(folder.length).split("/");
      const assignment = findAssignment(cluster, account, stream);
      if (assignment === null) {
        removeStreamReplica(server, io, account, stream);
        if (io.disk.has(path)) io.disk.remove(path);
      } else if (kind === "obs" && !assignment.consumers.has(consumer)) {
        removeConsumerReplica(server, io, { account, stream, consumer });
        if (io.disk.has(path)) io.disk.remove(path);
      }
    }
  }
}

function arm(io: ServerIo, step: ClusterTimer["step"], after: DurationNanos): void {
  io.setTimer(`cluster/${step}`, plus(io.now, after), { kind: "cluster", step, id: 0 });
}
