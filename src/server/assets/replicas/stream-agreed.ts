/**
 * What a member of a stream's group does with what the group agreed upon. All members change their
 * stream alike; only the leader answers and sends on.
 * Source: nats-server `server/jetstream_cluster.go` `applyStreamEntries`, `applyStreamMsgOp`.
 */
import {
  apiErrorBody,
  leaveInflight,
  type StoreEntry,
  type StreamEntry,
  type StreamState,
} from "../../../jetstream/index.ts";
import { fork, logGet, unreachable } from "../../../kernel/index.ts";
import { quoteJson } from "../../../protocol/index.ts";
import type { GroupHandler, GroupPlace } from "../../groups/group-handlers.ts";
import { resumeConsumer } from "../consumers/consumer-inbound.ts";
import { skipTo } from "../origins/stream-origin-inbound.ts";
import {
  ackText,
  answerPublisher,
  batchAckText,
  refusePublisher,
  type StreamPlace,
} from "../stream-answer.ts";
import { applyToStream, tellConsumers } from "../stream-apply.ts";
import { afterExpiry } from "../stream-due.ts";
import { onFastStored } from "../stream-fast.ts";
import { findStream } from "../stream-lookup.ts";
import { storeEntry } from "../stream-store.ts";
import { countBytes } from "../stream-usage.ts";
import { onAwaitedLead } from "./awaited-stream.ts";
import { tellNews } from "./news.ts";
import { followStreamLead, onStreamQuorumLost } from "./stream-lead.ts";
import type { MessageProposal, StreamProposal } from "./stream-replica.ts";

export const streamHandler: GroupHandler = {
  apply: applyProposal,
  restore: restoreStream,
  snapshot: snapshotStream,
  leadership(place, isLeader) {
    const at = placeOf(place);
    if (at !== null) followStreamLead(at, isLeader);
    else onAwaitedLead(place.server, place.io, place.group.name, isLeader);
  },
  quorumLost(place) {
    const at = placeOf(place);
    if (at !== null) onStreamQuorumLost(at);
  },
};

function applyProposal(place: GroupPlace, data: unknown, index: number): void {
  const at = placeOf(place);
  if (at === null) return;
  const proposal = data as StreamProposal;
  const { server, asset } = at;
  switch (proposal.kind) {
    case "message":
      applyMessage(place, at, proposal, index);
      break;
    case "batch":
      applyBatch(place, at, proposal, index);
      break;
    case "change": {
      const effects = applyChange(at, proposal.entry);
      const { request } = proposal;
      if (request === null || !leads(at)) break;
      const { account, name: stream } = asset;
      tellNews(server, { kind: "changed", account, stream, consumer: null, request, effects });
      break;
    }
    case "restored":
      // The leader has it already, and maybe more.
      if (!leads(at)) takeState(at, proposal.stream);
      break;
    case "skip-to":
      skipTo(at, proposal.seq);
      break;
    default:
      unreachable(proposal);
  }
  const { replica } = asset;
  const { inflight } = replica ?? { inflight: null };
  // With nothing on its way, what is stored says all there is to know.
  if (replica !== undefined && inflight?.applied === inflight?.proposed) replica.inflight = null;
}

function applyMessage(
  place: GroupPlace,
  at: StreamPlace,
  proposal: MessageProposal,
  index: number,
): void {
  const { server, io, asset } = at;
  const { entry, reply, expectedId, counter } = proposal;
  if (expectedId !== "" && expectedId !== asset.state.lastMsgId) {
    leave(at, entry, false);
    const error = apiErrorBody("JSStreamWrongLastMsgIDErrF", { id: asset.state.lastMsgId });
    if (leads(at)) refusePublisher(at, { subject: entry.subject, reply }, error);
    return;
  }
  const { seq, effects } = storeEntry(at, entry);
  leave(at, entry, true);
  if (leads(at)) {
    if (reply !== null) noteAcked(place, index);
    if (proposal.isFast) onFastStored(at, reply, seq);
    else answerPublisher(at, reply, ackText(at, seq, valueText(counter)));
  }
  tellConsumers(server, io, asset, effects);
}

function applyBatch(
  place: GroupPlace,
  at: StreamPlace,
  { entries, id, reply }: Extract<StreamProposal, { kind: "batch" }>,
  index: number,
): void {
  const { server, io, asset } = at;
  const told = [];
  let last = 0;
  for (const entry of entries) {
    const { seq, effects } = storeEntry(at, entry);
    leave(at, entry, true);
    last = seq;
    told.push(effects);
  }
  if (leads(at)) {
    if (reply !== null) noteAcked(place, index);
    answerPublisher(at, reply, batchAckText(at, last, id, entries.length));
  }
  for (const effects of told) tellConsumers(server, io, asset, effects);
}

function applyChange(at: StreamPlace, entry: StreamEntry) {
  const { server, io, asset } = at;
  // A new leader's mirror may have asked again for what was on its way.
  if (entry.kind === "copy" && entry.seq <= asset.state.store.seqLast) return [];
  const effects = applyToStream(server, io, asset, entry);
  if (entry.kind === "expire" && leads(at)) afterExpiry(at, effects);
  return effects;
}

function leave({ asset }: StreamPlace, entry: StoreEntry, isStored: boolean): void {
  const inflight = asset.replica?.inflight ?? null;
  if (inflight !== null) leaveInflight(asset.state, inflight, entry, isStored);
}

function valueText(counter: string | null): string {
  return counter === null ? "" : `,"val":${quoteJson(counter)}`;
}

/** For the auditor: from here on somebody relies on the entry. */
function noteAcked({ io, group }: GroupPlace, index: number): void {
  if (io.raft === undefined) return;
  const { term } = logGet(group.core.wal.log, index);
  io.raft.acked(group, index as Parameters<typeof io.raft.acked>[1], term);
}

/** The state with its messages. nats-server sends them apart from the snapshot (our model). */
function snapshotStream(place: GroupPlace) {
  const at = placeOf(place);
  if (at === null) return null;
  const { state } = at.asset;
  return { data: Object.freeze({ stream: fork(state) }), bytes: state.store.bytes + 64 };
}

function restoreStream(place: GroupPlace, data: unknown): void {
  const at = placeOf(place);
  if (at === null) return;
  takeState(at, (data as { readonly stream: StreamState }).stream);
}

function takeState({ server, io, asset }: StreamPlace, stream: StreamState): void {
  const account = server.jetstream?.accounts.get(asset.account);
  const before = asset.state.store.bytes;
  // The object stays: it is the file.
  Object.assign(asset.state, fork(stream));
  if (account !== undefined) countBytes(account, asset.state, asset.state.store.bytes - before);
  for (const consumer of asset.consumers.values()) {
    if (consumer.leader) resumeConsumer({ server, io, asset, consumer });
  }
}

function leads({ asset }: StreamPlace): boolean {
  return asset.replica?.leads === true;
}

/** The stream of a group; null when it is not here any more. */
function placeOf({ server, io, group }: GroupPlace): StreamPlace | null {
  const asset = findStream(server, group.account, group.stream);
  return asset?.replica?.group === group.name ? { server, io, asset } : null;
}
