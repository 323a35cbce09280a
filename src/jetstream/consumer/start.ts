/** Where a consumer begins, and how it comes to life on the server that leads it. */
import {
  assert,
  type ConsumerSeq,
  createLog,
  createTable,
  type DurationNanos,
  logPush,
  minus,
  nanos,
  parseStoredTime,
  plus,
  type StoredTime,
  type StreamSeq,
  seconds,
  tableEach,
  tableSet,
  virtualAt,
} from "../../kernel/index.ts";
import { int64ToNumber } from "../int64.ts";
import {
  lastMatch,
  lastOfSubjects,
  nextMatch,
  numPending,
  numPendingLast,
  seqAtTime,
} from "../stream/store/message-search.ts";
import { checkPending, reindex } from "./acks/pending.ts";
import { type ConsumerConfig, consumerFilters, isPush } from "./config/config-shape.ts";
import type { ConsumerEffect } from "./effects.ts";
import { createFlowWindow, createRateLimit } from "./flow.ts";
import type { ConsumerScene } from "./inputs.ts";
import { armUnpause } from "./pause.ts";
import { createWaitingQueue } from "./pull/waiting.ts";
import type { ConsumerState, SkipList } from "./state.ts";
import { type ConsumerStore, createConsumerStore, storeStart } from "./store.ts";
import { createTimers, wantTimer } from "./timers.ts";

/** Non-durable consumers go when nobody used them for so long. Source: `JsDeleteWaitTimeDefault`. */
export const inactiveDefault = seconds(5);

/** Who a consumer is. */
export interface ConsumerIdentity {
  readonly stream: string;
  /** Stands before the stream in subjects of acks and flow control: "" in the first format. */
  readonly owner: string;
  readonly name: string;
  readonly created: StoredTime;
  /** Whether state is kept on disk rather than in memory. */
  readonly onDisk: boolean;
  /** Bytes of the largest message the account may send: the burst of a rate limit. */
  readonly maxPayload: number;
}

/**
 * A new consumer, positioned by its deliver policy; `startConsumer` sets it going.
 * Source: nats-server `addConsumerWithAssignment`, `selectStartingSeqNo`.
 */
export function createConsumer(
  identity: ConsumerIdentity,
  config: ConsumerConfig,
  scene: ConsumerScene,
): ConsumerState {
  const store = config.direct ? null : createConsumerStore(identity, config);
  const consumer = emptyConsumer(identity, config, scene, store);
  const start = selectStart(consumer, scene);
  setPosition(consumer, start.seq);
  consumer.skip = start.skip;
  if (store !== null) storeStart(store, (start.seq - 1) as StreamSeq, identity.onDisk);
  return consumer;
}

/**
 * A consumer as its durable state remembers it.
 * Source: nats-server `readStoredState`, `reconcileStateWithStream`.
 */
export function restoreConsumer(
  identity: ConsumerIdentity,
  store: ConsumerStore,
  scene: ConsumerScene,
): ConsumerState {
  const consumer = emptyConsumer(identity, store.config, scene, store);
  if (!store.written) {
    setPosition(consumer, selectStart(consumer, scene).seq);
    return consumer;
  }
  if (store.deliveredStream > scene.stream.store.seqLast) reconcile(store, scene);
  takeStoredState(consumer, store, identity.onDisk);
  return consumer;
}

/**
 * The consumer begins to deliver on this server: timers, interest, what is overdue. The first look
 * for messages is a `deliver` timer, so that whoever created it is answered before.
 * Source: nats-server `setLeader`.
 */
export function startConsumer(
  consumer: ConsumerState,
  scene: ConsumerScene,
  out: ConsumerEffect[],
): void {
  consumer.leader = true;
  recountUnseen(consumer, scene);
  if (consumer.skip !== null && consumer.seqNext >= consumer.skip.resume) consumer.skip = null;
  const { config } = consumer;
  if (isPush(config)) {
    consumer.active = scene.hasListener(config.deliver_subject, config.deliver_group);
    const heartbeat = int64ToNumber(config.idle_heartbeat) as DurationNanos;
    consumer.heartbeat = heartbeat;
    if (heartbeat > 0) wantTimer(consumer, "heartbeat", plus(scene.now, heartbeat), out);
  }
  consumer.waiting.active = scene.now;
  if (consumer.inactiveAfter > 0 && (!isPush(config) || !consumer.active)) {
    wantTimer(consumer, "inactive", plus(scene.now, consumer.inactiveAfter), out);
  }
  armUnpause(consumer, scene, out);
  if (config.replay_policy === "original") consumer.replayUpTo = scene.stream.store.seqLast;
  if (consumer.pending.size > 0) {
    reindex(consumer, scene);
    checkPending(consumer, scene, out);
  }
  wantTimer(consumer, "deliver", scene.now, out);
}

