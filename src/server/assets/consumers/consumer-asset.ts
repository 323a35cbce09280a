/** A consumer on this server: taking it up, following its configuration, letting it go. */
import {
  type ConsumerConfig,
  type ConsumerState,
  type ConsumerStore,
  createConsumer,
  isPush,
  restoreConsumer,
  startConsumer,
} from "../../../jetstream/index.ts";
import { type StoredTime, tableEach } from "../../../kernel/index.ts";
import { createMessage, emptyBytes, encodeHeaders } from "../../../protocol/index.ts";
import { publishInternal } from "../../interest/route.ts";
import {
  subscribeInternal,
  unsubscribeInternal,
  unwatchInterest,
  watchInterest,
} from "../../interest/subscribe.ts";
import type { InternalTarget } from "../../internal.ts";
import type { ServerIo } from "../../io.ts";
import type { ServerState } from "../../state.ts";
import type { StreamAsset } from "../jetstream-state.ts";
import { forgetAudience } from "./audience.ts";
import { adviseConsumerAction } from "./consumer-advisories.ts";
import { type ConsumerPlace, consumerPath, consumerTimerName } from "./consumer-effects.ts";
import { consumerGround, consumerScene } from "./consumer-scene.ts";
import { withConsumer } from "./consumer-step.ts";

const timerNames = [
  "ack-wait",
  "waiting",
  "heartbeat",
  "inactive",
  "unpause",
  "pin",
  "deliver",
  "held",
] as const;

/** A new consumer, in place and listening, about to deliver. Its configuration has been checked. */
export function addConsumer(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  made: { readonly name: string; readonly config: ConsumerConfig },
): ConsumerPlace {
  const { account, name: stream } = asset;
  const place = placeConsumer(server, io, asset, made);
  const of = { account, stream, consumer: place.consumer.name };
  adviseConsumerAction(server, io, of, "create");
  return place;
}

/** As `addConsumer`, but nobody is told. */
export function placeConsumer(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  made: { readonly name: string; readonly config: ConsumerConfig; readonly created?: StoredTime },
): ConsumerPlace {
  const { name, config } = made;
  const scene = consumerScene(server, io, asset);
  const onDisk = asset.path !== null && !config.mem_storage && !config.direct;
  const created = made.created ?? io.wall;
  const identity = { ...consumerGround(server, asset), name, created, onDisk };
  const consumer = createConsumer(identity, config, scene);
  const place = { server, io, asset, consumer };
  const path = consumerPath(place);
  if (path !== null) {
    io.disk.open(path, () => consumer.store);
    io.disk.wrote(path, 0);
  }
  takeUp(place);
  return place;
}

/** A consumer whose state came back from the disk. */
export function reviveConsumer(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  store: ConsumerStore,
): void {
  const { name, created } = store;
  const scene = consumerScene(server, io, asset);
  const identity = { ...consumerGround(server, asset), name, created, onDisk: true };
  takeUp({ server, io, asset, consumer: restoreConsumer(identity, store, scene) });
}

/**
 * Subscribes to where acks, pulls and answers come in, and begins. Source: nats-server `setLeader`.
 */
export function takeUp(place: ConsumerPlace): void {
  const { server, asset, consumer } = place;
  const { account, name: stream } = asset;
  const { config, name } = consumer;
  asset.consumers.set(name, consumer);
  forgetAudience(asset);
  const subs: number[] = [];
  const listen = (subject: string, kind: "ack" | "next" | "reset" | "flow-control"): void => {
    const target = { kind, stream, consumer: name };
    subs.push(subscribeInternal(server, account, { subject, target }));
  };
  if (config.ack_policy === "explicit" || config.ack_policy === "all") {
    listen(`$JS.ACK.${stream}.${name}.*.*.*.*.*`, "ack");
  }
  listen(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`, "next");
  listen(`$JS.API.CONSUMER.RESET.${stream}.${name}`, "reset");
  if (config.flow_control) listen(`$JS.FC.${stream}.${name}.*`, "flow-control");
  asset.consumerSubs.set(name, subs);
  watchDelivery(place, config);
  withConsumer(place, (scene, out) => startConsumer(consumer, scene, out));
}

/** Follows interest in the deliver subject of a push consumer. */
export function watchDelivery({ server, asset, consumer }: ConsumerPlace, config: ConsumerConfig) {
  if (!isPush(config)) return;
  const { deliver_subject: subject, deliver_group: group } = config;
  const target = deliveryTarget(asset, consumer);
  const queue = group === "" ? {} : { queue: group };
  watchInterest(server, asset.account, { subject, target, ...queue });
}

export function unwatchDelivery(
  { server, asset, consumer }: ConsumerPlace,
  config: ConsumerConfig,
) {
  if (!isPush(config)) return;
  const target = deliveryTarget(asset, consumer);
  unwatchInterest(server, asset.account, { subject: config.deliver_subject, target });
}

function deliveryTarget(asset: StreamAsset, consumer: ConsumerState): InternalTarget {
  return { kind: "push-interest", stream: asset.name, consumer: consumer.name };
}

/**
 * The consumer goes: those who wait are told, its file and timers go with it. What it held of an
 * interest stream is the caller's.
 * Source: nats-server `stopWithFlags`.
 */
export function removeConsumer(place: ConsumerPlace): void {
  const { server, io, asset, consumer } = place;
  const { account, name: stream } = asset;
  if (consumer.leader) {
    adviseConsumerAction(server, io, { account, stream, consumer: consumer.name }, "delete");
  }
  tableEach(consumer.waiting.requests, (request) => {
    const headers = encodeHeaders([], 409, "Consumer Deleted");
    const message = createMessage(request.reply, null, headers, emptyBytes);
    publishInternal(server, io, { account, message });
  });
  if (consumer.leader) letGo(place);
  asset.consumers.delete(consumer.name);
  forgetAudience(asset);
  const path = consumerPath(place);
  if (path !== null) io.disk.remove(path);
}

/** The consumer hears nothing more and waits for nothing on this server. */
export function letGo(place: ConsumerPlace): void {
  const { server, io, asset, consumer } = place;
  for (const id of asset.consumerSubs.get(consumer.name) ?? []) {
    unsubscribeInternal(server, asset.account, id);
  }
  asset.consumerSubs.delete(consumer.name);
  unwatchDelivery(place, consumer.config);
  for (const name of timerNames) io.clearTimer(consumerTimerName(place, name));
}
