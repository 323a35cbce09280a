/** Lists and names of a cluster: from the assignments, with information from who leads. */
import {
  ApiError,
  type GoStruct,
  goInt,
  printConsumerConfig,
  wholeNumber,
  withDynamicMetadata,
} from "../../../jetstream/index.ts";
import { formatStoredTime, sortedKeys } from "../../../kernel/index.ts";
import { requester } from "../../api/reply.ts";
import { readOptionalBody } from "../../api/request-body.ts";
import type { ApiCall, ApiFields } from "../../api/route-shape.ts";
import type { ConsumerSpec, StreamSpec } from "../assignments.ts";
import { findAssignment, findConsumerAssignment } from "../cluster-state.ts";
import { clusterOfCall } from "./cluster-call.ts";
import { emptyPositions, gather } from "./gather.ts";

/** All streams of the account, by name. */
export function assignedStreams(call: ApiCall): StreamSpec[] {
  const streams = clusterOfCall(call).accounts.get(call.account.name);
  if (streams === undefined) return [];
  const specs: StreamSpec[] = [];
  for (const name of sortedKeys(streams)) {
    const spec = streams.get(name)?.spec;
    if (spec !== undefined) specs.push(spec);
  }
  return specs;
}

export interface AssignedPage {
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
  readonly specs: readonly ConsumerSpec[];
}

const pagedRequest: GoStruct = {
  go: "struct",
  name: "JSApiConsumersRequest",
  fields: { offset: goInt },
};

/** A page of a stream's consumers, by name. */
export function readAssigned(call: ApiCall, limit: number): AssignedPage {
  const request = readOptionalBody(call, pagedRequest);
  const stream = findAssignment(clusterOfCall(call), call.account.name, call.tokens[2] ?? "");
  if (stream === null) throw new ApiError("JSStreamNotFoundErr");
  const specs: ConsumerSpec[] = [];
  for (const name of sortedKeys(stream.consumers)) {
    const spec = stream.consumers.get(name)?.spec;
    if (spec !== undefined) specs.push(spec);
  }
  const offset = Math.min(Math.max(wholeNumber(request, "offset"), 0), specs.length);
  return { total: specs.length, offset, limit, specs: specs.slice(offset, offset + limit) };
}

interface Wanted {
  /** Of the reply, without prefix and suffix. */
  readonly type: string;
  readonly counts: ApiFields;
  readonly streams?: readonly StreamSpec[];
  readonly consumers?: readonly ConsumerSpec[];
}

/** Collects a list; the reply follows when all have answered. */
export function gatherFor(call: ApiCall, { type, counts, ...listed }: Wanted): void {
  const { server, io, account, subject, message, body, conn, client } = call;
  const reply = {
    account: account.name,
    subject,
    request: body,
    client: client ?? requester(server, account.name, call),
    conn,
    reply: message.reply,
    isQuiet: false,
  };
  const head = { type: `io.nats.jetstream.api.v1.${type}_response`, ...counts };
  gather({ server, io, cluster: clusterOfCall(call) }, { reply, head, ...listed });
}

/**
 * What is known of a consumer that was assigned to this server and is not up yet; null when it
 * is. Source: nats-server `jsConsumerInfoRequest`.
 */
export function assignedConsumerInfo({ server, io, account, tokens }: ApiCall): ApiFields | null {
  const [, , stream = "", name = ""] = tokens;
  const cluster = server.jetstream?.cluster;
  const isUp = account.streams.get(stream)?.consumers.has(name) === true;
  if (cluster === undefined || isUp) return null;
  const spec = findConsumerAssignment(cluster, account.name, stream, name)?.spec;
  if (spec === undefined) return null;
  const metadata = withDynamicMetadata(spec.config.metadata);
  return {
    stream_name: stream,
    name,
    created: formatStoredTime(spec.created),
    config: printConsumerConfig({ ...spec.config, metadata }),
    ...emptyPositions,
    ts: formatStoredTime(io.wall),
  };
}
