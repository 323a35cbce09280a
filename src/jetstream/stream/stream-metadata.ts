/**
 * The server's own keys in a stream's metadata: the API level it needs is stored, the server's
 * version and level are added to replies only.
 * Source: nats-server `server/jetstream_versioning.go`.
 */
import { int64ToNumber } from "../int64.ts";
import type { StreamConfig } from "./config/config-shape.ts";

export const serverVersion = "2.15.2";
/** The highest API level that the server knows. */
export const apiLevel = 5;

const requiredLevelKey = "_nats.req.level";
const versionKey = "_nats.ver";
const levelKey = "_nats.level";

type Metadata = Readonly<Record<string, string>>;

/** The configuration with the level that its features need, whatever the client wrote there. */
export function withRequiredLevel(config: StreamConfig): StreamConfig {
  const kept = withoutDynamic(config.metadata ?? {});
  return { ...config, metadata: { ...kept, [requiredLevelKey]: String(requiredLevel(config)) } };
}

/** `config` with the required level of `previous`, so that the two can be compared. */
export function withLevelOf(config: StreamConfig, previous: StreamConfig): StreamConfig {
  const level = previous.metadata?.[requiredLevelKey];
  const { [requiredLevelKey]: _, ...kept } = withoutDynamic(config.metadata ?? {});
  const metadata = level === undefined ? kept : { ...kept, [requiredLevelKey]: level };
  return { ...config, metadata: Object.keys(metadata).length === 0 ? null : metadata };
}

/** Metadata as a reply shows it. */
export function withDynamicMetadata(metadata: Metadata | null): Metadata {
  return { ...metadata, [versionKey]: serverVersion, [levelKey]: String(apiLevel) };
}

function requiredLevel(config: StreamConfig): number {
  if (config.allow_batched) return 4;
  const isAsync = config.persist_mode === "async";
  const isLevel2 = config.allow_msg_counter || config.allow_atomic || config.allow_msg_schedules;
  if (isLevel2 || isAsync) return 2;
  return config.allow_msg_ttl || int64ToNumber(config.subject_delete_marker_ttl) > 0 ? 1 : 0;
}

function withoutDynamic(metadata: Metadata): Metadata {
  const { [versionKey]: _version, [levelKey]: _level, ...kept } = metadata;
  return kept;
}
