/** The three subjects that create or update a consumer. */

import {
  ApiError,
  type ConsumerConfig,
  type CreateConsumerRequest,
  decodeConsumerRequest,
  streamIdentity,
  withConsumerLevel,
} from "../../jetstream/index.ts";
import { getHeader, randomBase62 } from "../../protocol/index.ts";
import { createOrUpdateConsumer } from "../assets/consumers/consumer-create.ts";
import { advisePause } from "../assets/consumers/consumer-pause.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";
import { clusterOfCall } from "../cluster/requests/cluster-call.ts";
import { clusterParts } from "../cluster-door.ts";
import { orInvalidJson } from "./request-body.ts";
import type { ApiCall, ApiFields, ApiRoute, Passage } from "./route-shape.ts";

/** `CONSUMER.CREATE.<stream>.<consumer>[.<filter>]`. */
export const namedCreateRoute = createRoute("$JS.API.CONSUMER.CREATE.*.>", namedSays);

/** `CONSUMER.CREATE.<stream>`: an ephemeral consumer of the old kind. */
export const ephemeralCreateRoute = createRoute("$JS.API.CONSUMER.CREATE.*", ephemeralSays);

/** `CONSUMER.DURABLE.CREATE.<stream>.<consumer>`: a durable one of the old kind. */
export const durableCreateRoute = createRoute("$JS.API.CONSUMER.DURABLE.CREATE.*.*", durableSays);

function createRoute(subject: string, says: (call: ApiCall) => SubjectSays): ApiRoute {
  return {
    subject,
    type: "consumer_create",
    leader: "meta",
    gate: createGate,
    handle: (call) => create(call, says(call)),
    clustered: (call) => createInCluster(call, says(call)),
  };
}

/** What the subject of a create request says. */
interface SubjectSays {
  readonly form: "named" | "ephemeral" | "durable";
  readonly stream: string;
  readonly name: string;
  readonly filter: string;
}

function namedSays({ tokens }: ApiCall): SubjectSays {
  const [, , stream = "", name = "", ...filter] = tokens;
  return { form: "named", stream, name, filter: filter.join(".") };
}

function ephemeralSays({ tokens }: ApiCall): SubjectSays {
  return { form: "ephemeral", stream: tokens[2] ?? "", name: "", filter: "" };
}

function durableSays({ tokens }: ApiCall): SubjectSays {
  const [, , , stream = "", name = ""] = tokens;
  return { form: "durable", stream, name, filter: "" };
}

/** A create request that agrees with its subject. */
export interface WantedConsumer {
  readonly request: CreateConsumerRequest;
  /** The configuration under the name that the subject gives it. */
  readonly config: ConsumerConfig;
}

/**
 * The meta leader answers, but what mirrors and sources read is made by the stream's leader for
 * itself. A body that is none is refused by everybody.
 */
function createGate(call: ApiCall): Passage {
  const { config } = orInvalidJson(() => decodeConsumerRequest(call.body));
  if (!config.direct) return clusterParts().metaGate(call);
  const stream = streamName(call);
  if (config.sourcing) {
    const spec = clusterParts().streamAhead(clusterOfCall(call), call.account.name, stream);
    if (spec === null) return { kind: "silent" };
    if (spec.config.retention !== "limits") return clusterParts().metaGate(call);
  }
  const leads = clusterParts().leadsStream(call.server, call.account.name, stream);
  return { kind: leads ? "go" : "silent" };
}

function streamName({ tokens }: ApiCall): string {
  return (tokens[1] === "DURABLE" ? tokens[3] : tokens[2]) ?? "";
}

function createInCluster(call: ApiCall, says: SubjectSays): ApiFields | null {
  const request = orInvalidJson(() => decodeConsumerRequest(call.body));
  const config = checkAgainstSubject(request, says);
  const spec = clusterParts().streamAhead(clusterOfCall(call), call.account.name, request.stream);
  const isLocal = config.direct && (!config.sourcing || spec?.config.retention === "limits");
  return isLocal ? create(call, says) : clusterParts().assignConsumer(call, { request, config });
}

