/** Requests about consumers that the meta leader decides and proposes. */
import {
  ApiError,
  type ConsumerConfig,
  type ConsumerLimits,
  checkConsumerConfig,
  checkConsumerCount,
  checkConsumerUpdate,
  checkPartition,
  checkWorkQueue,
  consumerFilters,
  sameConsumerConfig,
  withConsumerDefaults,
  withConsumerLevel,
  withConsumerLevelOf,
} from "../../../jetstream/index.ts";
import { formatStoredTime, parseStoredTime, type StoredTime } from "../../../kernel/index.ts";
import { randomBase62 } from "../../../protocol/index.ts";
import type { WantedConsumer } from "../../api/consumer-create.ts";
import { expectEmptyBody } from "../../api/request-body.ts";
import type { ApiCall } from "../../api/route-shape.ts";
import { accountLimits } from "../../assets/stream-reservations.ts";
import { hasInterest } from "../../interest/subscribe.ts";
import type { ConsumerSpec, GroupSpec, StreamSpec } from "../assignments.ts";
import { consumerAhead, consumersAhead, streamAhead } from "../meta/inflight.ts";
import { proposeMeta } from "../meta/propose-meta.ts";
import { areAllOffline } from "../peer-facts.ts";
import { consumerReplicas, placeConsumer } from "../place.ts";
import { clusterOfCall, requesterOf } from "./cluster-call.ts";

const nameMax = 255;
const generatedNameLength = 8;

/** Source: nats-server `jsClusteredConsumerRequest`. `wanted` was held against its subject. */
export function assignConsumer(call: ApiCall, wanted: WantedConsumer): null {
  const { server, account } = call;
  const { request, config: named } = wanted;
  const stream = streamAhead(clusterOfCall(call), account.name, request.stream);
  if (stream === null) throw new ApiError("JSStreamNotFoundErr");
  const limits = consumerLimits(call);
  const given = withConsumerLevel(asDurableSource(named));
  const filled = withConsumerDefaults(given, stream.config, limits, request.pedantic);
  checkConsumerConfig(filled, stream.config, limits);
  const name = filled.durable_name === "" ? filled.name : filled.durable_name;
  const present =
    name === "" ? null : consumerAhead(clusterOfCall(call), account.name, request.stream, name);
  const scene = { call, stream, config: filled };
  if (present === null && request.action === "update") {
    throw new ApiError("JSConsumerDoesNotExist");
  }
  const spec =
    present === null
      ? newConsumer(scene, name)
      : changedConsumer(scene, present, request.action === "create");
  proposeMeta(server, { op: "assign-consumer", spec: Object.freeze(spec) });
  return null;
}

/** Source: nats-server `jsClusteredConsumerDeleteRequest`. */
export function unassignConsumer(call: ApiCall): null {
  expectEmptyBody(call);
  const present = presentConsumer(call);
  const { account, stream, name: consumer, created } = present;
  const removal = { ...requesterOf(call), account, stream, consumer, created };
  proposeMeta(call.server, { op: "remove", removal: Object.freeze(removal) });
  return null;
}

/** A pause, or its end with null. Source: nats-server `jsConsumerPauseRequest`. */
export function pauseAssignedConsumer(call: ApiCall, until: StoredTime | null): void {
  const present = presentConsumer(call);
  const pause_until = until === null ? null : formatStoredTime(until);
  const config = Object.freeze(withConsumerLevel({ ...present.config, pause_until }));
  // Whoever made it is not answered again.
  const spec = Object.freeze({ ...present, config, reply: "" });
  proposeMeta(call.server, { op: "assign-consumer", spec });
}

/** The consumer that a request's last two tokens name, as it will be. */
function presentConsumer(call: ApiCall): ConsumerSpec {
  const cluster = clusterOfCall(call);
  const [, , stream = "", consumer = ""] = call.tokens;
  const { name: account } = call.account;
  if (streamAhead(cluster, account, stream) === null) throw new ApiError("JSStreamNotFoundErr");
  const present = consumerAhead(cluster, account, stream, consumer);
  if (present === null) throw new ApiError("JSConsumerNotFoundErr");
  return present;
}

interface Scene {
  readonly call: ApiCall;
  readonly stream: StreamSpec;
  readonly config: ConsumerConfig;
}

