/** What can be done to a consumer that is there. */

import {
  ApiError,
  type Decoded,
  decodeLoosely,
  durationUntil,
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
  type StoredTime,
  zeroStoredTime,
} from "../../kernel/index.ts";
import { changeConsumer } from "../assets/consumers/consumer-create.ts";
import { dropConsumer } from "../assets/consumers/consumer-drop.ts";
import { driveConsumer } from "../assets/consumers/consumer-inbound.ts";
import { clusterParts } from "../cluster-door.ts";
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
  clustered: (call) => clusterParts().unassignConsumer(call),
};

export const consumerPauseRoute: ApiRoute = {
  subject: "$JS.API.CONSUMER.PAUSE.*.*",
  type: "consumer_pause",
  leader: "meta",
  errorFields: { paused: false, pause_until: formatStoredTime(zeroStoredTime) },
  handle: pause,
  clustered: pauseInCluster,
};

export const consumerUnpinRoute: ApiRoute = {
  subject: "$JS.API.CONSUMER.UNPIN.*.*",
  type: "consumer_unpin",
  leader: "consumer",
  gate: (call) => clusterParts().unpinGate(call),
  handle: unpin,
};

/** A consumer without a group has no leader to step down. */
export const consumerStepDownRoute: ApiRoute = {
  subject: "$JS.API.CONSUMER.LEADER.STEPDOWN.*.*",
  type: "consumer_leader_stepdown",
  leader: "consumer",
  needsCluster: "refuse",
  gate: (call) => clusterParts().consumerStepDownGate(call),
  handle: () => {
    throw new ApiError("JSClusterRequiredErr");
  },
  clustered: (call) => clusterParts().stepConsumerDown(call),
};

const pauseRequest: GoStruct = {
  go: "struct",
  name: "JSApiConsumerPauseRequest",
  fields: { pause_until: goTime },
};

/** Source: nats-server `jsConsumerPauseRequest`. */
function pause(call: ApiCall): ApiFields {
  const until = readPause(call);
  const place = consumerOf(call);
  const pause_until = until === null ? null : formatStoredTime(until);
  const config = { ...place.consumer.config, pause_until };
  changeConsumer(place, Object.freeze(withConsumerLevel(config)));
  return pauseReply(call, until);
}

function pauseInCluster(call: ApiCall): ApiFields {
  const until = readPause(call);
  clusterParts().pauseAssignedConsumer(call, until);
  return pauseReply(call, until);
}

/** No time, or Go's zero time, ends a pause: null. */
function readPause(call: ApiCall): StoredTime | null {
  const request = readOptionalBody(call, pauseRequest);
  const asked =
    typeof request.pause_until === "string" ? parseStoredTime(request.pause_until) : null;
  return asked === null || compareStoredTime(asked, zeroStoredTime) === 0 ? null : asked;
}

function pauseReply({ io }: ApiCall, asked: StoredTime | null): ApiFields {
  const until = asked ?? zeroStoredTime;
  const paused = compareStoredTime(until, io.wall) > 0;
  const pause_until = formatStoredTime(until);
  return {
    paused,
    pause_until,
    pause_remaining: paused ? durationUntil(io.wall, until) : undefined,
  };
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