/** Counts from the store what was not delivered yet. Source: `streamNumPending`. */
export function recountUnseen(consumer: ConsumerState, scene: ConsumerScene): void {
  const { store } = scene.stream;
  const count = consumer.config.deliver_policy === "last_per_subject" ? numPendingLast : numPending;
  consumer.unseen = count(store, consumer.filters, consumer.seqNext);
  consumer.unseenUpTo = store.seqLast;
}

/**
 * How long the consumer may go unused, and what its configuration shows for it.
 * Source: `updateInactiveThreshold`: pull consumers get up to a second more.
 */
export function inactiveThreshold(
  config: ConsumerConfig,
  scene: ConsumerScene,
  durableName = config.durable_name,
): { readonly after: DurationNanos; readonly config: ConsumerConfig } {
  const asked = int64ToNumber(config.inactive_threshold);
  const jitter = (): number => (100 + scene.draw(900)) * 1e6;
  if (asked > 0) {
    return { after: nanos(isPush(config) ? asked : asked + jitter()), config };
  }
  if (durableName !== "") return { after: nanos(0), config };
  const stamped = Object.freeze({ ...config, inactive_threshold: inactiveDefault });
  return { after: nanos(inactiveDefault + jitter()), config: stamped };
}

/** The percentage of `sample_freq`, which has been checked. */
export function samplingOf(config: ConsumerConfig): number {
  return config.sample_freq === "" ? 0 : Number(config.sample_freq.replace(/%$/, ""));
}

/** A fresh rate limit for a configuration. */
export function rateLimitOf(
  config: ConsumerConfig,
  scene: ConsumerScene,
  maxPayload: number,
): ConsumerState["rate"] {
  const maxSize = scene.stream.config.max_msg_size;
  return createRateLimit(config.rate_limit_bps, maxSize > 0 ? maxSize : maxPayload, scene.now);
}

/** Puts delivery and ack floor at the beginning. */
export function setPosition(consumer: ConsumerState, seq: StreamSeq): void {
  consumer.seqNext = seq;
  consumer.deliveryNext = 1 as ConsumerSeq;
  consumer.floorConsumer = 0 as ConsumerSeq;
  consumer.floorStream = (seq - 1) as StreamSeq;
}

/** A consumer without a position. */
export function emptyConsumer(
  identity: ConsumerIdentity,
  given: ConsumerConfig,
  scene: ConsumerScene,
  store: ConsumerStore | null,
): ConsumerState {
  const { after, config } = inactiveThreshold(given, scene);
  if (store !== null) store.config = config;
  return {
    config,
    stream: identity.stream,
    name: identity.name,
    created: identity.created,
    maxPayload: identity.maxPayload,
    filters: consumerFilters(config),
    ackPrefix: `$JS.ACK.${identity.owner}${identity.stream}.${identity.name}.`,
    store,
    leader: false,
    replicated: null,
    seqNext: 1 as StreamSeq,
    deliveryNext: 1 as ConsumerSeq,
    floorConsumer: 0 as ConsumerSeq,
    floorStream: 0 as StreamSeq,
    unseen: 0,
    unseenUpTo: 0 as StreamSeq,
    skip: null,
    pending: createTable(),
    deadlines: createTable(),
    deadlineLast: 0,
    deadlineRun: 0,
    wallOffset: minus(virtualAt(scene.wall), scene.now),
    again: createTable(),
    againPlaces: createTable(),
    againTicket: 0,
    redelivered: createTable(),
    waiting: createWaitingQueue(scene.now),
    active: true,
    moved: false,
    flow: createFlowWindow(config.flow_control),
    rate: rateLimitOf(config, scene, identity.maxPayload),
    held: null,
    replayUpTo: null,
    replayLast: null,
    heartbeat: nanos(0),
    inactiveAfter: after,
    pinId: "",
    pinnedAt: null,
    pinnedGroup: "",
    sampling: samplingOf(config),
    lastDelivered: null,
    lastAcked: null,
    unsaved: 0,
    timers: createTimers(),
  };
}

export interface Start {
  readonly seq: StreamSeq;
  readonly skip: SkipList | null;
}

