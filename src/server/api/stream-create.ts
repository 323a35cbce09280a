/** `STREAM.CREATE` and `STREAM.UPDATE`. */

import {
  ApiError,
  checkStreamConfig,
  checkStreamUpdate,
  int64ToNumber,
  type StreamConfig,
  sameStreamConfig,
  withLevelOf,
  withRequiredLevel,
} from "../../jetstream/index.ts";
import { formatStoredTime } from "../../kernel/index.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";
import { adviseStreamAction } from "../assets/stream-advisories.ts";
import { addStream, updateStream } from "../assets/stream-asset.ts";
import { accountLimits, checkReservation } from "../assets/stream-reservations.ts";
import { orDiskFailure } from "../assets/write-ahead.ts";
import { clusterParts } from "../cluster-door.ts";
import { DiskError } from "../io.ts";
import type { ApiCall, ApiFields, ApiRoute } from "./route-shape.ts";
import { printStream } from "./stream-info.ts";
import { printOrigins } from "./stream-origin-info.ts";
import {
  checkConsumerLimits,
  checkOriginFilters,
  checkOverlap,
  checkSupported,
  configContext,
  readCreateRequest,
  readUpdateRequest,
} from "./stream-rules.ts";

export const streamCreateRoute: ApiRoute = {
  subject: "$JS.API.STREAM.CREATE.*",
  type: "stream_create",
  leader: "meta",
  handle: streamCreate,
  clustered: (call) => clusterParts().assignStream(call),
};

export const streamUpdateRoute: ApiRoute = {
  subject: "$JS.API.STREAM.UPDATE.*",
  type: "stream_update",
  leader: "meta",
  handle: streamUpdate,
  clustered: (call) => clusterParts().reassignStream(call),
};

/** Source: nats-server `jsStreamCreateRequest`, `addStreamWithAssignment`. */
function streamCreate(call: ApiCall): ApiFields {
  const { config: wanted, pedantic, saysStorage } = readCreateRequest(call);
  checkStreamLimits(call, wanted, saysStorage);
  const config = checkStreamConfig(wanted, configContext(call), pedantic);
  const asset = existing(call, config) ?? makeStream(call, config);
  return {
    ...printStream(call, asset),
    domain: undefined,
    ...printOrigins(call, asset),
    ts: formatStoredTime(call.io.wall),
    did_create: true,
  };
}

/** A stream that is there already, exactly as wanted; 10058 when it differs. */
function existing(call: ApiCall, config: StreamConfig): StreamAsset | null {
  if (config.num_replicas > 1) {
    throw new ApiError("JSStreamReplicasNotSupportedErr");
  }
  const asset = call.account.streams.get(config.name);
  if (asset === undefined) return null;
  const { config: present } = asset.state;
  if (sameStreamConfig(withLevelOf(config, present), present)) return asset;
  throw new ApiError("JSStreamNameExistErr");
}

function makeStream(call: ApiCall, config: StreamConfig): StreamAsset {
  checkReservation(call.server, call.account, config, int64ToNumber(config.max_bytes));
  checkOriginFilters(config);
  checkOverlap(call, config);
  checkSupported(config);
  const asset = addOrRefuse(call, config);
  adviseStreamAction(call.server, call.io, asset, "create");
  return asset;
}

/** Source: nats-server `addStreamWithAssignment`, `setupStore`. */
function addOrRefuse({ server, io, account }: ApiCall, config: StreamConfig): StreamAsset {
  try {
    return addStream(server, io, account, config);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    const name = `'${account.name} > ${config.name}'`;
    io.log("warn", `Stream create failed for ${name}: ${error.message} (10077)`);
    throw new ApiError("JSStreamCreateErrF", { err: "error creating store for stream" });
  }
}

/** Source: nats-server `jsStreamUpdateRequest`, `updateWithAdvisory`. */
function streamUpdate(call: ApiCall): ApiFields {
  const { config: wanted, pedantic } = readUpdateRequest(call);
  const asset = call.account.streams.get(wanted.name);
  if (asset === undefined) throw new ApiError("JSStreamNotFoundErr");
  const old = asset.state.config;
  const next = checkStreamConfig(withRequiredLevel(wanted), configContext(call), pedantic);
  const config = checkStreamUpdate(old, next, { isClustered: false });
  const growth = Math.max(reserved(config) - reserved(old), 0);
  checkReservation(call.server, call.account, config, growth);
  checkConsumerLimits(old, config, [...asset.consumers.values()]);
  checkOverlap(call, config);
  checkSupported(config);
  orDiskFailure("JSStreamUpdateErrF", () => updateStream(call.server, call.io, asset, config));
  const ts = formatStoredTime(call.io.wall);
  return { ...printStream(call, asset), ...printOrigins(call, asset), ts };
}

function reserved(config: StreamConfig): number {
  return Math.max(int64ToNumber(config.max_bytes), 0);
}

/** Source: nats-server `jsNonClusteredStreamLimitsCheck`. */
export function checkStreamLimits(call: ApiCall, config: StreamConfig, saysStorage: boolean): void {
  const { server, account } = call;
  const { maxStreams } = accountLimits(server, account.name);
  const others = account.streams.size - (account.streams.has(config.name) ? 1 : 0);
  if (maxStreams > 0 && others >= maxStreams) throw new ApiError("JSMaximumStreamsLimitErr");
  if (saysStorage) checkReservation(server, account, config, int64ToNumber(config.max_bytes));
}
