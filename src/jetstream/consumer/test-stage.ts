/** For tests: one consumer on one stream, its effects performed in the plainest way. */
import {
  addToStoredTime,
  assert,
  epochSeconds,
  fork,
  type StoredTime,
  type StreamSeq,
  type VirtualNanos,
} from "../../kernel/index.ts";
import { encodeText } from "../../protocol/index.ts";
import type { StreamConfig } from "../stream/config/config-shape.ts";
import { loadMessage, messageSubject } from "../stream/store/message-read.ts";
import type { StreamEffect, StreamEntry, StreamState } from "../stream/stream-shape.ts";
import { applyStreamEntry, createStream } from "../stream/stream-state.ts";
import { checkConsumerConfig } from "./config/config-check.ts";
import { consumerConfigFrom } from "./config/config-decode.ts";
import { withConsumerDefaults } from "./config/config-defaults.ts";
import type { ConsumerConfig } from "./config/config-shape.ts";
import type { ConsumerEffect, ConsumerTimer } from "./effects.ts";
import { applyConsumerEntry, createReplicatedState } from "./group.ts";
import type { ConsumerInput, ConsumerScene } from "./inputs.ts";
import { needsAck } from "./interest.ts";
import { createConsumer, startConsumer } from "./start.ts";
import type { ConsumerState } from "./state.ts";
import { stepConsumer } from "./step.ts";
import type { ConsumerEntry } from "./store.ts";

const noLimits = { serverMaxAckPending: 0, serverMaxRequestBatch: 0, accountMaxAckPending: 0 };
const nothing = new Uint8Array(0);

export interface Stage {
  readonly stream: StreamState;
  consumer: ConsumerState;
  now: number;
  readonly timers: Map<ConsumerTimer, number>;
  /** Subjects that nobody listens on. */
  readonly deaf: Set<string>;
  /** What came out, one line an effect; `take` empties it. */
  log: string[];
  /** What a consumer with a group has proposed and the group not yet agreed upon. */
  readonly proposals: ConsumerEntry[];
  /** Ack subjects by stream sequence, of the last delivery. */
  readonly replies: Map<number, string>;
}

/** A stage with a stream of subjects `s.>` and one started consumer. */
export function setStage(
  config: Partial<ConsumerConfig>,
  stream: Partial<StreamConfig> = {},
  replicated = false,
): Stage {
  const state = createStream(streamConfig(stream), wallAt(0));
  const given = consumerConfigFrom({ durable_name: "C", ...config } as never);
  const filled = withConsumerDefaults(given, state.config, noLimits, false);
  checkConsumerConfig(filled, state.config, noLimits);
  const stage: Stage = {
    stream: state,
    consumer: null as never,
    now: 0,
    timers: new Map(),
    deaf: new Set(),
    log: [],
    proposals: [],
    replies: new Map(),
  };
  const identity = {
    stream: "S",
    owner: "",
    name: "C",
    created: wallAt(0),
    onDisk: true,
    maxPayload: 1 << 20,
  };
  stage.consumer = createConsumer(identity, Object.freeze({ ...filled }), sceneOf(stage));
  if (replicated) stage.consumer = { ...stage.consumer, replicated: createReplicatedState() };
  act(stage, (scene, out) => startConsumer(stage.consumer, scene, out));
  advance(stage, 0);
  return stage;
}

/** Publishes one message and lets the consumer know. */
export function publish(stage: Stage, subject: string, body = "x"): number {
  const effects = apply(stage, {
    kind: "store",
    subject,
    headers: null,
    payload: encodeText(body),
    time: wallAt(stage.now),
    msgId: "",
    rollup: "",
    ttlSeconds: 0,
    keep: true,
  } as StreamEntry);
  follow(stage, effects);
  advance(stage, 0);
  return stage.stream.store.seqLast;
}

/** Removes a message from the stream. */
export function remove(stage: Stage, seq: number): void {
  const entry = { kind: "remove", seq: seq as StreamSeq, reason: "deleted" } as const;
  follow(stage, apply(stage, entry));
  advance(stage, 0);
}

export function pull(stage: Stage, inbox: string, request: object | string): void {
  const payload = encodeText(typeof request === "string" ? request : JSON.stringify(request));
  input(stage, { kind: "pull", reply: inbox, payload, run: "alone" });
}

/** Sends an ack word to where the last delivery of a message came from. */
export function ack(stage: Stage, seq: number, word = "", reply: string | null = null): void {
  const subject = stage.replies.get(seq) ?? `$JS.ACK.S.C.1.${seq}.${seq}.0.0`;
  input(stage, { kind: "ack", subject, reply, payload: word === "" ? nothing : encodeText(word) });
}

export function input(stage: Stage, what: ConsumerInput): void {
  act(stage, (scene, out) => stepConsumer(stage.consumer, scene, what, out));
  advance(stage, 0);
}