function newConsumer({ call, stream, config }: Scene, wantedName: string): ConsumerSpec {
  const { server, io, account } = call;
  const cluster = clusterOfCall(call);
  const others = othersOf(call, stream, "");
  checkConsumerCount(config, stream.config, others, {
    accountMax: accountLimits(server, account.name).maxConsumers,
    serverDefault: server.config.jetstream?.limits.defaultMaxConsumers ?? 0,
  });
  const group = placeConsumer({ server, io, cluster }, config, stream);
  checkWorkQueue(config, stream.config, others);
  if (config.durable_name.length > nameMax) {
    throw new ApiError("JSConsumerNameTooLongErrF", { max: String(nameMax) });
  }
  const name = wantedName === "" ? freshName(call, stream) : wantedName;
  const created = io.wall;
  return specOf(call, stream, { name, config, group, created });
}

function changedConsumer(
  { call, stream, config }: Scene,
  present: ConsumerSpec,
  mustBeSame: boolean,
): ConsumerSpec {
  const { server, account } = call;
  let next = withKept(present.config, config);
  if (mustBeSame) {
    next = withConsumerLevelOf(next, present.config);
    if (!sameConsumerConfig(next, present.config)) throw new ApiError("JSConsumerAlreadyExists");
  }
  if (stream.config.retention === "workqueue") {
    checkPartition(next, othersOf(call, stream, present.name));
  }
  const { deliver_subject } = present.config;
  const isBound = deliver_subject !== "" && hasInterest(server, account.name, deliver_subject);
  checkConsumerUpdate(present.config, next, isBound);
  if (areAllOffline(clusterOfCall(call), present.group)) {
    throw new ApiError("JSConsumerOfflineErr");
  }
  const before = consumerReplicas(present.config, stream.config);
  if (before !== consumerReplicas(next, stream.config)) {
    throw new ApiError("JSClusterUnSupportFeatureErr");
  }
  const { name, group, created } = present;
  return specOf(call, stream, { name, config: next, group, created });
}

interface Made {
  readonly name: string;
  readonly config: ConsumerConfig;
  readonly group: GroupSpec;
  readonly created: StoredTime;
}

function specOf(call: ApiCall, stream: StreamSpec, made: Made): ConsumerSpec {
  const { name, group, created } = made;
  const config = Object.freeze({ ...made.config });
  const account = call.account.name;
  return {
    ...requesterOf(call),
    account,
    stream: stream.config.name,
    name,
    config,
    created,
    group,
  };
}

/** An update changes neither a pause nor where a source's durable consumer began. */
function withKept(present: ConsumerConfig, config: ConsumerConfig): ConsumerConfig {
  const { pause_until, deliver_policy, opt_start_seq, opt_start_time } = present;
  const until = pause_until === null ? null : parseStoredTime(pause_until);
  const paused = { ...config, pause_until: until === null ? null : formatStoredTime(until) };
  if (!config.sourcing || config.durable_name === "") return paused;
  return { ...paused, deliver_policy, opt_start_seq, opt_start_time };
}

/** A source's own consumer of a stream that keeps messages for its consumers. */
function asDurableSource(config: ConsumerConfig): ConsumerConfig {
  if (!config.direct || !config.sourcing || config.name === "") return config;
  return {
    ...config,
    direct: false,
    durable_name: config.name,
    ack_policy: "flow_control",
    ack_wait: 0,
    max_deliver: 0,
    inactive_threshold: 0,
  };
}

function othersOf(call: ApiCall, stream: StreamSpec, except: string) {
  const cluster = clusterOfCall(call);
  return consumersAhead(cluster, stream.account, stream.config.name)
    .filter((spec) => spec.name !== except)
    .map(({ name, config }) => ({ name, config, filters: consumerFilters(config) }));
}

function freshName(call: ApiCall, stream: StreamSpec): string {
  const cluster = clusterOfCall(call);
  for (;;) {
    const name = randomBase62(generatedNameLength, () => call.io.draw("ids"));
    const { account, config } = stream;
    if (consumerAhead(cluster, account, config.name, name) === null) return name;
  }
}

function consumerLimits({ server, account }: ApiCall): ConsumerLimits {
  const limits = server.config.jetstream?.limits;
  return {
    serverMaxAckPending: limits?.maxAckPending ?? 0,
    serverMaxRequestBatch: limits?.maxRequestBatch ?? 0,
    accountMaxAckPending: accountLimits(server, account.name).maxAckPending,
  };
}
