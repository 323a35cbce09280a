/**
 * What a member of a replicated consumer's group does with what the group agreed upon.
 * Source: nats-server `server/jetstream_cluster.go` `applyConsumerEntries`, `processReplicatedAck`.
 */
import {
  createTable,
  type StreamSeq,
  tableDelete,
  tableEach,
  tableGet,
  tableSet,
  unreachable,
} from "../../kernel/index.ts";
import type { ConsumerEffect } from "./effects.ts";
import { gather } from "./gather.ts";
import type { ConsumerScene } from "./inputs.ts";
import { pendingStatus } from "./pull/pending-status.ts";
import { resetTo } from "./reset.ts";
import {
  type ConsumerIdentity,
  emptyConsumer,
  selectStart,
  setPosition,
  takeStoredState,
} from "./start.ts";
import type { ConsumerState, ReplicatedState } from "./state.ts";
import { noteSaved } from "./step.ts";
import {
  type ConsumerEntry,
  type ConsumerStore,
  storeAcked,
  storeDelivered,
  storeSkipped,
} from "./store.ts";

/**
 * A member of a consumer's group: a follower, as what was agreed upon remembers it, or with `leads`
 * about to be started as its leader. Where nothing was agreed upon yet, the leader picks the start.
 * Source: nats-server `setLeader`.
 */
export function createMember(
  identity: ConsumerIdentity,
  store: ConsumerStore,
  scene: ConsumerScene,
  leads: boolean,
): ConsumerState {
  const bare = emptyConsumer(identity, store.config, scene, store);
  const consumer: ConsumerState = { ...bare, replicated: createReplicatedState() };
  if (store.written) {
    takeStoredState(consumer, store, identity.onDisk);
  } else if (leads) {
    const start = selectStart(consumer, scene);
    setPosition(consumer, start.seq);
    consumer.skip = start.skip;
  }
  return consumer;
}

/** What a consumer keeps beside its own state when it has a group. */
export function createReplicatedState(): ReplicatedState {
  return {
    deliveries: createTable(),
    lastDeliveries: createTable(),
    ackReplies: createTable(),
    requests: createTable(),
  };
}

/** Applies one committed entry: on the leader it also sends what waited for it. */
export function applyConsumerEntry(
  consumer: ConsumerState,
  scene: ConsumerScene,
  entry: ConsumerEntry,
  out: ConsumerEffect[],
): void {
  const { store, replicated } = consumer;
  if (store === null || replicated === null) return;
  consumer.unsaved += 1;
  switch (entry.kind) {
    case "delivered":
      storeDelivered(store, entry);
      consumer.lastDelivered = scene.wall;
      sendAgreed(replicated, entry.streamSeq, out);
      break;
    case "acked":
      applyAck(consumer, scene, entry, out);
      break;
    case "skipped":
      if (!consumer.leader && entry.streamSeq > consumer.seqNext) {
        consumer.seqNext = entry.streamSeq;
      }
      storeSkipped(store, (entry.streamSeq - 1) as StreamSeq);
      store.written = true;
      break;
    case "reset":
      resetTo(consumer, scene, entry.streamSeq, out);
      if (consumer.leader) {
        gather(consumer, scene, out);
        const { streamSeq: seq, reply } = entry;
        if (reply !== null) out.push({ kind: "reset-done", reply, seq });
      }
      break;
    case "request":
      if (!consumer.leader) tableSet(replicated.requests, entry.reply, true);
      break;
    case "request-gone":
      if (!consumer.leader) tableDelete(replicated.requests, entry.reply);
      break;
    default:
      unreachable(entry);
  }
  noteSaved(consumer, out);
}

/** Whoever waited at the leader before must ask again. Source: `checkPendingRequests`. */
export function dismissRequests(consumer: ConsumerState, out: ConsumerEffect[]): void {
  const { replicated } = consumer;
  if (replicated === null) return;
  tableEach(replicated.requests, (_, to) => {
    const description = "Leadership Change";
    out.push({ kind: "status", to, code: 409, description, headers: [], reply: null });
    tableDelete(replicated.requests, to);
  });
}

function sendAgreed(replicated: ReplicatedState, seq: StreamSeq, out: ConsumerEffect[]): void {
  const effect = tableGet(replicated.deliveries, seq);
  if (effect === undefined) return;
  out.push(effect);
  tableDelete(replicated.deliveries, seq);
  const last = tableGet(replicated.lastDeliveries, effect.to);
  if (last === undefined || last.seq !== seq) return;
  const { timeout } = last;
  if (timeout !== null && (timeout.messages > 0 || timeout.bytes > 0)) {
    const request = { reply: effect.to, left: timeout.messages, bytesLeft: timeout.bytes };
    pendingStatus(request, { code: 408, description: "Request Timeout" }, out);
  }
  tableDelete(replicated.lastDeliveries, effect.to);
}

function applyAck(
  consumer: ConsumerState,
  scene: ConsumerScene,
  entry: Extract<ConsumerEntry, { kind: "acked" }>,
  out: ConsumerEffect[],
): void {
  const { store, replicated, config } = consumer;
  if (store === null || replicated === null) return;
  const { consumerSeq, streamSeq } = entry;
  consumer.lastAcked = scene.wall;
  const keeps = scene.stream.config.retention === "limits";
  const before: StreamSeq[] = [];
  if (!keeps && config.ack_policy !== "explicit") {
    tableEach(store.pending, (_, seq) => {
      if (seq >= streamSeq) return false;
      before.push(seq);
      return true;
    });
  }
  storeAcked(store, consumerSeq, streamSeq);
  const reply = tableGet(replicated.ackReplies, streamSeq);
  if (reply !== undefined) {
    out.push({ kind: "ack-reply", to: reply });
    tableDelete(replicated.ackReplies, streamSeq);
  }
  if (keeps) return;
  out.push({ kind: "released", seq: streamSeq });
  for (const seq of before) out.push({ kind: "released", seq });
}
