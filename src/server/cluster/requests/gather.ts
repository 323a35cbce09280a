/**
 * Lists: the meta leader asks the leader of each asset, and answers when it has heard them all or
 * waited for long enough.
 * Source: nats-server `jsClusteredStreamListRequest`, `jsClusteredConsumerListRequest`.
 */
import { printConsumerConfig, printStreamConfig } from "../../../jetstream/index.ts";
import {
  formatStoredTime,
  millis,
  plus,
  seconds,
  sortedBy,
  zeroStoredTime,
} from "../../../kernel/index.ts";
import type { JsonLike } from "../../../protocol/index.ts";
import { type ApiReply, sendApiReply } from "../../api/reply.ts";
import type { ApiFields } from "../../api/route-shape.ts";
import { printState } from "../../api/stream-info.ts";
import { printOrigins } from "../../api/stream-origin-info.ts";
import { infoOf } from "../../assets/consumers/consumer-create.ts";
import type { ConsumerId } from "../../assets/replicas.ts";
import { findStream } from "../../assets/stream-lookup.ts";
import type { ServerIo } from "../../io.ts";
import { broadcastToPeers, sendToPeer } from "../../links/peers.ts";
import type { ServerState } from "../../state.ts";
import type { ConsumerSpec, StreamSpec } from "../assignments.ts";
import { printCluster, printOffline } from "../cluster-info.ts";
import { clusterOf, findAssignment, findConsumerAssignment, isMember } from "../cluster-state.ts";
import type { ClusterPlace } from "../follow.ts";
import { isGroupLeaderless, leadsConsumer, leadsStream } from "../leadership.ts";
import { areAllOffline } from "../peer-facts.ts";
import type { InfoAnswer, InfoRequest } from "../peer-messages.ts";

type Fields = { readonly [field: string]: JsonLike };

/** A list in the making. */
export interface Gathering {
  readonly reply: Omit<ApiReply, "body" | "isError">;
  /** What stands before the list: type and counts. */
  readonly head: ApiFields;
  readonly listed: "streams" | "consumers";
  /** Who has not answered yet, with the number of its consumers for a stream. */
  readonly waiting: Map<string, number>;
  readonly found: Map<string, Fields>;
  readonly missing: string[];
}

/** What is to be collected. */
export interface GatherRequest {
  readonly reply: Gathering["reply"];
  readonly head: ApiFields;
  readonly streams?: readonly StreamSpec[];
  readonly consumers?: readonly ConsumerSpec[];
}

/** How long answers are waited for. */
const patience = seconds(4);
/** Who does not lead lets a leader be first. */
const politeness = millis(500);
const requestBytes = 128;
const answerBytes = 1024;

/** Begins a collection, of streams or of consumers. */
export function gather(place: ClusterPlace, request: GatherRequest): void {
  const { server, io, cluster } = place;
  const { reply, head, streams = [], consumers = [] } = request;
  cluster.lastGathering += 1;
  const id = cluster.lastGathering;
  const gathering: Gathering = {
    reply,
    head,
    listed: request.streams === undefined ? "consumers" : "streams",
    waiting: new Map(),
    found: new Map(),
    missing: [],
  };
  cluster.gatherings.set(id, gathering);
  const timer = { kind: "cluster", step: "gather", id } as const;
  io.setTimer(`cluster/gather/${id}`, plus(io.now, patience), timer);
  const asked = [
    ...streams.map((spec) => ({ name: spec.config.name, stream: spec.config.name, spec })),
    ...consumers.map((spec) => ({ name: spec.name, stream: spec.stream, spec })),
  ];
  for (const { name, spec } of asked) {
    if (areAllOffline(cluster, spec.group)) {
      gathering.found.set(name, offlineEntry(place, spec));
      gathering.missing.push(name);
      continue;
    }
    const count = findAssignment(cluster, spec.account, name)?.consumers.size ?? 0;
    gathering.waiting.set(name, gathering.listed === "streams" ? count : 0);
  }
  // This server answers at once: the last to be heard ends it, so all are waited for by now.
  const requests = asked.filter(({ name }) => gathering.waiting.has(name));
  for (const { name, stream, spec } of requests) {
    const consumer = gathering.listed === "streams" ? null : name;
    const kind = "info-request";
    const from = server.name;
    const message = { kind, from, gathering: id, account: spec.account, stream, consumer } as const;
    broadcastToPeers(server, io, message, requestBytes);
    onInfoRequest(server, io, message);
  }
  if (requests.length === 0) endGathering(place, id);
}

/** The meta leader collects; this server answers for what it leads. */
export function onInfoRequest(server: ServerState, io: ServerIo, request: InfoRequest): void {
  const cluster = clusterOf(server);
  if (cluster === null) return;
  const { account, stream, consumer } = request;
  const spec =
    consumer === null
      ? findAssignment(cluster, account, stream)?.spec
      : findConsumerAssignment(cluster, account, stream, consumer)?.spec;
  if (spec === undefined || !isMember(server, spec.group)) return;
  const leads =
    consumer === null
      ? leadsStream(server, account, stream)
      : leadsConsumer(server, { account, stream, consumer });
  if (leads) answerInfo(server, io, request);
  else if (isGroupLeaderless(server, io, spec.group)) {
    cluster.lastDelayed += 1;
    const id = cluster.lastDelayed;
    cluster.polite.set(id, request);
    const timer = { kind: "cluster", step: "polite", id } as const;
    io.setTimer(`cluster/polite/${id}`, plus(io.now, politeness), timer);
  }
}

