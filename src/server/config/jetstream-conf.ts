/** `jetstream { … }` of a configuration file. */
import type { DurationNanos } from "../../kernel/index.ts";
import type { ConfValue } from "../../protocol/index.ts";
import { block, count, flag, integer, size, text, under } from "./conf-checks.ts";
import { asDuration, asSize, durationText } from "./conf-quantities.ts";
import { type ConfNotes, type FieldReader, ignoring, readFields, setterOf } from "./conf-reader.ts";
import {
  asBool,
  asInteger,
  asString,
  goType,
  goValue,
  wrong,
  wrongSomewhere,
} from "./conf-values.ts";
import {
  type BatchLimitsConfig,
  defaultJetStream,
  type JetStreamConfig,
} from "./jetstream-config.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

type JetStreamDraft = Mutable<JetStreamConfig> & { enabled: boolean };
const set = setterOf<JetStreamDraft>();

const setJetStreamDir: FieldReader<JetStreamDraft> = (draft, value) => {
  if (draft.storeDir !== "") throw wrong(value, "Duplicate 'store_dir' configuration");
  draft.storeDir = asString(value);
};
const setMaxMemory = set("maxMemory", (value) => asSize(value, "max_mem_store"));
const setMaxFile = set("maxFile", (value) => asSize(value, "max_file_store"));
const setSync: FieldReader<JetStreamDraft> = (draft, value, notes, key) => {
  const always = value.kind === "string" && value.value.toLowerCase() === "always";
  draft.syncInterval = always ? null : asDuration(value, key, notes);
};
const setEnabled = set("enabled", asBool);

const jetStreamFields: Readonly<Record<string, FieldReader<JetStreamDraft>>> = {
  store: setJetStreamDir,
  store_dir: setJetStreamDir,
  storedir: setJetStreamDir,
  max_memory_store: setMaxMemory,
  max_mem_store: setMaxMemory,
  max_mem: setMaxMemory,
  max_file_store: setMaxFile,
  max_file: setMaxFile,
  sync: setSync,
  sync_interval: setSync,
  domain: set("domain", asString),
  enable: setEnabled,
  enabled: setEnabled,
  strict: set("strict", (value) => {
    if (value.kind === "bool") return value.value;
    const expected = "Expected 'true' or 'false' for bool value";
    throw wrong(value, `${expected}, got '${goText(value)}'`);
  }),
  limits: (draft, value, notes) => {
    const limits: Mutable<JetStreamConfig["limits"]> = { ...draft.limits };
    if (value.kind !== "map") {
      throw wrong(value, `Expected a map to define JetStreamLimits, got ${goType(value)}`);
    }
    readFields(limits, value.value, jetStreamLimitFields, notes);
    draft.limits = limits;
  },
  ...ignoring(
    {
      cipher,
      ...under(text, ["ek", "encryption_key", "key", "prev_ek", "prev_encryption_key", "prev_key"]),
      ...under(text, ["extension_hint", "unique_tag"]),
      ...under(count, ["info_queue_limit", "max_buffered_msgs", "request_queue_limit"]),
      ...under(size, ["max_buffered_size", "max_outstanding_catchup"]),
      max_concurrent_io: (_draft, value, _notes, key) => {
        const given = value.kind === "integer" ? value.value : 0;
        if (given >= 4 && given <= 8192) return;
        throw absolute(value, `${JSON.stringify(key)} between 4 and 8192`);
      },
      meta_compact: (_draft, value, _notes, key) => {
        if (value.kind !== "integer" || value.value < 0) throw absolute(value, JSON.stringify(key));
      },
      meta_compact_size: (_draft, value, _notes, key) => {
        if (asSize(value, key.toLowerCase()) < 0) throw absolute(value, JSON.stringify(key));
      },
      meta_compact_sync: flag,
      tpm: block(
        {
          ...under(text, ["encryption_password", "keys_file", "srk_password"]),
          pcr: integer,
          cipher,
        },
        "Expected a map to define JetStreamLimits",
      ),
    },
    "jetstream.",
  ),
};

type JetStreamLimitsDraft = Mutable<JetStreamConfig["limits"]>;
const setLimit = setterOf<JetStreamLimitsDraft>();

const setBatch = setterOf<Mutable<BatchLimitsConfig>>();

const batchFields: Readonly<Record<string, FieldReader<Mutable<BatchLimitsConfig>>>> = {
  max_inflight_per_stream: setBatch("perStream", asInteger),
  max_inflight_total: setBatch("perServer", asInteger),
  max_msgs: setBatch("size", asInteger),
  timeout: setBatch("timeout", bareDuration),
};

function readBatch(value: ConfValue, notes: ConfNotes): BatchLimitsConfig {
  if (value.kind !== "map") {
    throw wrong(value, `Expected a map to define batch limits, got ${goType(value)}`);
  }
  const batch: Mutable<BatchLimitsConfig> = {};
  readFields(batch, value.value, batchFields, notes);
  return batch;
}

/** One that nats-server refuses without saying where. */
function bareDuration(value: ConfValue): DurationNanos {
  return durationText(asString(value), wrongSomewhere);
}

const jetStreamLimitFields: Readonly<Record<string, FieldReader<JetStreamLimitsDraft>>> = {
  max_ack_pending: setLimit("maxAckPending", asInteger),
  max_ha_assets: setLimit("maxHaAssets", asInteger),
  max_request_batch: setLimit("maxRequestBatch", asInteger),
  default_max_consumers: setLimit(
    "defaultMaxConsumers",
    (value) => asInteger(value) || defaultJetStream.limits.defaultMaxConsumers,
  ),
  duplicate_window: setLimit("duplicateWindow", bareDuration),
  batch: setLimit("batch", readBatch),
};

/** Source: nats-server `parseJetStream`: a switch, or a map that turns it on. */
export function readJetStream(
  storeDir: string,
  value: ConfValue,
  notes: ConfNotes,
): JetStreamConfig | null {
  const on = { ...defaultJetStream, storeDir };
  if (value.kind === "bool") return value.value ? on : null;
  if (value.kind === "string") {
    const text = value.value.toLowerCase();
    if (text === "enabled" || text === "enable") return on;
    if (text === "disabled" || text === "disable") return null;
    const expected = "Expected 'enabled' or 'disabled' for string value";
    throw wrong(value, `${expected}, got '${value.value}'`);
  }
  if (value.kind !== "map") {
    throw wrong(value, `Expected map, bool or string to define JetStream, got ${goType(value)}`);
  }
  const draft: JetStreamDraft = { ...on, enabled: true };
  readFields(draft, value.value, jetStreamFields, { ...notes, typesAt: value });
  const { enabled, ...config } = draft;
  return enabled ? config : null;
}

function absolute(value: ConfValue, what: string): Error {
  return wrong(value, `Expected an absolute size for ${what}, got ${goValue(value)}`);
}

/** Go's `%s` of a value. */
function goText(value: ConfValue): string {
  const verb = { integer: "int64", float: "float64" } as const;
  if (value.kind !== "integer" && value.kind !== "float") return goValue(value);
  return `%!s(${verb[value.kind]}=${goValue(value)})`;
}

/** Source: nats-server `setJetStreamEkCipher`. */
function cipher(_draft: unknown, value: ConfValue): void {
  if (/^(chacha|chachapoly|aes)$/i.test(asString(value))) return;
  throw wrong(value, `Unknown cipher type: ${JSON.stringify(value.value)}`);
}
