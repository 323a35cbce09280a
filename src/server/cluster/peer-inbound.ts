/** What other servers' meta layers say, and who performs it. */
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { onUsage } from "./account-usage.ts";
import { rejectAssignment } from "./assignment-results.ts";
import type { ClusterMessage } from "./peer-messages.ts";
import { onPeerLeaves, onStats, sendStats } from "./peer-stats.ts";
import { onInfoAnswer, onInfoRequest } from "./requests/gather.ts";
import { assignRestoredConsumer } from "./restored-streams.ts";

type Handlers = {
  readonly [K in ClusterMessage["kind"]]: (
    server: ServerState,
    io: ServerIo,
    message: Extract<ClusterMessage, { readonly kind: K }>,
  ) => void;
};

export const clusterMessageHandlers: Handlers = {
  stats: (server, io, { report }) => onStats(server, io, report),
  usage: (server, _io, message) => onUsage(server, message),
  "stats-ping": (server, io) => sendStats(server, io),
  shutdown: (server, _io, { name }) => onPeerLeaves(server, name),
  "assignment-failed": rejectAssignment,
  "consumer-restored": assignRestoredConsumer,
  "info-request": onInfoRequest,
  "info-answer": onInfoAnswer,
};