/** Nobody leads, and nobody may have answered: this member does. */
export function answerPolitely(server: ServerState, io: ServerIo, id: number): void {
  const cluster = clusterOf(server);
  const request = cluster?.polite.get(id);
  if (cluster === null || request === undefined) return;
  cluster.polite.delete(id);
  answerInfo(server, io, request);
}

/** An answer came in. */
export function onInfoAnswer(server: ServerState, io: ServerIo, answer: InfoAnswer): void {
  const cluster = clusterOf(server);
  const gathering = cluster?.gatherings.get(answer.gathering);
  if (cluster === null || gathering === undefined) return;
  const { name, info } = answer;
  const consumers = gathering.waiting.get(name);
  if (consumers === undefined) return;
  gathering.waiting.delete(name);
  gathering.found.set(name, consumers > 0 ? withConsumers(info, consumers) : info);
  if (gathering.waiting.size === 0) endGathering({ server, io, cluster }, answer.gathering);
}

/** All have answered, or the time is over. */
export function endGathering(place: ClusterPlace, id: number): void {
  const { server, io, cluster } = place;
  const gathering = cluster.gatherings.get(id);
  if (gathering === undefined) return;
  cluster.gatherings.delete(id);
  io.clearTimer(`cluster/gather/${id}`);
  const { reply, head, listed, found, waiting } = gathering;
  const missing = [...gathering.missing, ...waiting.keys()];
  const list = sortedBy(found, ([name]) => name).map(([, info]) => info);
  const body = {
    ...head,
    [listed]: list,
    missing: missing.length === 0 ? undefined : missing,
  };
  sendApiReply(server, io, { ...reply, body, isError: false });
}

function answerInfo(server: ServerState, io: ServerIo, request: InfoRequest): void {
  const { account, stream, consumer, from, gathering } = request;
  const info =
    consumer === null
      ? streamEntry(server, io, account, stream)
      : consumerEntry(server, io, { account, stream, consumer });
  if (info === null) return;
  const answer = { kind: "info-answer", gathering, name: consumer ?? stream, info } as const;
  if (from === server.name) onInfoAnswer(server, io, answer);
  else sendToPeer(server, io, from, answer, answerBytes);
}

function streamEntry(
  server: ServerState,
  io: ServerIo,
  account: string,
  stream: string,
): Fields | null {
  const cluster = clusterOf(server);
  const asset = findStream(server, account, stream);
  const assignment = cluster === null ? null : findAssignment(cluster, account, stream);
  if (asset === null || assignment === null) return null;
  const { config, created } = asset.state;
  return {
    config: printStreamConfig(config),
    created: formatStoredTime(created),
    state: printState(asset),
    cluster: printCluster(server, io, assignment.spec.group),
    ...printOrigins({ server, io }, asset),
    ts: formatStoredTime(io.wall),
  };
}

function consumerEntry(server: ServerState, io: ServerIo, id: ConsumerId): Fields | null {
  const asset = findStream(server, id.account, id.stream);
  const consumer = asset?.consumers.get(id.consumer);
  if (asset === null || consumer === undefined) return null;
  return infoOf({ server, io, asset, consumer }, "list");
}

/** What can be said of an asset whose servers are all down. */
function offlineEntry({ server, io }: ClusterPlace, spec: StreamSpec | ConsumerSpec): Fields {
  const created = formatStoredTime(spec.created);
  const cluster = printOffline(server, spec.group);
  const ts = formatStoredTime(io.wall);
  if (!("stream" in spec)) {
    const config = printStreamConfig(spec.config);
    return { config, created, state: emptyState, cluster, ts };
  }
  const config = printConsumerConfig(spec.config);
  return { stream_name: "", name: "", created, config, ...emptyPositions, cluster, ts };
}

const noTime = formatStoredTime(zeroStoredTime);
/** Go's zero values, as nats-server prints what it could not ask for. */
const emptyState: Fields = {
  messages: 0,
  bytes: 0,
  first_seq: 0,
  first_ts: noTime,
  last_seq: 0,
  last_ts: noTime,
  consumer_count: 0,
};
export const emptyPositions: Fields = {
  delivered: { consumer_seq: 0, stream_seq: 0 },
  ack_floor: { consumer_seq: 0, stream_seq: 0 },
  num_ack_pending: 0,
  num_redelivered: 0,
  num_waiting: 0,
  num_pending: 0,
};

function withConsumers(info: Fields, consumer_count: number): Fields {
  return { ...info, state: { ...(info.state as Fields), consumer_count } };
}