/** Where the deliver policy begins. Source: `selectStartingSeqNo`. */
export function selectStart(consumer: ConsumerState, scene: ConsumerScene): Start {
  const { config } = consumer;
  const { seqFirst, seqLast } = scene.stream.store;
  const given = int64ToNumber(config.opt_start_seq);
  const { seq, skip } = given === 0 ? startByPolicy(consumer, scene) : { seq: given, skip: null };
  if (given === 0 && seqFirst === 0) return { seq: 1 as StreamSeq, skip };
  if (given === 0 && seq > seqLast) return { seq: (seqLast + 1) as StreamSeq, skip };
  return { seq: Math.max(seq, seqFirst) as StreamSeq, skip };
}

function startByPolicy(
  consumer: ConsumerState,
  scene: ConsumerScene,
): { readonly seq: number; readonly skip: SkipList | null } {
  const { config, filters } = consumer;
  const { store } = scene.stream;
  switch (config.deliver_policy) {
    case "all":
      return { seq: store.seqFirst, skip: null };
    case "last":
      if (filters.length === 0) return { seq: store.seqLast, skip: null };
      return { seq: Math.max(...filters.map((f) => lastMatch(store, f) ?? 0)), skip: null };
    case "last_per_subject":
      return startByLast(consumer, scene);
    case "by_start_time":
      return { seq: startByTime(consumer, scene), skip: null };
    default:
      return { seq: store.seqLast + 1, skip: null };
  }
}

/** With one message a subject, the last of each is every message. */
function startByLast(
  consumer: ConsumerState,
  scene: ConsumerScene,
): { readonly seq: number; readonly skip: SkipList | null } {
  const { store, config } = scene.stream;
  if (config.max_msgs_per_subject === 1) return { seq: store.seqFirst, skip: null };
  const seqs = createLog<StreamSeq>();
  const found = lastOfSubjects(store, consumer.filters, store.seqLast);
  for (const seq of found) logPush(seqs, seq);
  return { seq: found[0] ?? store.seqLast, skip: { seqs, at: 0, resume: store.seqLast } };
}

function startByTime(consumer: ConsumerState, scene: ConsumerScene): number {
  const { store } = scene.stream;
  const time = parseStoredTime(consumer.config.opt_start_time ?? "");
  assert(time !== null, "deliver policy by_start_time without a start time");
  const seq = seqAtTime(store, time);
  let near: number = store.seqLast;
  for (const filter of consumer.filters) {
    const first = nextMatch(store, [filter], store.seqFirst);
    if (first !== null && first >= seq && first < near) near = first;
  }
  return consumer.filters.length > 0 && near > seq && near < store.seqLast ? near : seq;
}

/** Source: `applyState`. Files keep whole seconds of when ack wait began. */
export function takeStoredState(
  consumer: ConsumerState,
  store: ConsumerStore,
  onDisk: boolean,
): void {
  consumer.seqNext = (store.deliveredStream + 1) as StreamSeq;
  consumer.deliveryNext = (store.deliveredConsumer + 1) as ConsumerSeq;
  consumer.floorConsumer = store.floorConsumer;
  consumer.floorStream = store.floorStream;
  tableEach(store.pending, ({ consumerSeq, at }, seq) => {
    const began = onDisk ? Math.floor(at / 1e9) * 1e9 : at;
    tableSet(consumer.pending, seq, { consumerSeq, at: began, due: -1 });
  });
  tableEach(store.redelivered, (count, seq) => tableSet(consumer.redelivered, seq, count));
}

/** The stream lost messages that had been delivered: go back, so that new ones are not skipped. */
function reconcile(store: ConsumerStore, scene: ConsumerScene): void {
  const { seqLast } = scene.stream.store;
  if (store.floorStream > seqLast) {
    store.floorStream = seqLast;
    store.floorConsumer = store.deliveredConsumer;
    store.pending = createTable();
    store.redelivered = createTable();
  }
  const pending: ConsumerStore["pending"] = createTable();
  let highest = { stream: store.floorStream, consumer: store.floorConsumer };
  tableEach(store.pending, (row, seq) => {
    if (seq > seqLast) return;
    tableSet(pending, seq, row);
    const consumer = Math.max(highest.consumer, row.consumerSeq) as ConsumerSeq;
    highest = { stream: seq, consumer };
  });
  const redelivered: ConsumerStore["redelivered"] = createTable();
  tableEach(store.redelivered, (count, seq) => {
    if (seq <= seqLast) tableSet(redelivered, seq, count);
  });
  store.pending = pending;
  store.redelivered = redelivered;
  store.deliveredStream = highest.stream;
  store.deliveredConsumer = highest.consumer;
}
