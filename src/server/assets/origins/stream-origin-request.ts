/** Asking an origin for a consumer, and again when it does not answer. */
import { int64ToNumber } from "../../../jetstream/index.ts";
import {
  compareStoredTime,
  type DurationNanos,
  formatStoredTime,
  millis,
  parseStoredTime,
  seconds,
  type VirtualNanos,
} from "../../../kernel/index.ts";
import {
  createMessage,
  encodeHeaders,
  encodeJson,
  encodeText,
  type JsonLike,
  randomBase62,
  shortHash,
} from "../../../protocol/index.ts";
import { publishInternal } from "../../interest/route.ts";
import { subscribeInternal, unsubscribeInternal } from "../../interest/subscribe.ts";
import type { StreamPlace } from "../stream-answer.ts";
import type { OriginLink } from "./stream-origins.ts";

// Source: nats-server `sourceConsumerRetryThreshold`, `retryBackOff`, `retryMaximum`,
// `srcConsumerWaitTime`, `srcDurableConsumerWaitTime`, `sourceHealthCheckInterval`.
const requestPause = seconds(2);
const backoff = seconds(5);
const backoffMax = seconds(120);
const answerWait = seconds(30);
const durableAnswerWait = seconds(5);
export const healthInterval = seconds(10);
const heartbeat = seconds(1);
const ackWaitHours = 22;

/** Sets the timer for the next request. */
export function scheduleRequest(place: StreamPlace, link: OriginLink): void {
  const { io } = place;
  stopLink(place, link);
  link.phase = "waiting";
  let wait = 0;
  if (link.askedAt !== null) {
    wait = Math.max(requestPause - (io.now - link.askedAt), 0);
    wait += Math.min(backoff * 2 * link.fails, backoffMax);
  }
  const jitter = millis(100) + (io.draw("origins") % millis(100));
  setLinkTimer(place, link, "ask", (wait + jitter) as DurationNanos);
}

/** Source: nats-server `trySetupSourceConsumer`, `setupMirrorConsumer`. */
export function sendRequest(place: StreamPlace, link: OriginLink): void {
  const { server, io, asset } = place;
  stopLink(place, link);
  const { source } = link;
  link.askedAt = io.now;
  link.phase = "asked";
  link.error = null;
  if (link.kind === "mirror") link.seq = asset.state.store.seqLast;
  const durable = source.consumer;
  link.deliver = durable?.deliver_subject ?? deliverSubject(place, link);
  const answer = `$JSC.R.${random(place)}`;
  const target = { kind: "origin", stream: asset.name, origin: link.name, isAnswer: true } as const;
  link.answerSub = subscribeInternal(server, asset.account, { subject: answer, target });
  const subject = durable === undefined ? createSubject(place, link) : resetSubject(link);
  const body = durable === undefined ? encodeJson(createBody(place, link)) : "";
  const headers = requestHeaders(link);
  const message = createMessage(withPrefix(link, subject), answer, headers, encodeText(body));
  setLinkTimer(place, link, "silence", durable === undefined ? answerWait : durableAnswerWait);
  publishInternal(server, io, { account: asset.account, message });
}

/** What a mirror reads is the same stream as long as its numbers fit. */
function requestHeaders({ kind, source, identity }: OriginLink): Uint8Array | null {
  if (kind === "mirror" && source.consumer !== undefined) return null;
  if (kind === "mirror") return encodeHeaders([["Nats-Required-Api-Level", "4"]]);
  return encodeHeaders([
    ["Nats-Required-Api-Level", "5"],
    ["Nats-Stream-Identity", identity],
  ]);
}

/** No more messages and answers of the consumer that the link had. */
export function stopLink(place: StreamPlace, link: OriginLink): void {
  const { server, io, asset } = place;
  for (const id of [link.deliverSub, link.answerSub]) {
    if (id !== null) unsubscribeInternal(server, asset.account, id);
  }
  link.deliverSub = null;
  link.answerSub = null;
  for (const what of ["ask", "silence", "health"] as const) {
    io.clearTimer(timerName(place, link, what));
  }
}

/** Tries once to delete the consumer that the link made. Source: `tryDeleteSourcingConsumer`. */
export function dropOriginConsumer(place: StreamPlace, link: OriginLink): void {
  const { server, io, asset } = place;
  if (link.source.consumer !== undefined) return;
  const consumer = consumerName(place, link);
  const subject = withPrefix(link, `$JS.API.CONSUMER.DELETE.${link.source.name}.${consumer}`);
  const message = createMessage(subject, `$JSC.R.${random(place)}`, null, encodeText(""));
  publishInternal(server, io, { account: asset.account, message });
}

export type LinkTimer = "ask" | "silence" | "health";

export function setLinkTimer(
  place: StreamPlace,
  link: OriginLink,
  what: LinkTimer,
  wait: DurationNanos,
): void {
  const { io, asset } = place;
  const { account, name: stream } = asset;
  const name = `origin-${what}:${link.name}`;
  const at = (io.now + wait) as VirtualNanos;
  const timer = { kind: "asset", account, stream, consumer: null, name } as const;
  io.setTimer(timerName(place, link, what), at, timer);
}

