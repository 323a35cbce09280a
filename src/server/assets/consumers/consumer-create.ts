/** Making a consumer, or changing one that is there. Source: nats-server `addConsumer…`. */

import {
  ApiError,
  type ConsumerAction,
  type ConsumerConfig,
  type ConsumerInfo,
  type ConsumerLimits,
  checkConsumerConfig,
  checkConsumerCount,
  checkConsumerUpdate,
  checkPartition,
  checkWorkQueue,
  consumerInfo,
  type OtherConsumer,
  sameConsumerConfig,
  withConsumerDefaults,
  withConsumerLevelOf,
} from "../../../jetstream/index.ts";
import { formatStoredTime, parseStoredTime } from "../../../kernel/index.ts";
import { randomBase62 } from "../../../protocol/index.ts";
import { clusterOf } from "../../cluster/cluster-state.ts";
import { clusterParts } from "../../cluster-door.ts";
import { hasInterest } from "../../interest/subscribe.ts";
import { DiskError, type ServerIo } from "../../io.ts";
import type { ServerState } from "../../state.ts";
import type { StreamAsset } from "../jetstream-state.ts";
import { accountLimits } from "../stream-reservations.ts";
import { forgetAudience } from "./audience.ts";
import { addConsumer, unwatchDelivery, watchDelivery } from "./consumer-asset.ts";
import type { ConsumerPlace } from "./consumer-effects.ts";
import { driveConsumer } from "./consumer-inbound.ts";
import { withConsumer } from "./consumer-step.ts";

const nameMax = 255;
const generatedNameLength = 8;

export interface ConsumerRequest {
  readonly config: ConsumerConfig;
  readonly action: ConsumerAction;
  readonly pedantic: boolean;
}

/** The consumer of a request, made or updated, and what the reply tells of it. */
export interface MadeConsumer {
  readonly place: ConsumerPlace;
  readonly info: ConsumerInfo;
}

/**
 * Performs a create request that has been checked against its subject. Throws `ApiError`.
 * `config` carries the required API level already.
 */
export function createOrUpdateConsumer(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  request: ConsumerRequest,
): MadeConsumer {
  const stream = asset.state.config;
  const limits = consumerLimits(server, asset.account);
  const filled = withConsumerDefaults(request.config, stream, limits, request.pedantic);
  checkConsumerConfig(filled, stream, limits);
  const name = filled.durable_name === "" ? filled.name : filled.durable_name;
  const consumer = asset.consumers.get(name);
  if (consumer !== undefined) {
    const place = { server, io, asset, consumer };
    update(place, filled, request.action);
    return { place, info: infoOf(place) };
  }
  if (request.action === "update") throw new ApiError("JSConsumerDoesNotExist");
  const place = create(server, io, asset, { config: filled, name });
  return { place, info: infoOf(place) };
}

/**
 * The configuration of a consumer that comes out of a backup, with its defaults, held against the
 * stream and against `others`. Throws `ApiError`.
 */
export function checkNewConsumer(
  server: ServerState,
  asset: StreamAsset,
  given: ConsumerConfig,
  others: readonly OtherConsumer[],
): ConsumerConfig {
  const stream = asset.state.config;
  const limits = consumerLimits(server, asset.account);
  const config = withConsumerDefaults(given, stream, limits, false);
  checkConsumerConfig(config, stream, limits);
  checkAmongOthers(server, asset, config, others);
  return Object.freeze({ ...config });
}

/** What `CONSUMER.INFO` answers. */
export function infoOf(place: ConsumerPlace, shown: "single" | "list" = "single"): ConsumerInfo {
  let info: ConsumerInfo = {};
  withConsumer(place, (scene, out) => {
    info = consumerInfo(place.consumer, scene, shown, out);
  });
  const { server, io, asset, consumer } = place;
  if (clusterOf(server) === null) return info;
  const cluster = clusterParts().printConsumerCluster(server, io, asset, consumer.name);
  return cluster === undefined ? info : { ...info, cluster };
}

/** A new configuration takes effect: what it needs of the server, then of the consumer. */
export function changeConsumer(place: ConsumerPlace, config: ConsumerConfig): void {
  const { asset, consumer } = place;
  const { config: before } = consumer;
  const moves = before.deliver_subject !== config.deliver_subject;
  if (moves) unwatchDelivery(place, before);
  if (moves) watchDelivery(place, config);
  driveConsumer(place, { kind: "config", config });
  forgetAudience(asset);
}

function create(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  wanted: { readonly config: ConsumerConfig; readonly name: string },
): ConsumerPlace {
  const { config } = wanted;
  checkAmongOthers(server, asset, config, [...asset.consumers.values()]);
  // A name that the server makes up does not show in the configuration.
  const name = wanted.name === "" ? generatedName(io, asset) : wanted.name;
  const made = { name, config: Object.freeze({ ...config }) };
  try {
    return addConsumer(server, io, asset, made);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    const err = "error creating store for consumer";
    const place = `'${asset.account} > ${asset.name} > ${name}'`;
    io.log("warn", `Consumer create failed for ${place}: ${err}: ${error.message} (10104)`);
    throw new ApiError("JSConsumerCreateErrF", { err });
  }
}

function checkAmongOthers(
  server: ServerState,
  asset: StreamAsset,
  config: ConsumerConfig,
  others: readonly OtherConsumer[],
): void {
  const stream = asset.state.config;
  checkConsumerCount(config, stream, others, {
    accountMax: accountLimits(server, asset.account).maxConsumers,
    serverDefault: server.config.jetstream?.limits.defaultMaxConsumers ?? 0,
  });
  checkWorkQueue(config, stream, others);
  if (config.durable_name.length > nameMax) {
    throw new ApiError("JSConsumerNameTooLongErrF", { max: String(nameMax) });
  }
}

function update(place: ConsumerPlace, given: ConsumerConfig, action: ConsumerAction): void {
  const { server, asset, consumer } = place;
  const { config: before } = consumer;
  let next = given;
  if (action === "create") {
    next = withConsumerLevelOf(next, before);
    if (!sameConsumerConfig(next, before)) throw new ApiError("JSConsumerAlreadyExists");
  }
  if (asset.state.config.retention === "workqueue") {
    const others = [...asset.consumers.values()].filter((other) => other !== consumer);
    checkPartition(next, others);
  }
  const { deliver_subject } = before;
  const isBound = deliver_subject !== "" && hasInterest(server, asset.account, deliver_subject);
  checkConsumerUpdate(before, next, isBound);
  changeConsumer(place, Object.freeze({ ...next, pause_until: inUtc(next.pause_until) }));
}

function inUtc(text: string | null): string | null {
  const time = text === null ? null : parseStoredTime(text);
  return time === null ? null : formatStoredTime(time);
}

function generatedName(io: ServerIo, asset: StreamAsset): string {
  for (;;) {
    const name = randomBase62(generatedNameLength, () => io.draw("ids"));
    if (!asset.consumers.has(name)) return name;
  }
}

function consumerLimits(server: ServerState, account: string): ConsumerLimits {
  const limits = server.config.jetstream?.limits;
  return {
    serverMaxAckPending: limits?.maxAckPending ?? 0,
    serverMaxRequestBatch: limits?.maxRequestBatch ?? 0,
    accountMaxAckPending: accountLimits(server, account).maxAckPending,
  };
}
