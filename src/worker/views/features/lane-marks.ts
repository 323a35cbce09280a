/** What holds a consumer back beside its seats: a pause, a backoff, its priority group. */
import {
  type ConsumerState,
  int64ToNumber,
  type WaitingRequest,
} from "../../../jetstream/index.ts";
import { parseStoredTime, tableEach, tableLast, virtualAt } from "../../../kernel/index.ts";
import type { GroupMarkView, LaneMarksView, LifeView } from "../../frames-features.ts";
import type { FoundStream } from "../assets.ts";
import { consumerId, splitId } from "../names.ts";
import { durationText } from "../rows.ts";
import type { Listeners } from "./listeners.ts";
import { secondsText } from "./tape-words.ts";

export interface LaneScene {
  readonly stream: FoundStream;
  readonly consumer: ConsumerState;
  readonly listeners: Listeners;
  /** Who was handed a message last. */
  readonly ownerOf: (consumer: string, seq: number) => string | null;
  readonly now: number;
}

/** Requests that are told of. */
const requestsMost = 6;

/** Null when nothing does. */
export function viewLaneMarks(scene: LaneScene): LaneMarksView | null {
  const { stream, consumer } = scene;
  const backoff = (consumer.config.backoff ?? []).map(int64ToNumber);
  const paused = pauseOf(scene);
  const group = groupOf(scene);
  if (paused === null && group === null && backoff.length === 0) return null;
  const marks = {
    kind: "lane",
    id: `lane:${stream.name}/${consumer.name}`,
    consumer: consumerId(stream.name, consumer.name),
    ...{ paused, backoff, group },
  } as const;
  return { ...marks, say: sayLane(marks) };
}

/** When the pause was asked for is nowhere kept: the ring is full when it is first seen. */
function pauseOf({ consumer, stream, now }: LaneScene): LifeView | null {
  const time = parseStoredTime(consumer.config.pause_until ?? "");
  if (time === null) return null;
  const until = virtualAt(time) - stream.host.clockOffset;
  return until <= now ? null : { from: now, until };
}

function groupOf(scene: LaneScene): GroupMarkView | null {
  const { consumer } = scene;
  const { priority_policy: policy, priority_groups: names } = consumer.config;
  if (policy === "none" || names === null) return null;
  const requests: WaitingRequest[] = [];
  tableEach(consumer.waiting.requests, (request) => {
    requests.push(request);
    return requests.length < requestsMost;
  });
  const waiting = requests
    .filter((request) => consumer.pinId === "" || request.group?.id !== consumer.pinId)
    .map((request) => ({
      client: scene.listeners.clientFor(request.reply),
      why: waitsFor(consumer, request),
    }));
  return {
    name: consumer.pinnedGroup || (names[0] ?? ""),
    policy,
    pinned: pinOf(scene, requests),
    waiting,
  };
}

function pinOf(
  { consumer, stream, listeners, ownerOf }: LaneScene,
  requests: readonly WaitingRequest[],
): GroupMarkView["pinned"] {
  if (consumer.pinId === "") return null;
  const own = requests.find((request) => request.group?.id === consumer.pinId);
  const last = tableLast(consumer.pending)?.key ?? consumer.seqNext - 1;
  const id = consumerId(stream.name, consumer.name);
  const asking = own === undefined ? null : listeners.clientFor(own.reply);
  const client = asking ?? ownerOf(id, last);
  return { client, until: consumer.timers.pin.wanted };
}

/** What has to be so before a request is served. Source: nats-server `nextWaiting`; ADR-42. */
function waitsFor({ config, pinId }: ConsumerState, { group }: WaitingRequest): string {
  if (config.priority_policy === "pinned_client") return pinId === "" ? "" : "not pinned";
  if (group === null) return "";
  if (config.priority_policy === "prioritized") return `priority ${group.priority}`;
  const words: string[] = [];
  if (group.minPending > 0) words.push(`${group.minPending} waiting`);
  if (group.minAckPending > 0) words.push(`${group.minAckPending} unacked`);
  return words.join(" or ");
}

function sayLane({ paused, backoff, group }: Omit<LaneMarksView, "say">): string[] {
  const said: string[] = [];
  if (paused !== null) said.push(`paused until ${secondsText(paused.until)}`);
  if (backoff.length > 0)
    said.push(`waits ${backoff.map(durationText).join(", then ")} for an ack`);
  if (group === null) return said;
  const { name, policy, pinned, waiting } = group;
  said.push(`priority group ${name}, ${policyWords[policy]}`);
  if (pinned !== null) said.push(`pinned to ${nameOf(pinned.client)}`);
  for (const { client, why } of waiting) {
    said.push(`${nameOf(client)} waits${why === "" ? "" : `: ${why}`}`);
  }
  return said;
}

export const policyWords = {
  pinned_client: "one client at a time",
  overflow: "others help when it is behind",
  prioritized: "the lowest priority number first",
} as const;

export function nameOf(client: string | null): string {
  if (client === null) return "a client";
  const [, name] = splitId(client);
  return name === "t1" ? "the terminal" : name;
}
