/**
 * Which pull request gets the next message: expiry, pins, overflow, max bytes, interest.
 * Source: nats-server `server/consumer.go` `nextWaiting`; ADR-42.
 */
import { type DurationNanos, plus } from "../../../kernel/index.ts";
import { int64ToNumber } from "../../int64.ts";
import type { ConsumerEffect } from "../effects.ts";
import type { ConsumerScene } from "../inputs.ts";
import type { ConsumerState, WaitingRequest } from "../state.ts";
import { dropTimer, wantTimer } from "../timers.ts";
import { isListening } from "./listening.ts";
import { pendingStatus } from "./pending-status.ts";
import {
  cycleWaiting,
  expireRequest,
  firstWaiting,
  type Placed,
  removeWaiting,
  serveWaiting,
} from "./waiting.ts";

/**
 * Serves a message of `size` bytes to a request; answers the request as it is afterwards, or null
 * when none can take it. Requests that turn out to be over are ended.
 */
export function nextRequest(
  consumer: ConsumerState,
  scene: ConsumerScene,
  size: number,
  out: ConsumerEffect[],
): WaitingRequest | null {
  // A pin that is given out here is the first request's; the server notes its absence only once.
  const unpinned = consumer.pinId === "" && consumer.config.priority_policy === "pinned_client";
  let cycled = 0;
  for (;;) {
    const first = firstWaiting(consumer.waiting);
    if (first === null) return null;
    if (first.request.expires !== null && first.request.expires <= scene.now) {
      expireRequest(consumer, first.request, out);
      removeWaiting(consumer, first, out);
      continue;
    }
    const fate = judge(consumer, scene, { placed: first, unpinned }, out);
    if (fate.kind === "gone") continue;
    if (fate.kind === "not-yet") {
      cycleWaiting(consumer, first);
      cycled += 1;
      if (cycled >= consumer.waiting.requests.size) return null;
      continue;
    }
    const served = fitInto(fate.request, size, out);
    if (served === null) {
      if (fate.pinned) unassignPin(consumer);
      removeWaiting(consumer, first, out);
      continue;
    }
    if (isListening(scene, fate.request)) {
      return serveWaiting(consumer, scene, { place: first.place, ...served }, out);
    }
    if (fate.request.requester !== undefined) tellExpired(served, out);
    removeWaiting(consumer, first, out);
  }
}

/** Whoever asked from another account is gone, but the way of the answers is still there. */
function tellExpired(served: Fitted, out: ConsumerEffect[]): void {
  const { request, bytesLeft, last } = served;
  const left = last ? 1 : request.left;
  const status = { code: 408, description: "Interest Expired" };
  pendingStatus({ reply: request.reply, left, bytesLeft }, status, out);
}

/** Gives up the pin. */
export function unassignPin(consumer: ConsumerState): void {
  consumer.pinId = "";
  consumer.pinnedAt = null;
  dropTimer(consumer, "pin");
}

interface Fitted {
  readonly request: WaitingRequest;
  readonly bytesLeft: number;
  /** It takes this message and no other. */
  readonly last: boolean;
}

type Fate =
  | { readonly kind: "serve"; readonly request: WaitingRequest; readonly pinned: boolean }
  | { readonly kind: "not-yet" }
  | { readonly kind: "gone" };

const notYet: Fate = Object.freeze({ kind: "not-yet" });
const gone: Fate = Object.freeze({ kind: "gone" });

function judge(
  consumer: ConsumerState,
  scene: ConsumerScene,
  candidate: { readonly placed: Placed; readonly unpinned: boolean },
  out: ConsumerEffect[],
): Fate {
  const { placed, unpinned } = candidate;
  let { request } = placed;
  let pinned = false;
  if (unpinned || consumer.pinId !== "") {
    const id = request.group?.id ?? "";
    if (id === "") {
      if (!unpinned) return notYet;
      request = assignPin(consumer, scene, request, out);
      pinned = true;
    } else if (unpinned || id !== consumer.pinId) {
      pendingStatus(request, { code: 423, description: "Nats-Wrong-Pin-Id" }, out);
      removeWaiting(consumer, placed, out);
      return gone;
    }
  }
  if (consumer.config.priority_policy === "overflow" && !overflows(consumer, request)) {
    return notYet;
  }
  return { kind: "serve", request, pinned };
}

/** Source: `assignNewPinId`. A request without a group is served but not pinned. */
function assignPin(
  consumer: ConsumerState,
  scene: ConsumerScene,
  request: WaitingRequest,
  out: ConsumerEffect[],
): WaitingRequest {
  const { group } = request;
  if (group === null || group.group === "") return request;
  const id = scene.nuid();
  consumer.pinId = id;
  consumer.pinnedAt = scene.wall;
  consumer.pinnedGroup = group.group;
  const ttl = int64ToNumber(consumer.config.priority_timeout) as DurationNanos;
  wantTimer(consumer, "pin", plus(scene.now, ttl), out);
  const advisory = { kind: "pinned", group: group.group, pinned_id: id } as const;
  out.push({ kind: "advisory", advisory });
  return { ...request, group: { ...group, id } };
}

/** Whether there is enough pending for a request that helps out only then. */
function overflows(consumer: ConsumerState, { group }: WaitingRequest): boolean {
  if (group === null) return true;
  const { minPending, minAckPending } = group;
  if (minPending <= 0 && minAckPending <= 0) return true;
  // One more, because the message at hand has been counted off already.
  if (minPending > 0 && minPending <= consumer.unseen + 1) return true;
  return minAckPending > 0 && minAckPending <= consumer.pending.size;
}

/** Takes the message off what is left of `max_bytes`; null when it does not fit. */
function fitInto(request: WaitingRequest, size: number, out: ConsumerEffect[]): Fitted | null {
  const { bytesLeft } = request;
  if (bytesLeft <= 0) return { request, bytesLeft, last: false };
  if (size <= bytesLeft) {
    return { request, bytesLeft: bytesLeft - size, last: size === bytesLeft };
  }
  pendingStatus(request, { code: 409, description: "Message Size Exceeds MaxBytes" }, out);
  return null;
}