/** Source: nats-server `jsConsumerCreateRequest`. */
function create(call: ApiCall, says: SubjectSays): ApiFields {
  const request = orInvalidJson(() => decodeConsumerRequest(call.body));
  const named = checkAgainstSubject(request, says);
  if (named.num_replicas > 1) throw new ApiError("JSStreamReplicasNotSupportedErr");
  const asset = call.account.streams.get(request.stream);
  if (asset === undefined) throw new ApiError("JSStreamNotFoundErr");
  if (named.direct || named.sourcing) checkIdentity(call, asset);
  const config = withConsumerLevel(keepWhatIsKept(asset, forSourcing(call, asset, named)));
  const { action, pedantic } = request;
  const wanted = { config, action, pedantic };
  const { place, info } = createOrUpdateConsumer(call.server, call.io, asset, wanted);
  advisePause(place);
  return info;
}

/** Whoever copies from the stream learns which one it is, and may insist on one. */
function checkIdentity({ message, answerHeaders }: ApiCall, asset: StreamAsset): void {
  const identity = streamIdentity(asset.state);
  const wanted = getHeader(message.headers, "Nats-Stream-Identity") ?? "";
  if (wanted !== "" && wanted !== identity) {
    throw new ApiError("JSConsumerStreamIdentityMismatchF", { msg: identity });
  }
  answerHeaders.push(["Nats-Stream-Identity", identity]);
}

/** The configuration under the name that the subject gives it. */
function checkAgainstSubject(request: CreateConsumerRequest, says: SubjectSays): ConsumerConfig {
  const { config } = request;
  const { form, filter } = says;
  const name = form === "ephemeral" ? config.name : says.name;
  if (says.stream !== request.stream) throw new ApiError("JSStreamMismatchErr");
  if (/[\\/]/.test(name)) throw new ApiError("JSConsumerNameContainsPathSeparatorsErr");
  const durable = config.durable_name;
  if (form === "durable" && durable === "") throw new ApiError("JSConsumerDurableNameNotSetErr");
  if (form !== "ephemeral" && durable !== "" && durable !== name) {
    throw new ApiError("JSConsumerDurableNameNotMatchSubjectErr");
  }
  if (form === "ephemeral" && durable !== "") {
    throw new ApiError("JSConsumerEphemeralWithDurableNameErr");
  }
  if (filter !== "" && (config.filter_subjects?.length ?? 0) > 0) {
    throw new ApiError("JSConsumerMultipleFiltersNotAllowed");
  }
  if (filter !== "" && config.filter_subject !== filter) {
    throw new ApiError("JSConsumerCreateFilterSubjectMismatchErr");
  }
  return { ...config, name };
}

/**
 * A source's own consumer: durable with acks by flow control when the stream keeps messages for
 * its consumers, else with a name that is new each time.
 */
function forSourcing(call: ApiCall, asset: StreamAsset, config: ConsumerConfig): ConsumerConfig {
  if (!config.direct || !config.sourcing || config.name === "") return config;
  if (asset.state.config.retention === "limits") {
    const suffix = randomBase62(8, () => call.io.draw("ids"));
    return { ...config, name: `${config.name}-${suffix}` };
  }
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

/** An update changes neither a pause nor where a source's durable consumer began. */
function keepWhatIsKept(asset: StreamAsset, config: ConsumerConfig): ConsumerConfig {
  const present = asset.consumers.get(config.name)?.config;
  if (present === undefined) return config;
  const { pause_until, deliver_policy, opt_start_seq, opt_start_time } = present;
  const paused = { ...config, pause_until };
  if (!config.sourcing || config.durable_name === "") return paused;
  return { ...paused, deliver_policy, opt_start_seq, opt_start_time };
}
