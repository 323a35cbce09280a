/** What streams and consumers on this server tell the meta layer. */
import type { ApiErrorBody } from "../../jetstream/index.ts";
import { minus, seconds } from "../../kernel/index.ts";
import { hasQuorum } from "../../raft/index.ts";
import { adviseConsumerAction } from "../assets/consumers/consumer-advisories.ts";
import { advisePause } from "../assets/consumers/consumer-pause.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";
import { adviseStreamAction } from "../assets/stream-advisories.ts";
import type { RaftGroup } from "../groups/group.ts";
import { forwardProposal } from "../groups/propose.ts";
import type { ServerIo } from "../io.ts";
import { sendToPeer } from "../links/peers.ts";
import type { ServerState } from "../state.ts";
import { rejectAssignment } from "./assignment-results.ts";
import type { GroupSpec, MetaEntry } from "./assignments.ts";
import { clusterOf, findAssignment, findConsumerAssignment, metaGroup } from "./cluster-state.ts";
import { adviseElected, adviseQuorumLost } from "./leader-advisories.ts";
import { groupOf, isMetaLeader, metaLeader } from "./leadership.ts";
import type { AssignmentFailed } from "./peer-messages.ts";
import { answerRequester, consumerReply, streamReply } from "./requests/replies.ts";

/** A stream, or a consumer of it when `consumer` is given, on the server where it happened. */
export interface AssetPlace {
  readonly server: ServerState;
  readonly io: ServerIo;
  readonly asset: StreamAsset;
  /** The consumer's name; null for the stream itself. */
  readonly consumer: string | null;
}

/** What could not be taken up: its stream may not be here at all. */
export interface FailedAsset {
  readonly account: string;
  readonly stream: string;
  readonly consumer: string | null;
  readonly error: ApiErrorBody;
  /** It was there, and could not follow a change. */
  readonly isUpdate?: boolean;
  /** What came of its backup could not be used. */
  readonly isRestore?: boolean;
}

/** A group younger than this does not complain of a quorum that it never had. */
const youngFor = seconds(5);
/** The size of a message that says no more than who and what. */
const noteBytes = 256;

/**
 * Leadership of an asset came to this server (`isLeader`, after all before it was applied) or left
 * it; for an asset without a group once, right after it was taken up. A new leader tells so in an
 * advisory, and answers whoever waits for the asset to be made.
 * Source: nats-server `processStreamLeaderChange`, `processConsumerLeaderChange`.
 */
export function onAssetLeader(place: AssetPlace, isLeader: boolean): void {
  const spec = groupSpecOf(place);
  if (spec === null) return;
  const group = groupOf(place.server, spec.name);
  if (!isLeader) {
    if (group !== null && isStalled(place.io, group)) onAssetQuorumLost(place);
    markResponded(place);
    return;
  }
  if (group !== null) adviseElected(place, group);
  if (markResponded(place)) return;
  if (place.consumer === null) answerStream(place, group !== null);
  else answerConsumer(place, place.consumer);
}

/** A quorum of the asset's group has been missing. At most one advisory each ten seconds. */
export function onAssetQuorumLost(place: AssetPlace): void {
  const spec = groupSpecOf(place);
  const group = spec === null ? null : groupOf(place.server, spec.name);
  if (group !== null) adviseQuorumLost(place, group);
}

/** This server could not make an asset that it was assigned: the meta leader hears of it. */
export function onAssetFailed(server: ServerState, io: ServerIo, failed: FailedAsset): void {
  const { account, stream, consumer, error, isUpdate = false, isRestore = false } = failed;
  const message: AssignmentFailed = {
    kind: "assignment-failed",
    account,
    stream,
    consumer,
    isUpdate,
    isRestore,
    error,
  };
  if (isMetaLeader(server)) {
    rejectAssignment(server, io, message);
    return;
  }
  const leader = metaLeader(server);
  if (leader !== "") sendToPeer(server, io, leader, message, noteBytes);
}

/**
 * A consumer's leader found it unused for too long: the meta leader is asked to remove it.
 * Source: nats-server `deleteNotActive`.
 */
export function onConsumerInactive({ server, io, asset, consumer }: AssetPlace): void {
  const cluster = clusterOf(server);
  const meta = groupOf(server, metaGroup);
  if (cluster === null || meta === null || consumer === null) return;
  const { account, name: stream } = asset;
  const assignment = findConsumerAssignment(cluster, account, stream, consumer);
  if (assignment === null) return;
  const { client, subject, created } = assignment.spec;
  const removal = { client, subject, reply: "", account, stream, consumer, created };
  const entry: MetaEntry = Object.freeze({ op: "remove", removal: Object.freeze(removal) });
  forwardProposal(server, io, meta, { data: entry, bytes: noteBytes });
}

function answerStream(place: AssetPlace, isReplicated: boolean): void {
  const { server, io, asset } = place;
  const cluster = clusterOf(server);
  const assignment = cluster === null ? null : findAssignment(cluster, asset.account, asset.name);
  if (assignment === null) return;
  const fields = { ...streamReply({ server, io }, asset, assignment), did_create: true };
  const { spec, isTold } = assignment;
  const to = isTold === true ? { ...spec, reply: "" } : spec;
  answerRequester({ server, io }, to, "stream_create", { fields });
  if (isReplicated) adviseStreamAction(server, io, asset, "create");
}

function answerConsumer({ server, io, asset }: AssetPlace, name: string): void {
  const cluster = clusterOf(server);
  const { account, name: stream } = asset;
  const consumer = asset.consumers.get(name);
  const assignment =
    cluster === null ? null : findConsumerAssignment(cluster, account, stream, name);
  if (assignment === null || consumer === undefined) return;
  const place = { server, io, asset, consumer };
  const fields = consumerReply(place);
  answerRequester({ server, io }, assignment.spec, "consumer_create", { fields });
  adviseConsumerAction(server, io, { account, stream, consumer: name }, "create");
  advisePause(place);
}

/** Notes that whoever asked has an answer; true when it had one already. */
function markResponded({ server, asset, consumer }: AssetPlace): boolean {
  const cluster = clusterOf(server);
  if (cluster === null) return true;
  const { account, name } = asset;
  const assignment =
    consumer === null
      ? findAssignment(cluster, account, name)
      : findConsumerAssignment(cluster, account, name, consumer);
  if (assignment === null || assignment.responded) return true;
  assignment.responded = true;
  return false;
}

function groupSpecOf({ server, asset, consumer }: AssetPlace): GroupSpec | null {
  const cluster = clusterOf(server);
  const stream = cluster === null ? null : findAssignment(cluster, asset.account, asset.name);
  if (consumer === null) return stream?.spec.group ?? null;
  return stream?.consumers.get(consumer)?.spec.group ?? null;
}

function isStalled(io: ServerIo, group: RaftGroup): boolean {
  return !hasQuorum(group.core, io.now) && minus(io.now, group.created) > youngFor;
}
