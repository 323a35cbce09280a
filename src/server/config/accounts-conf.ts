/** `accounts { … }` and `mappings { … }` of a configuration file. */
import {
  type ConfMap,
  type ConfValue,
  compileTransform,
  isValidSubject,
  TransformError,
} from "../../protocol/index.ts";
import { bareAccount } from "../accounts/accounts.ts";
import type { AccountConfig, MappingConfig, MappingDestination } from "./account-config.ts";
import { readPermissions, readUsers } from "./authorization-conf.ts";
import { asSize } from "./conf-quantities.ts";
import {
  attempt,
  type ConfNotes,
  type FieldReader,
  ignore,
  readFields,
  setterOf,
} from "./conf-reader.ts";
import { asArray, asBool, asInteger, asMap, asString, goType, wrong } from "./conf-values.ts";
import { type AccountJetStreamConfig, unlimitedJetStream } from "./jetstream-config.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Source: nats-server `parseAccounts`. */
export function readAccounts(value: ConfValue, notes: ConfNotes): AccountConfig[] {
  if (value.kind === "array") {
    return value.value.map((name) => bareAccount(checkedName(name, asString(name))));
  }
  const accounts: AccountConfig[] = [];
  const users = new Set<string>();
  for (const [name, entry] of asMap(value)) {
    if (entry.usedAsVariable) continue;
    attempt(notes, () => {
      if (entry.kind !== "map") throw wrong(entry, "Expected map entries for accounts");
      const draft: Mutable<AccountConfig> = { ...bareAccount(checkedName(entry, name)) };
      readFields(draft, entry.value, accountFields, notes);
      for (const { username } of draft.users) {
        if (users.has(username)) {
          throw wrong(entry, `Duplicate user ${JSON.stringify(username)} detected`);
        }
        users.add(username);
      }
      accounts.push(draft);
    });
  }
  return accounts;
}

/** Source: nats-server `parseAccountMappings`. */
export function readMappings(value: ConfValue, notes: ConfNotes): MappingConfig[] {
  const mappings: MappingConfig[] = [];
  for (const [source, entry] of asMap(value)) {
    attempt(notes, () => {
      if (!isValidSubject(source)) {
        throw wrong(value, `Subject ${JSON.stringify(source)} is not a valid subject`);
      }
      mappings.push(readMapping(source, entry, notes));
    });
  }
  return mappings;
}

const setAccount = setterOf<Mutable<AccountConfig>>();

const accountFields: Readonly<Record<string, FieldReader<Mutable<AccountConfig>>>> = {
  users: setAccount("users", readUsers),
  default_permissions: setAccount("defaultPermissions", readPermissions),
  jetstream: setAccount("jetstream", readJetStream),
  mappings: setAccount("mappings", readMappings),
  maps: setAccount("mappings", readMappings),
  limits: (draft, value, notes) => readFields(draft, asMap(value), limitFields, notes),
  imports: ignore("account imports"),
  exports: ignore("account exports"),
  nkey: ignore("account nkey"),
  msg_trace: ignore("account msg_trace"),
  trace_dest: ignore("account msg_trace"),
};

const limitFields: Readonly<Record<string, FieldReader<Mutable<AccountConfig>>>> = {
  max_connections: setAccount("maxConnections", asInteger),
  max_conn: setAccount("maxConnections", asInteger),
  max_subscriptions: setAccount("maxSubscriptions", asInteger),
  max_subs: setAccount("maxSubscriptions", asInteger),
  max_payload: setAccount("maxPayload", asInteger),
  max_pay: setAccount("maxPayload", asInteger),
  max_leafnodes: ignore("max_leafnodes"),
  max_leafs: ignore("max_leafnodes"),
};

const setJetStream = setterOf<Mutable<AccountJetStreamConfig>>();

const setMemory = setJetStream("maxMemory", (value) => asSize(value, "max_memory"));
const setFile = setJetStream("maxFile", (value) => asSize(value, "max_store"));
const setMemoryStream = setJetStream("maxMemoryStreamBytes", (value) =>
  asSize(value, "mem_max_stream_bytes"),
);
const setFileStream = setJetStream("maxFileStreamBytes", (value) =>
  asSize(value, "disk_max_stream_bytes"),
);
const setBytesRequired = setJetStream("maxBytesRequired", asBool);

