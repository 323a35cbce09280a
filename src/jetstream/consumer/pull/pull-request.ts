/**
 * A request on `$JS.API.CONSUMER.MSG.NEXT`: read, checked in the server's order, queued or refused.
 * Source: nats-server `server/consumer.go` `processNextMsgRequest`, `nextReqFromMsg`.
 */
import {
  type DurationNanos,
  plus,
  seconds,
  tableSize,
  type VirtualNanos,
} from "../../../kernel/index.ts";
import { decodeText } from "../../../protocol/index.ts";
import { GoDecodeError } from "../../go-decode.ts";
import { formatGoDuration } from "../../go-duration.ts";
import { int64ToNumber } from "../../int64.ts";
import { isPush } from "../config/config-shape.ts";
import type { ConsumerEffect } from "../effects.ts";
import type { ConsumerInput, ConsumerScene } from "../inputs.ts";
import type { ConsumerState, PriorityRequest, WaitingRequest } from "../state.ts";
import { wantTimer } from "../timers.ts";
import { type PullRequest, readPullRequest } from "./request-shapes.ts";
import { addWaiting, isWaitingFull, processWaiting } from "./waiting.ts";

/** A full queue is looked through for dead requests at most this often. */
const lookInterval = seconds(1);
const priorityMax = 9;

/** Takes a pull request; answers whether delivery should look for work. */
export function handlePull(
  consumer: ConsumerState,
  scene: ConsumerScene,
  input: Pick<Extract<ConsumerInput, { kind: "pull" }>, "reply" | "payload">,
  out: ConsumerEffect[],
): boolean {
  const refuse = (code: number, description: string): false => {
    const { reply: to } = input;
    out.push({ kind: "status", to, code, description, headers: [], reply: null });
    return false;
  };
  if (isPush(consumer.config)) return refuse(409, "Consumer is push based");
  const read = readOrError(input.payload);
  if (typeof read === "string") return refuse(400, `Bad Request - ${read}`);
  const refusal = limitRefusal(consumer, read) ?? priorityRefusal(consumer, read.group);
  if (refusal !== null) return refuse(refusal.code, refusal.description);
  if (!acceptsPin(consumer, scene, read.group, out)) return refuse(423, "Nats-Pin-Id mismatch");
  makeRoom(consumer, scene, out);
  if (read.noWait) {
    const refusal = noWaitRefusal(consumer, scene, read, out);
    if (refusal !== null) return refuse(refusal.code, refusal.description);
  }
  if (isWaitingFull(consumer)) {
    // A client that expects heartbeats notices by their absence; an answer would make it ask again
    // at once.
    return read.heartbeat > 0 ? false : refuse(409, "Exceeded MaxWaiting");
  }
  addWaiting(consumer, waitingRequest(scene, input.reply, read));
  if (consumer.replicated !== null) {
    out.push({ kind: "propose", entry: { kind: "request", reply: input.reply } });
  }
  return true;
}

/** What may still be delivered: what was not seen yet, and what waits to be delivered again. */
export function numPending(consumer: ConsumerState): number {
  return Math.max(consumer.unseen, 0);
}

interface Refusal {
  readonly code: number;
  readonly description: string;
}

function readOrError(payload: Uint8Array): PullRequest | string {
  try {
    return readPullRequest(decodeText(payload));
  } catch (error) {
    if (error instanceof GoDecodeError) return error.message;
    throw error;
  }
}

function limitRefusal(consumer: ConsumerState, request: PullRequest): Refusal | null {
  const { max_batch, max_expires, max_bytes } = consumer.config;
  const exceeded = (what: string): Refusal => ({ code: 409, description: `Exceeded ${what}` });
  if (max_batch > 0 && request.batch > max_batch) {
    return exceeded(`MaxRequestBatch of ${max_batch}`);
  }
  const longest = int64ToNumber(max_expires);
  if (request.expires !== 0 && longest > 0 && request.expires > longest) {
    return exceeded(`MaxRequestExpires of ${formatGoDuration(longest)}`);
  }
  if (request.maxBytes > 0 && max_bytes > 0 && request.maxBytes > max_bytes) {
    return exceeded(`MaxRequestMaxBytes of ${max_bytes}`);
  }
  return null;
}

function priorityRefusal(consumer: ConsumerState, group: PriorityRequest | null): Refusal | null {
  if (group === null) return null;
  const { priority_policy: policy, priority_groups: groups } = consumer.config;
  const bad = (what: string): Refusal => ({ code: 400, description: `Bad Request - ${what}` });
  if ((group.minPending !== 0 || group.minAckPending !== 0) && policy !== "overflow") {
    return bad("Not a Overflow Priority consumer");
  }
  if (group.id !== "" && policy !== "pinned_client") {
    return bad("Not a Pinned Client Priority consumer");
  }
  if (group.priority < 0 || group.priority > priorityMax) {
    return bad("Priority must be between 0 and 9");
  }
  if (policy === "none") return null;
  if (group.group === "") return bad("Priority Group missing");
  return groups?.includes(group.group) === true ? null : bad("Invalid Priority Group");
}

/** False when the request comes with a pin that is not the current one; the right one lives on. */
function acceptsPin(
  consumer: ConsumerState,
  scene: ConsumerScene,
  group: PriorityRequest | null,
  out: ConsumerEffect[],
): boolean {
  if (group === null || consumer.config.priority_policy === "none" || consumer.pinId === "") {
    return true;
  }
  if (group.id !== consumer.pinId) return group.id === "";
  const ttl = int64ToNumber(consumer.config.priority_timeout) as DurationNanos;
  wantTimer(consumer, "pin", plus(scene.now, ttl), out);
  return true;
}

/** Drops dead requests from a full queue, as often as the server would have. */
function makeRoom(consumer: ConsumerState, scene: ConsumerScene, out: ConsumerEffect[]): void {
  if (!isWaitingFull(consumer)) return;
  const { checked, scanned } = consumer.waiting;
  if (scene.now - checked > lookInterval || checked > scanned) {
    processWaiting(consumer, scene, false, out);
  }
}

function noWaitRefusal(
  consumer: ConsumerState,
  scene: ConsumerScene,
  request: PullRequest,
  out: ConsumerEffect[],
): Refusal | null {
  const available = numPending(consumer) + tableSize(consumer.again);
  if (available === 0) {
    if (request.expires !== 0) return null;
    consumer.waiting.active = scene.now;
    return { code: 404, description: "No Messages" };
  }
  if (available >= processWaiting(consumer, scene, false, out)) return null;
  consumer.waiting.active = scene.now;
  return { code: 408, description: "Requests Pending" };
}

function waitingRequest(scene: ConsumerScene, reply: string, request: PullRequest): WaitingRequest {
  const { now } = scene;
  return {
    reply,
    left: request.batch,
    delivered: 0,
    bytesLeft: request.maxBytes,
    expires: request.expires === 0 ? null : ((now + request.expires) as VirtualNanos),
    received: now,
    heartbeat: request.heartbeat,
    heartbeatAt: request.heartbeat > 0 ? plus(now, request.heartbeat) : null,
    noWait: request.noWait,
    group: request.group,
    requester: scene.requesterOf(reply) ?? undefined,
  };
}
