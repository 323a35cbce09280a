/** `STREAM.NAMES` and `STREAM.LIST`: the streams of an account, a page at a time. */

import { type GoStruct, goString, type StreamConfig } from "../../jetstream/index.ts";
import { formatStoredTime } from "../../kernel/index.ts";
import { subjectsCollide } from "../../protocol/index.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";
import { streamsByName } from "../assets/stream-lookup.ts";
import type { StreamSpec } from "../cluster/assignments.ts";
import { clusterParts } from "../cluster-door.ts";
import { offsetOf, pagedRequest, readOptionalBody } from "./request-body.ts";
import type { ApiCall, ApiFields, ApiRoute } from "./route-shape.ts";
import { printStream } from "./stream-info.ts";
import { printOrigins } from "./stream-origin-info.ts";

const namesLimit = 1024;
const listLimit = 256;
const noCounts = { total: 0, offset: 0, limit: 0 };

export const streamNamesRoute: ApiRoute = {
  subject: "$JS.API.STREAM.NAMES",
  type: "stream_names",
  leader: "meta",
  errorFields: { ...noCounts, streams: null },
  handle: streamNames,
  clustered: (call) => {
    const { page, ...counts } = readAssignedPage(call, "JSApiStreamNamesRequest", namesLimit);
    const names = page.map((spec) => spec.config.name);
    return { ...counts, streams: names.length === 0 ? null : names };
  },
};

export const streamListRoute: ApiRoute = {
  subject: "$JS.API.STREAM.LIST",
  type: "stream_list",
  leader: "meta",
  errorFields: { ...noCounts, streams: [] },
  handle: streamList,
  clustered: (call) => {
    const { page, ...counts } = readAssignedPage(call, "JSApiStreamListRequest", listLimit);
    if (page.length === 0) return { ...counts, total: 0, streams: [] };
    clusterParts().gatherFor(call, { type: "stream_list", counts, streams: page });
    return null;
  },
};

/** Source: nats-server `jsStreamNamesRequest`. */
function streamNames(call: ApiCall): ApiFields {
  const { page, ...counts } = readPage(call, "JSApiStreamNamesRequest", namesLimit);
  const names = page.map((asset) => asset.name);
  return { ...counts, streams: names.length === 0 ? null : names };
}

/** Source: nats-server `jsStreamListRequest`. */
function streamList(call: ApiCall): ApiFields {
  const { page, ...counts } = readPage(call, "JSApiStreamListRequest", listLimit);
  const ts = formatStoredTime(call.io.wall);
  const streams = page.map((asset) => ({
    ...printStream(call, asset, { isPlain: true }),
    ...printOrigins(call, asset),
    ts,
  }));
  return { ...counts, streams };
}

interface Page<T> {
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
  readonly page: readonly T[];
}

function readPage(call: ApiCall, name: string, limit: number): Page<StreamAsset> {
  const all = streamsByName(call.account);
  return pageOf(call, { name, limit, all, config: (asset) => asset.state.config });
}

/** Of all streams in the cluster. */
function readAssignedPage(call: ApiCall, name: string, limit: number): Page<StreamSpec> {
  return pageOf(call, {
    name,
    limit,
    all: clusterParts().assignedStreams(call),
    config: (spec) => spec.config,
  });
}

interface Listing<T> {
  readonly name: string;
  readonly limit: number;
  readonly all: readonly T[];
  readonly config: (one: T) => StreamConfig;
}

function pageOf<T>(call: ApiCall, { name, limit, all, config }: Listing<T>): Page<T> {
  const fields = { subject: goString };
  const shape: GoStruct = { go: "struct", name, fields, embedded: pagedRequest };
  const request = readOptionalBody(call, shape);
  const filter = (request.subject as string | undefined) ?? "";
  const found = all.filter((one) => hears(config(one), filter));
  const offset = offsetOf(request, found.length);
  return { total: found.length, offset, limit, page: found.slice(offset, offset + limit) };
}

/** Wildcards count on both sides. Source: nats-server `filteredStreams`. */
function hears({ subjects }: StreamConfig, filter: string): boolean {
  if (filter === "") return true;
  return subjects.some((subject) => subjectsCollide(filter, subject));
}