type JetStreamField = FieldReader<Mutable<AccountJetStreamConfig>>;

/** Source: nats-server `parseJetStreamForAccount`. */
const jetStreamFields: Readonly<Record<string, JetStreamField>> = {
  max_memory: setMemory,
  max_mem: setMemory,
  mem: setMemory,
  memory: setMemory,
  max_store: setFile,
  max_file: setFile,
  max_disk: setFile,
  store: setFile,
  disk: setFile,
  max_streams: setJetStream("maxStreams", asInteger),
  streams: setJetStream("maxStreams", asInteger),
  max_consumers: setJetStream("maxConsumers", asInteger),
  consumers: setJetStream("maxConsumers", asInteger),
  max_bytes_required: setBytesRequired,
  max_stream_bytes: setBytesRequired,
  max_bytes: setBytesRequired,
  mem_max_stream_bytes: setMemoryStream,
  memory_max_stream_bytes: setMemoryStream,
  disk_max_stream_bytes: setFileStream,
  store_max_stream_bytes: setFileStream,
  max_ack_pending: setJetStream("maxAckPending", asInteger),
  cluster_traffic: ignore("cluster_traffic"),
};

function readJetStream(value: ConfValue, notes: ConfNotes): AccountJetStreamConfig | null {
  if (value.kind === "bool") return value.value ? unlimitedJetStream : null;
  if (value.kind === "string") {
    const text = value.value.toLowerCase();
    if (text === "enabled" || text === "enable") return unlimitedJetStream;
    if (text === "disabled" || text === "disable") return null;
    const expected = "Expected 'enabled' or 'disabled' for string value";
    throw wrong(value, `${expected}, got '${value.value}'`);
  }
  if (value.kind !== "map") {
    throw wrong(value, `Expected map, bool or string to define JetStream, got ${goType(value)}`);
  }
  const draft: Mutable<AccountJetStreamConfig> = { ...unlimitedJetStream };
  readFields(draft, value.value, jetStreamFields, notes);
  return draft;
}

function checkedName(value: ConfValue, name: string): string {
  if (name === "$G") throw wrong(value, `${JSON.stringify(name)} is a Reserved Account`);
  return name;
}

function readMapping(source: string, value: ConfValue, notes: ConfNotes): MappingConfig {
  const destinations: MappingDestination[] = [];
  if (value.kind === "string") {
    destinations.push({ destination: value.value, weight: 100, cluster: "" });
  } else if (value.kind === "array") {
    for (const one of asArray(value)) destinations.push(readDestination(asMap(one), one, notes));
  } else destinations.push(readDestination(asMap(value), value, notes));
  for (const { destination } of destinations) checkMapping(source, destination, value);
  return { source, destinations };
}

function readDestination(map: ConfMap, value: ConfValue, notes: ConfNotes): MappingDestination {
  const draft = { destination: "", weight: 100, cluster: "" };
  const set = setterOf<typeof draft>();
  const readers: Record<string, FieldReader<typeof draft>> = {
    dest: set("destination", asString),
    destination: set("destination", asString),
    weight: (into, field) => {
      const text = field.kind === "string" ? field.value.replace(/%$/, "") : "";
      into.weight = field.kind === "integer" ? field.value : Number(text);
      if (!(into.weight >= 0 && into.weight <= 100)) {
        throw wrong(field, `Invalid weight ${into.weight} for mapping destination`);
      }
    },
    cluster: set("cluster", asString),
  };
  readFields(draft, map, readers, notes);
  if (!isValidSubject(draft.destination)) {
    const text = `Subject ${JSON.stringify(draft.destination)} is not a valid subject`;
    throw wrong(value, text);
  }
  return draft;
}

function checkMapping(source: string, destination: string, value: ConfValue): void {
  if (source === destination) return;
  try {
    compileTransform(source, destination);
  } catch (error) {
    if (!(error instanceof TransformError)) throw error;
    const pair = `${JSON.stringify(source)} to ${JSON.stringify(destination)}`;
    throw wrong(value, `Error adding mapping for ${pair} : ${error.message}`);
  }
}
