/** `CONSUMER.INFO`, `CONSUMER.NAMES` and `CONSUMER.LIST`. */

import type { GoStruct } from "../../jetstream/index.ts";
import { sortedKeys } from "../../kernel/index.ts";
import { infoOf } from "../assets/consumers/consumer-create.ts";
import type { ConsumerPlace } from "../assets/consumers/consumer-effects.ts";
import { clusterParts } from "../cluster-door.ts";
import { consumerOf, streamOfConsumer } from "./consumer-lookup.ts";
import { expectEmptyBody, offsetOf, pagedRequest, readOptionalBody } from "./request-body.ts";
import type { ApiCall, ApiFields, ApiRoute } from "./route-shape.ts";

const namesLimit = 1024;
const listLimit = 256;
const noPage = { total: 0, offset: 0, limit: 0, consumers: [] };

export const consumerInfoRoute: ApiRoute = {
  subject: "$JS.API.CONSUMER.INFO.*.*",
  type: "consumer_info",
  leader: "consumer",
  gate: (call) => {
    expectEmptyBody(call);
    return clusterParts().consumerInfoGate(call);
  },
  handle: (call) => {
    expectEmptyBody(call);
    return infoOf(consumerOf(call));
  },
  clustered: (call) => clusterParts().assignedConsumerInfo(call) ?? infoOf(consumerOf(call)),
};

export const consumerNamesRoute: ApiRoute = {
  subject: "$JS.API.CONSUMER.NAMES.*",
  type: "consumer_names",
  leader: "meta",
  errorFields: noPage,
  handle: (call) => {
    const { places, ...counts } = readPage(call, namesLimit);
    return { ...counts, consumers: places.map(({ consumer }) => consumer.name) };
  },
  clustered: (call) => {
    const { specs, ...counts } = clusterParts().readAssigned(call, namesLimit);
    return { ...counts, consumers: specs.map((spec) => spec.name) };
  },
};

export const consumerListRoute: ApiRoute = {
  subject: "$JS.API.CONSUMER.LIST.*",
  type: "consumer_list",
  leader: "meta",
  errorFields: noPage,
  handle: (call): ApiFields => {
    const { places, ...counts } = readPage(call, listLimit);
    return { ...counts, consumers: places.map((place) => infoOf(place, "list")) };
  },
  clustered: (call) => {
    const { specs, ...counts } = clusterParts().readAssigned(call, listLimit);
    if (specs.length === 0) return { ...counts, total: 0, consumers: [] };
    clusterParts().gatherFor(call, { type: "consumer_list", counts, consumers: specs });
    return null;
  },
};

interface Page {
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
  readonly places: readonly ConsumerPlace[];
}

const consumersRequest: GoStruct = {
  go: "struct",
  name: "JSApiConsumersRequest",
  fields: {},
  embedded: pagedRequest,
};

/** By name; consumers of mirrors and sources are not shown. */
function readPage(call: ApiCall, limit: number): Page {
  const request = readOptionalBody(call, consumersRequest);
  const asset = streamOfConsumer(call);
  const { server, io } = call;
  const shown: ConsumerPlace[] = [];
  for (const name of sortedKeys(asset.consumers)) {
    const consumer = asset.consumers.get(name);
    if (consumer !== undefined && !consumer.config.direct) {
      shown.push({ server, io, asset, consumer });
    }
  }
  const offset = offsetOf(request, shown.length);
  return { total: shown.length, offset, limit, places: shown.slice(offset, offset + limit) };
}
