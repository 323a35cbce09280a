/**
 * The server's own keys in a consumer's metadata: the API level it needs is stored, the server's
 * version and level are added to replies only.
 * Source: nats-server `server/jetstream_versioning.go`.
 */
import { sameInt64 } from "../../int64.ts";
import type { ConsumerConfig } from "./config-shape.ts";

const requiredLevelKey = "_nats.req.level";
const versionKey = "_nats.ver";
const levelKey = "_nats.level";
/** A time that counts as none. */
const zeroTime = "0001-01-01T00:00:00Z";

type Metadata = Readonly<Record<string, string>>;

/** The configuration with the level that its features need, whatever the client wrote there. */
export function withRequiredLevel(config: ConsumerConfig): ConsumerConfig {
  const kept = withoutDynamic(config.metadata ?? {});
  return { ...config, metadata: { ...kept, [requiredLevelKey]: String(requiredLevel(config)) } };
}

/** `config` with the required level of `previous`, so that the two can be compared. */
export function withLevelOf(config: ConsumerConfig, previous: ConsumerConfig): ConsumerConfig {
  const level = previous.metadata?.[requiredLevelKey];
  const { [requiredLevelKey]: _, ...kept } = withoutDynamic(config.metadata ?? {});
  const metadata = level === undefined ? kept : { ...kept, [requiredLevelKey]: level };
  return { ...config, metadata: Object.keys(metadata).length === 0 ? null : metadata };
}

function requiredLevel(config: ConsumerConfig): number {
  if (config.ack_policy === "flow_control") return 4;
  const pauses = config.pause_until !== null && config.pause_until !== zeroTime;
  const hasPriorities =
    config.priority_policy !== "none" ||
    !sameInt64(config.priority_timeout, 0) ||
    (config.priority_groups?.length ?? 0) > 0;
  return pauses || hasPriorities ? 1 : 0;
}

function withoutDynamic(metadata: Metadata): Metadata {
  const { [versionKey]: _version, [levelKey]: _level, ...kept } = metadata;
  return kept;
}
