/** `STREAM.INFO`, and how a stream's state is shown. */

import {
  ApiError,
  type Decoded,
  deletedSequences,
  eachSubjectCount,
  type GoStruct,
  goBool,
  goString,
  printStreamConfig,
  withDynamicMetadata,
} from "../../jetstream/index.ts";
import { formatStoredTime, zeroStoredTime } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";
import { clusterOf, findAssignment } from "../cluster/cluster-state.ts";
import { clusterParts } from "../cluster-door.ts";
import { offsetOf, pagedRequest, readOptionalBody } from "./request-body.ts";
import type { ApiCall, ApiFields, ApiRoute } from "./route-shape.ts";
import { printOrigins } from "./stream-origin-info.ts";

/** Subjects that one reply lists at most. */
const subjectsMax = 100_000;

const infoRequest: GoStruct = {
  go: "struct",
  name: "JSApiStreamInfoRequest",
  fields: { deleted_details: goBool, subjects_filter: goString },
  embedded: pagedRequest,
};

export const streamInfoRoute: ApiRoute = {
  subject: "$JS.API.STREAM.INFO.*",
  type: "stream_info",
  leader: "stream",
  gate: (call) => clusterParts().streamInfoGate(call),
  errorFields: { total: 0, offset: 0, limit: 0 },
  handle: streamInfo,
};

/** The stream that the third token names; 10059 when there is none. */
export function streamOf(call: ApiCall, token = call.tokens[2]): StreamAsset {
  const asset = call.account.streams.get(token ?? "");
  if (asset === undefined) throw new ApiError("JSStreamNotFoundErr");
  return asset;
}

/** Source: nats-server `jsStreamInfoRequest`. */
function streamInfo(call: ApiCall): ApiFields {
  const request = readOptionalBody(call, infoRequest);
  const asset = streamOf(call);
  const filter = (request.subjects_filter as string | undefined) ?? "";
  const offset = offsetOf(request);
  const subjects = filter === "" ? null : subjectDetails(asset, filter, offset);
  const details = { isDetailed: request.deleted_details === true, subjects: subjects?.counts };
  return {
    total: subjects?.total ?? 0,
    offset: subjects === null ? 0 : shownOffset(request, offset),
    limit: subjects === null ? 0 : subjectsMax,
    ...printStream(call, asset, { state: withAllConsumers(call, asset, details) }),
    cluster: clusterOfStream(call, asset),
    ...printOrigins(call, asset),
    alternates: alternatesOf(call, asset),
    ts: formatStoredTime(call.io.wall),
  };
}

/** Where information is printed. */
export type PrintPlace = Pick<ApiCall, "server" | "io">;

export interface StreamPrint {
  readonly state?: ApiFields;
  /** Whether the server's version and level are shown among the metadata. */
  readonly isPlain?: boolean;
}

/** `config`, `created`, `state` and `domain` of a stream. */
export function printStream(
  { server }: PrintPlace,
  asset: StreamAsset,
  print: StreamPrint = {},
): ApiFields {
  const { config, created } = asset.state;
  const domain = server.jetstream?.domain ?? "";
  const shown =
    print.isPlain === true ? config : { ...config, metadata: withDynamicMetadata(config.metadata) };
  return {
    config: printStreamConfig(shown),
    created: formatStoredTime(created),
    state: print.state ?? printState(asset),
    domain: domain === "" ? undefined : domain,
  };
}

/** `cluster` of a stream, on one server or in a cluster. */
export function clusterOfStream({ server, io }: PrintPlace, asset: StreamAsset): ApiFields {
  const cluster = clusterOf(server);
  const spec = cluster === null ? null : findAssignment(cluster, asset.account, asset.name)?.spec;
  if (spec === null || spec === undefined) return { leader: server.name };
  return clusterParts().printCluster(server, io, spec.group);
}

function alternatesOf(call: ApiCall, asset: StreamAsset): readonly ApiFields[] | undefined {
  if (clusterOf(call.server) === null) return undefined;
  return clusterParts().printAlternates(call, asset);
}

/** In a cluster all consumers count, wherever they are. */
function withAllConsumers(call: ApiCall, asset: StreamAsset, details: StateDetails): ApiFields {
  const state = printState(asset, details);
  const cluster = clusterOf(call.server);
  if (cluster === null) return state;
  const count = findAssignment(cluster, asset.account, asset.name)?.consumers.size ?? 0;
  return count === 0 ? state : { ...state, consumer_count: count };
}

export interface StateDetails {
  readonly isDetailed?: boolean;
  readonly subjects?: JsonLike;
}

/** Source: the JSON tags of nats-server `server/store.go` `StreamState`. */
export function printState(asset: StreamAsset, details: StateDetails = {}): ApiFields {
  const { store } = asset.state;
  const subjects = store.subjects.subjects;
  const isDetailed = details.isDetailed === true;
  // With details, the server's file store counts the sequence 0 of a mirror that has not begun yet.
  const isUnbegun = isDetailed && store.seqFirst === 0 && store.storage === "file";
  const span = store.messages === 0 && !isUnbegun ? 0 : store.seqLast - store.seqFirst + 1;
  const deleted = span - store.messages;
  const sequences = (): number[] => (isUnbegun ? [0] : deletedSequences(store));
  return {
    messages: store.messages,
    bytes: store.bytes,
    first_seq: store.seqFirst,
    first_ts: formatStoredTime(store.timeFirst ?? zeroStoredTime),
    last_seq: store.seqLast,
    last_ts: formatStoredTime(store.timeLast ?? zeroStoredTime),
    num_subjects: subjects === 0 ? undefined : subjects,
    subjects: details.subjects,
    num_deleted: deleted === 0 ? undefined : deleted,
    deleted: isDetailed && deleted > 0 ? sequences() : undefined,
    consumer_count: [...asset.consumers.values()].filter(({ config }) => !config.direct).length,
  };
}

/** As it was asked for, even beyond 2^53. */
function shownOffset(request: Decoded, offset: number): JsonLike {
  return offset > Number.MAX_SAFE_INTEGER ? (request.offset ?? 0) : offset;
}

interface SubjectDetails {
  readonly total: number;
  /** Undefined when the offset lies behind the last subject. */
  readonly counts: JsonLike;
}

/** Null when no subject matches, which shows as if nothing had been asked. */
function subjectDetails(asset: StreamAsset, filter: string, offset: number): SubjectDetails | null {
  const counts: { [subject: string]: number } = {};
  let total = 0;
  let shown = 0;
  eachSubjectCount(asset.state.store, filter, (subject, count) => {
    if (total >= offset && shown < subjectsMax) {
      counts[subject] = count;
      shown += 1;
    }
    total += 1;
  });
  if (total === 0) return null;
  return { total, counts: shown === 0 ? undefined : counts };
}