/** Lets time pass; timers go off on their way. */
export function advance(stage: Stage, millis: number): void {
  const until = stage.now + millis * 1e6;
  for (;;) {
    let next: [ConsumerTimer, number] | null = null;
    for (const timer of stage.timers) if (next === null || timer[1] < next[1]) next = timer;
    if (next === null || next[1] > until) break;
    const [name, at] = next;
    stage.timers.delete(name);
    stage.now = Math.max(stage.now, at);
    act(stage, (scene, out) => {
      stepConsumer(stage.consumer, scene, { kind: "timer", name }, out);
    });
  }
  stage.now = until;
}

/** The log so far, which begins anew. */
export function take(stage: Stage): string[] {
  const { log } = stage;
  stage.log = [];
  return log;
}

export function sceneOf(stage: Stage): ConsumerScene {
  return {
    stream: stage.stream,
    now: stage.now as VirtualNanos,
    wall: wallAt(stage.now),
    hasInterest: (subject) => !stage.deaf.has(subject),
    requesterOf: () => null,
    hasRequester: () => true,
    hasListener: (subject) => !stage.deaf.has(subject),
    draw: () => 0,
    nuid: () => "NUID",
  };
}

/** The group agrees upon everything proposed. */
export function commit(stage: Stage): void {
  for (const entry of stage.proposals.splice(0)) {
    act(stage, (scene, out) => applyConsumerEntry(stage.consumer, scene, entry, out));
  }
  advance(stage, 0);
}

/** Forks the consumer and goes on with the copy: plain data must survive that. */
export function forkConsumer(stage: Stage): void {
  stage.consumer = fork(stage.consumer);
}

function act(stage: Stage, fn: (scene: ConsumerScene, out: ConsumerEffect[]) => void): void {
  const out: ConsumerEffect[] = [];
  fn(sceneOf(stage), out);
  for (const effect of out) perform(stage, effect);
}

function perform(stage: Stage, effect: ConsumerEffect): void {
  switch (effect.kind) {
    case "deliver": {
      const message = loadMessage(stage.stream.store, effect.seq);
      assert(message !== null, `delivered ${effect.seq}, which is not stored`);
      stage.replies.set(effect.seq, effect.reply);
      stage.log.push(`${effect.to} ${effect.seq} x${effect.deliveries}`);
      break;
    }
    case "status":
      stage.log.push(`${effect.to} ${effect.code} ${effect.description}`);
      break;
    case "ack-reply":
      stage.log.push(`${effect.to} acked`);
      break;
    case "advisory":
      stage.log.push(`advisory ${effect.advisory.kind}`);
      break;
    case "set-timer":
      stage.timers.set(effect.name, effect.at);
      break;
    case "clear-timer":
      stage.timers.delete(effect.name);
      break;
    case "released":
      release(stage, effect.seq);
      break;
    case "propose":
      stage.proposals.push(effect.entry);
      break;
    case "saved":
      break;
    default:
      stage.log.push(effect.kind);
  }
}

function release(stage: Stage, seq: StreamSeq): void {
  const subject = messageSubject(stage.stream.store, seq);
  if (subject === null) return;
  if (needsAck(stage.consumer, stage.stream.config, { seq, subject })) return;
  follow(stage, apply(stage, { kind: "remove", seq, reason: "acked" }));
}

function apply(stage: Stage, entry: StreamEntry): StreamEffect[] {
  const effects: StreamEffect[] = [];
  applyStreamEntry(stage.stream, entry, effects);
  return effects;
}

function follow(stage: Stage, effects: readonly StreamEffect[]): void {
  for (const effect of effects) {
    if (effect.kind === "stored") {
      act(stage, (scene, out) => {
        stepConsumer(stage.consumer, scene, { kind: "stored", seq: effect.seq }, out);
      });
    } else if (effect.kind === "removed") {
      const { seq, subject } = effect;
      act(stage, (scene, out) => {
        stepConsumer(stage.consumer, scene, { kind: "removed", seq, subject }, out);
      });
    }
  }
}

function wallAt(now: number): StoredTime {
  return addToStoredTime({ s: epochSeconds, n: 0 }, now);
}

function streamConfig(given: Partial<StreamConfig>): StreamConfig {
  return Object.freeze({
    name: "S",
    description: "",
    subjects: ["s.>"],
    retention: "limits",
    max_consumers: -1,
    max_msgs: -1,
    max_bytes: -1,
    max_age: 0,
    max_msgs_per_subject: -1,
    max_msg_size: -1,
    discard: "old",
    storage: "file",
    num_replicas: 1,
    no_ack: false,
    duplicate_window: 0,
    placement: null,
    mirror: null,
    sources: [],
    compression: "none",
    first_seq: 0,
    subject_transform: null,
    republish: null,
    allow_direct: false,
    mirror_direct: false,
    discard_new_per_subject: false,
    sealed: false,
    deny_delete: false,
    deny_purge: false,
    allow_rollup_hdrs: false,
    consumer_limits: {},
    allow_msg_ttl: false,
    subject_delete_marker_ttl: 0,
    allow_msg_counter: false,
    allow_atomic: false,
    allow_msg_schedules: false,
    persist_mode: "default",
    allow_batched: false,
    metadata: null,
    ...given,
  }) as StreamConfig;
}
