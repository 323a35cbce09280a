/** `jetstream { … }` of a configuration file. */
import type { ConfValue } from "../../protocol/index.ts";
import { asDuration, asSize } from "./conf-quantities.ts";
import {
  type ConfNotes,
  type FieldReader,
  ignore,
  ignoreAll,
  readFields,
  setterOf,
} from "./conf-reader.ts";
import { asBool, asInteger, asMap, asString, goType, wrong } from "./conf-values.ts";
import { defaultJetStream, type JetStreamConfig } from "./jetstream-config.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

type JetStreamDraft = Mutable<JetStreamConfig> & { enabled: boolean };
const set = setterOf<JetStreamDraft>();

const setJetStreamDir: FieldReader<JetStreamDraft> = (draft, value) => {
  if (draft.storeDir !== "") throw wrong(value, "Duplicate 'store_dir' configuration");
  draft.storeDir = asString(value);
};
const setMaxMemory = set("maxMemory", (value) => asSize(value, "max_mem_store"));
const setMaxFile = set("maxFile", (value) => asSize(value, "max_file_store"));
const setSync = set("syncInterval", (value) => {
  const always = value.kind === "string" && value.value.toLowerCase() === "always";
  return always ? null : asDuration(value, "sync_interval");
});
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
  strict: set("strict", asBool),
  limits: (draft, value, notes) => {
    const limits: Mutable<JetStreamConfig["limits"]> = { ...draft.limits };
    readFields(limits, asMap(value), jetStreamLimitFields, notes);
    draft.limits = limits;
  },
  ...ignoreAll(
    [
      "cipher",
      "ek",
      "encryption_key",
      "extension_hint",
      "info_queue_limit",
      "key",
      "max_buffered_msgs",
      "max_buffered_size",
      "max_concurrent_io",
      "max_outstanding_catchup",
      "meta_compact",
      "meta_compact_size",
      "meta_compact_sync",
      "prev_ek",
      "prev_encryption_key",
      "prev_key",
      "request_queue_limit",
      "tpm",
      "unique_tag",
    ],
    "jetstream.",
  ),
};

type JetStreamLimitsDraft = Mutable<JetStreamConfig["limits"]>;
const setLimit = setterOf<JetStreamLimitsDraft>();

const jetStreamLimitFields: Readonly<Record<string, FieldReader<JetStreamLimitsDraft>>> = {
  max_ack_pending: setLimit("maxAckPending", asInteger),
  max_ha_assets: setLimit("maxHaAssets", asInteger),
  max_request_batch: setLimit("maxRequestBatch", asInteger),
  default_max_consumers: setLimit(
    "defaultMaxConsumers",
    (value) => asInteger(value) || defaultJetStream.limits.defaultMaxConsumers,
  ),
  duplicate_window: setLimit("duplicateWindow", (value) => asDuration(value, "duplicate_window")),
  batch: ignore("jetstream.limits.batch"),
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
  readFields(draft, value.value, jetStreamFields, notes);
  const { enabled, ...config } = draft;
  return enabled ? config : null;
}
