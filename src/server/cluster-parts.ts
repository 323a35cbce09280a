/**
 * What only a server in a cluster runs, under one roof: a page brings it with the first cluster
 * (cluster-door.ts). Whoever runs without one must come here through the door alone.
 */
import {
  consumerInfoGate,
  consumerStepDownGate,
  metaGate,
  passGate,
  purgeGate,
  streamGate,
  streamInfoGate,
  streamLeaderOnly,
  systemMetaGate,
  unpinGate,
} from "./api/cluster-gate.ts";
import { placeAwaited } from "./assets/replicas/awaited-stream.ts";
import { onDirectTimer } from "./assets/replicas/stream-lead.ts";
import {
  proposeBatch,
  proposeChange,
  proposeRemovals,
  proposeSkip,
  proposeStore,
} from "./assets/replicas/stream-propose.ts";
import { clusterUsage } from "./cluster/account-usage.ts";
import { printAlternates, printCluster, printConsumerCluster } from "./cluster/cluster-info.ts";
import { leadsConsumer, leadsStream } from "./cluster/leadership.ts";
import { handOverLeaderships, sayGoodbye } from "./cluster/leave.ts";
import { streamAhead, streamsAhead } from "./cluster/meta/inflight.ts";
import { firstStats } from "./cluster/peer-stats.ts";
import {
  assignConsumer,
  pauseAssignedConsumer,
  unassignConsumer,
} from "./cluster/requests/consumer-requests.ts";
import { delayReply } from "./cluster/requests/delayed-replies.ts";
import {
  assignedConsumerInfo,
  assignedStreams,
  gatherFor,
  readAssigned,
} from "./cluster/requests/list-requests.ts";
import { removePeer } from "./cluster/requests/peer-requests.ts";
import {
  stepConsumerDown,
  stepMetaDown,
  stepStreamDown,
} from "./cluster/requests/step-down-requests.ts";
import { changeInCluster } from "./cluster/requests/stream-changes.ts";
import {
  assignRestored,
  assignStream,
  reassignStream,
  unassignStream,
} from "./cluster/requests/stream-requests.ts";
import { askForConsumers, endRestored } from "./cluster/restored-streams.ts";
import { onClusterTimer, startCluster } from "./cluster/start-cluster.ts";
import { groupHandlers, readAssetNews } from "./cluster-handlers.ts";
import { onGroupTimer } from "./groups/inbound.ts";
import { hasGroupWork, workOnGroups } from "./groups/mail.ts";
import { closeGroup } from "./groups/open.ts";
import { propose } from "./groups/propose.ts";
import { refreshUrls } from "./links/client-urls.ts";
import { closeRoute, forgetRoute } from "./links/close.ts";
import { dialRoutes, onDialFailed } from "./links/dial.ts";
import { acceptRoute, onRouteOpened, sendLameDuckToRoutes } from "./links/greet.ts";
import { flushRoutes } from "./links/outbound.ts";
import { receiveRecord } from "./links/receive.ts";
import { createRoutes } from "./links/route-conn.ts";
import { addTarget, sendToRoutes } from "./links/route-targets.ts";
import { onRouteTimer } from "./links/timers.ts";
import { noteInterest } from "./links/told-interest.ts";
import { clusterComplaint } from "./monitoring/cluster-health.ts";
import { metaCluster } from "./monitoring/meta-cluster.ts";
import { raftz } from "./monitoring/raftz.ts";

export const clusterParts = {
  acceptRoute,
  addTarget,
  assignConsumer,
  assignedConsumerInfo,
  assignedStreams,
  assignRestored,
  assignStream,
  askForConsumers,
  changeInCluster,
  closeGroup,
  closeRoute,
  clusterComplaint,
  clusterUsage,
  consumerInfoGate,
  consumerStepDownGate,
  createRoutes,
  delayReply,
  dialRoutes,
  endRestored,
  firstStats,
  flushRoutes,
  forgetRoute,
  gatherFor,
  groupHandlers,
  handOverLeaderships,
  hasGroupWork,
  leadsConsumer,
  leadsStream,
  metaCluster,
  metaGate,
  noteInterest,
  onClusterTimer,
  onDialFailed,
  onDirectTimer,
  onGroupTimer,
  onRouteOpened,
  onRouteTimer,
  passGate,
  pauseAssignedConsumer,
  placeAwaited,
  printAlternates,
  printCluster,
  printConsumerCluster,
  propose,
  proposeBatch,
  proposeChange,
  proposeRemovals,
  proposeSkip,
  proposeStore,
  purgeGate,
  raftz,
  readAssetNews,
  readAssigned,
  reassignStream,
  receiveRecord,
  refreshUrls,
  removePeer,
  sayGoodbye,
  sendLameDuckToRoutes,
  sendToRoutes,
  startCluster,
  stepConsumerDown,
  stepMetaDown,
  stepStreamDown,
  streamAhead,
  streamGate,
  streamInfoGate,
  streamLeaderOnly,
  streamsAhead,
  systemMetaGate,
  unassignConsumer,
  unassignStream,
  unpinGate,
  workOnGroups,
};
