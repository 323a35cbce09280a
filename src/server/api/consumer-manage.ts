/** What can be done to a consumer that is there. */
import {
  ApiError,
  type Decoded,
  decodeLoosely,
  type GoStruct,
  goString,
  goTime,
  isGroupName,
  withConsumerLevel,
} from "../../jetstream/index.ts";
import {
  compareStoredTime,
  formatStoredTime,
  parseStoredTime,
  virtualAt,
  zeroStoredTime,
} from "../../kernel/index.ts";
import { changeConsumer } from "../assets/consumers/consumer-create.ts";
import { dropConsumer } from "../assets/consumers/consumer-drop.ts";
import { driveConsumer } from "../assets/consumers/consumer-inbound.ts";
import { consumerOf } from "./consumer-lookup.ts";
import { expectEmptyBody, orInvalidJson, readOptionalBody } from "./request-body.ts";
import type { ApiCall, ApiFields, ApiRoute } from "./route-shape.ts";

export const consumerDeleteRoute: ApiRoute = {
  subject: "$JS.API.CONSUMER.DELETE.*.*",
  type: "consumer_delete",
  leader: "meta",
  handle: (call) => {
    expectEmptyBody(call);
    dropConsumer(consumerOf(call));
    return { success: true };
  },
};

export const consumerPauseRoute: ApiRoute = {
  subject: "$JS.API.CONSUMER.PAUSE.*.*",
  type: "consumer_pause",
  leader: "meta",
  errorFields: { paused: false, pause_until: formatStoredTime(zeroStoredTime) },
  handle: pause,
};

export const consumerUnpinRoute: ApiRoute = {
  subject: "$JS.API.CONSUMER.UNPIN.*.*",
  type: "consumer_unpin",
  leader: "consumer",
  handle: unpin,
};

/** A consumer without a group has no leader to step down. */
export const consumerStepDownRoute: ApiRoute = {
  subject: "$JS.API.CONSUMER.LEADER.STEPDOWN.*.*",
  type: "consumer_leader_stepdown",
  leader: "consumer",
  handle: () => {
    throw new ApiError("JSClusterRequiredErr");
  },
};

const pauseRequest: GoStruct = {
  go: "struct",
  name: "JSApiConsumerPauseRequest",
  fields: { pause_until: goTime },
};

/** Source: nats-server `jsConsumerPauseRequest`. No time, or Go's zero time, ends a pause. */
function pause(call: ApiCall): ApiFields {
  const request = readOptionalBody(call, pauseRequest);
  const place = consumerOf(call);
  const asked =
    typeof request.pause_until === "string" ? parseStoredTime(request.pause_until) : null;
  const isZero = asked === null || compareStoredTime(asked, zeroStoredTime) === 0;
  const until = isZero ? zeroStoredTime : asked;
  const text = formatStoredTime(until);
  const config = { ...place.consumer.config, pause_until: isZero ? null : text };
  changeConsumer(place, Object.freeze(withConsumerLevel(config)));
  const left = virtualAt(until) - virtualAt(call.io.wall);
  const paused = left > 0;
  return { paused, pause_until: text, pause_remaining: paused ? left : undefined };
}

const unpinRequest: GoStruct = {
  go: "struct",
  name: "JSApiConsumerUnpinRequest",
  fields: { group: goString },
};

/** Source: nats-server `jsConsumerUnpinRequest`. */
function unpin(call: ApiCall): ApiFields {
  const request: Decoded = orInvalidJson(() => decodeLoosely(call.body, unpinRequest));
  const group = typeof request.group === "string" ? request.group : "";
  if (group === "") {
    throw new ApiError("JSInvalidJSONErr", { err: "consumer group not specified" });
  }
  if (!isGroupName(group)) throw new ApiError("JSConsumerInvalidGroupNameErr");
  const place = consumerOf(call);
  if (place.consumer.config.priority_groups?.includes(group) !== true) {
    throw new ApiError("JSConsumerInvalidPriorityGroupErr");
  }
  driveConsumer(place, { kind: "unpin", group });
  return {};
}