/** Which link a stream's timer is about, or null. */
export function linkOfTimer(name: string): { what: LinkTimer; origin: string } | null {
  const match = /^origin-(ask|silence|health):(.*)$/s.exec(name);
  return match && { what: match[1] as LinkTimer, origin: match[2] ?? "" };
}

function timerName({ asset }: StreamPlace, link: OriginLink, what: LinkTimer): string {
  return `stream/${asset.account}/${asset.name}/origin-${what}:${link.name}`;
}

function deliverSubject(place: StreamPlace, link: OriginLink): string {
  const letter = link.kind === "mirror" ? "M" : "S";
  const prefix = link.source.external?.deliver ?? "";
  const base = prefix === "" ? `$JS.${letter}` : `${prefix}.${letter}`.replaceAll("..", ".");
  return `${base}.${random(place)}`;
}

function random({ io }: StreamPlace): string {
  return randomBase62(8, () => io.draw("ids"));
}

function createSubject(place: StreamPlace, link: OriginLink): string {
  const { name } = link.source;
  const [filter, ...more] = filtersOf(link);
  const base = `$JS.API.CONSUMER.CREATE.${name}`;
  if (filter === undefined || more.length > 0) return base;
  return `${base}.${consumerName(place, link)}.${filter}`;
}

function resetSubject(link: OriginLink): string {
  return `$JS.API.CONSUMER.RESET.${link.source.name}.${link.source.consumer?.name ?? ""}`;
}

function withPrefix(link: OriginLink, subject: string): string {
  const prefix = link.source.external?.api ?? "";
  return prefix === "" ? subject : subject.replace("$JS.API", prefix).replaceAll("..", ".");
}

/** Source: nats-server `createStableConsumerHash`, `createSourcingConsumerHash`. */
function consumerName({ server, asset }: StreamPlace, link: OriginLink): string {
  const domain = server.jetstream?.domain ?? "";
  const stable = shortHash(`${asset.name} ${asset.account}${domain === "" ? "" : ` ${domain}`}`);
  if (link.kind === "mirror") return `JS_MIRROR_${stable}`;
  const { sources } = asset.state.config;
  // A stream that is read twice needs two names.
  const isOnce = sources.filter(({ name }) => name === link.source.name).length < 2;
  return `JS_SRC_${shortHash(isOnce ? stable : `${stable} ${link.name}`)}`;
}

/** Fields are in nats-server's order: who offers the API under a prefix sees the text. */
function createBody(place: StreamPlace, link: OriginLink): JsonLike {
  const { asset } = place;
  const filters = filtersOf(link);
  const prefix = link.kind === "mirror" ? "_nats.mirror" : "_nats.src";
  const domain = place.server.jetstream?.domain ?? "";
  return {
    stream_name: link.source.name,
    config: {
      name: consumerName(place, link),
      ...startOf(place, link),
      ack_policy: "none",
      ack_wait: ackWaitHours * 3_600_000_000_000,
      max_deliver: 1,
      filter_subject: filters.length === 1 ? filters[0] : undefined,
      filter_subjects: filters.length > 1 ? filters : undefined,
      replay_policy: "instant",
      flow_control: true,
      deliver_subject: link.deliver,
      idle_heartbeat: heartbeat,
      inactive_threshold: healthInterval,
      num_replicas: 0,
      direct: true,
      sourcing: true,
      metadata: {
        [`${prefix}.acc`]: asset.account,
        ...(domain === "" ? {} : { [`${prefix}.domain`]: domain }),
        [`${prefix}.stream`]: asset.name,
      },
    },
    action: "",
  };
}

function filtersOf({ source }: OriginLink): string[] {
  if ((source.filter_subject ?? "") !== "") return [source.filter_subject ?? ""];
  return (source.subject_transforms ?? []).map(({ src }) => (src === "" ? ">" : src));
}

/** What was copied before counts more than what the configuration says about the beginning. */
function startOf(place: StreamPlace, link: OriginLink): { readonly [field: string]: JsonLike } {
  const { store } = place.asset.state;
  const { source } = link;
  const isFirst = link.kind === "mirror" ? store.seqFirst === 0 : link.seq === 0;
  if (!isFirst) return { deliver_policy: "by_start_sequence", opt_start_seq: link.seq + 1 };
  const start = int64ToNumber(source.opt_start_seq ?? 0);
  if (start > 0) return { deliver_policy: "by_start_sequence", opt_start_seq: start };
  const time = startTime(place, link);
  if (time === null) return { deliver_policy: "all" };
  return { deliver_policy: "by_start_time", opt_start_time: time };
}

/** A source without a past starts no earlier than what the stream already holds. */
function startTime(place: StreamPlace, link: OriginLink): string | null {
  const wanted = link.source.opt_start_time ?? null;
  const { store } = place.asset.state;
  if (link.kind === "mirror" || store.timeLast === null) return wanted;
  const last = formatStoredTime(store.timeLast);
  if (wanted === null) return store.seqFirst > 1 && !link.isRecreated ? last : null;
  const time = parseStoredTime(wanted);
  return time !== null && compareStoredTime(time, store.timeLast) < 0 ? last : wanted;
}
